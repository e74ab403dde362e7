import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { addService, cliEnv, newFleet, runCli, serve, ZONE_NAME } from '../end-to-end/support.ts';

const EXAMPLE = new URL('../../deploy/opentelemetry/otel.mjs', import.meta.url).href;

const attribute = z.object({ key: z.string(), value: z.looseObject({}) });
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(z.object({ name: z.string(), traceId: z.string() })) })),
    }),
  ),
});

/** A collector of OTLP over HTTP, in JSON, that keeps what it is sent. */
async function startCollector() {
  const requests: { readonly path: string | undefined; readonly body: z.infer<typeof exported> }[] = [];
  const keep = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push({ path: request.url, body: exported.parse(JSON.parse(await text(request))) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => void keep(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function sandbox() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return serve(fleet.world);
}

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];

describe('the example that sends traces to a collector', () => {
  test.each([
    { command: ['apply', '--yes', ...ARGS], stops: false },
    { command: ['watch', '--every', '1h', '--output', 'json', ...ARGS], stops: true },
  ])('sends those of $command.0 before the process ends', async ({ command, stops }) => {
    const { endpoint, requests } = await startCollector();
    const { url } = await sandbox();
    const env = {
      ...cliEnv(url),
      NODE_OPTIONS: `--import=${EXAMPLE}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: 'discovery',
    };

    const result = await runCli(command, env, (child) => {
      if (stops) child.stdout?.once('data', () => child.kill('SIGTERM'));
    });

    expect(result).toMatchObject({ code: 0 });
    expect(requests.map(({ path }) => path)).toContain('/v1/traces');
    const sent = requests.flatMap(({ body }) => body.resourceSpans);
    const spans = sent.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['run', 'observe', 'apply', 'Route 53.ChangeResourceRecordSets']),
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(sent[0]?.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'discovery' },
    });
  });
});

test('without it the command is as ever, and says nothing of traces', async () => {
  const { url } = await sandbox();

  const result = await runCli(['plan', ...ARGS], cliEnv(url));

  expect(result).toMatchObject({ code: 0, stderr: '' });
});
