import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CLAIM_PORT } from '../../src/sandbox/claim-block.ts';
import { startExamples } from './examples-process.ts';

const FOLDER = 'examples';

const buildSchema = z
  .union([
    z.string().transform((context) => ({ context })),
    z.object({ context: z.string(), dockerfile: z.string().optional(), target: z.string().optional() }),
  ])
  .transform((build) => ({ dockerfile: 'Dockerfile', target: undefined, ...build }));
const serviceSchema = z.looseObject({
  build: buildSchema,
  image: z.string(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
});
const { services } = z
  .strictObject({
    services: z.strictObject({ sandbox: serviceSchema, worker: serviceSchema, portal: serviceSchema }),
  })
  .parse(parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8')));
const { sandbox, worker, portal } = services;

/** What stands behind an option on a command line. */
const optionOf = (option: string, words: readonly string[]) => words[words.indexOf(option) + 1] ?? '';

describe('the compose file of the examples', () => {
  test('has containers with no more than they need, in the network of the sandbox', () => {
    for (const service of Object.values(services))
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    for (const service of [worker, portal])
      expect(service).toMatchObject({ network_mode: 'service:sandbox', depends_on: ['sandbox'], ports: [] });
  });

  test.each(Object.entries(services))('builds %s of what is there', (_, { build }) => {
    const dockerfile = join(FOLDER, build.context, build.dockerfile ?? '');
    expect(existsSync(dockerfile)).toBe(true);
    const { target } = build;
    if (target !== undefined) expect(readFileSync(dockerfile, 'utf8')).toContain(` AS ${target}\n`);
  });

  test('shows this machine alone the portal and the worker, where they listen', () => {
    const workersPort = optionOf('--listen', worker.command).split(':')[1];
    expect(sandbox.ports).toEqual([
      `127.0.0.1:8080:${portal.environment['PORT']}`,
      `127.0.0.1:7979:${workersPort}`,
    ]);
  });

  test('has no two listen at one port: a worker at all addresses would be in the way of the sandbox', () => {
    const ports = [
      optionOf('--listen', worker.command).split(':')[1],
      portal.environment['PORT'],
      optionOf('--port', sandbox.command),
      optionOf('--dns', sandbox.command),
      String(CLAIM_PORT),
      '8080',
      '6379',
    ];
    expect(new Set(ports).size).toBe(ports.length);
  });

  test('tells worker and portal where the sandbox is', () => {
    const api = `http://127.0.0.1:${optionOf('--port', sandbox.command)}`;
    expect(worker.environment).toMatchObject({
      AWS_ENDPOINT_URL: api,
      ECS_DNS_EVENTS: `${api}/123456789012/ecs-events`,
    });
    expect(portal.environment['DNS_SERVER']).toBe(`127.0.0.1:${optionOf('--dns', sandbox.command)}`);
  });

  test('has a worker that registers what runs, and a portal that then finds it', async () => {
    const [statusPort, portalPort] = [await freePort(), await freePort()];
    const { api, printed } = await startExamples(onTestFinished, ['--without-worker']);
    const [, server = ''] = /dig @(\S+ -p \d+)/.exec(printed) ?? [];
    const there = (texts: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [
          name,
          text
            .replace(/^http:\/\/127\.0\.0\.1:\d+/, api)
            .replace(/^127\.0\.0\.1:5300$/, server.replace(' -p ', ':')),
        ]),
      );
    const command = worker.command.map((word) => word.replace(/^0\.0\.0\.0:.*/, `127.0.0.1:${statusPort}`));
    const watching = run(['dist/cli.js', ...command], {
      ...there(worker.environment),
      ECS_DNS_JOURNAL: 'none',
    });
    run(['dist/examples/portal.mjs'], { ...there(portal.environment), PORT: String(portalPort) });

    const page = () => textOf(`http://127.0.0.1:${portalPort}/`);
    await expect.poll(page).toMatch(/<p class="answer">42<\/p>[\s\S]*_time\._tcp/);
    expect(await page()).toMatch(/<p class="answer">\d\d:\d\d:\d\d on /);
    await expect.poll(() => textOf(`http://127.0.0.1:${statusPort}/readyz`)).toBe('ready\n');
    watching.kill('SIGTERM');
    expect((await once(watching, 'exit'))[0]).toBe(0);
  });
});

function run(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function textOf(url: string): Promise<string> {
  return fetch(url).then(
    (response) => response.text(),
    () => '',
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : Number.NaN;
}
