import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { overTls, saying } from '../probe/misbehaving-servers.ts';
import { status } from '../probe/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addService, answerFor, newFleet, openWorker, PROBING, serve } from './support.ts';

interface Said {
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Asking {
  readonly flags?: FlagValues;
  /** A config file, in YAML. */
  readonly file?: string;
}

/** One container port 8080 under the name `_orders._tcp`, with what its task definition says of its check. */
async function fleetThatSays({ environment = {}, labels }: Said) {
  const fleet = newFleet();
  const { live, service } = addService(fleet, '_orders._tcp', { live: 1 });
  const [member] = live;
  const [definition] = service.definition.containerDefinitions;
  if (member === undefined || definition === undefined) throw new TypeError('too few containers');
  definition.environment.push(...Object.entries(environment).map(([name, value]) => ({ name, value })));
  if (labels !== undefined) definition.dockerLabels = { ...labels };
  return { fleet, member, server: await serve(fleet.world) };
}

async function configFile(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'ecs-dns.yaml');
  await writeFile(path, text);
  return path;
}

/** What a real HTTP server at the container is asked, and what the plan makes of its answers (200). */
async function asked(said: Said, { flags = {}, file }: Asking = {}) {
  const { member, server } = await fleetThatSays(said);
  const requests: string[] = [];
  let connections = 0;
  const container = createServer(({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    response.end();
  }).on('connection', () => {
    connections += 1;
  });
  await answerFor(member, container);
  const config = file === undefined ? undefined : await configFile(file);
  const { entries, notices } = await openWorker(server, { ...PROBING, ...flags }, config).plan();
  const { verdict, reason } =
    entries.find(({ setIdentifier }) => setIdentifier?.endsWith(member.containerId)) ?? {};
  return { requests, connections, verdict, reason, notices };
}

const LIVE = { verdict: 'live', reason: 'healthy', notices: [] };

describe('what a service says of its check in its task definition', () => {
  test.each<[string, Said, readonly string[]]>([
    ['nothing', {}, ['GET /health']],
    ['its path', { environment: { SERVICE_8080_CHECK_HTTP: '/ready?deep=1' } }, ['GET /ready?deep=1']],
    ['its path, for all ports', { environment: { SERVICE_CHECK_HTTP: '/ready' } }, ['GET /ready']],
    ['its path, as a label', { labels: { SERVICE_8080_CHECK_HTTP: '/ready' } }, ['GET /ready']],
    [
      'one path as a label and another as a variable',
      { environment: { SERVICE_8080_CHECK_HTTP: '/no' }, labels: { SERVICE_8080_CHECK_HTTP: '/ready' } },
      ['GET /ready'],
    ],
    [
      'one path for the port and another for all',
      { environment: { SERVICE_CHECK_HTTP: '/no', SERVICE_8080_CHECK_HTTP: '/ready' } },
      ['GET /ready'],
    ],
    ['the path of another port', { environment: { SERVICE_9090_CHECK_HTTP: '/no' } }, ['GET /health']],
    [
      'its method',
      { environment: { SERVICE_8080_CHECK_HTTP: '/up', SERVICE_8080_CHECK_HTTP_METHOD: 'head' } },
      ['HEAD /up'],
    ],
    [
      'that TCP will do, and HTTP',
      { environment: { SERVICE_CHECK_TCP: 'true', SERVICE_CHECK_HTTP: '/up' } },
      ['GET /up'],
    ],
    ['that TCP will not do', { environment: { SERVICE_8080_CHECK_TCP: 'false' } }, ['GET /health']],
    ['that it is not to be left out', { environment: { SERVICE_8080_IGNORE: 'false' } }, ['GET /health']],
    ['a text that is empty', { environment: { SERVICE_8080_CHECK_HTTP: '' } }, ['GET /health']],
  ])('%s', async (_, said, requests) => {
    expect(await asked(said)).toEqual({ ...LIVE, requests, connections: 1 });
  });

  test('that a connection will do: not a byte is sent', async () => {
    const { requests, connections, ...found } = await asked({
      environment: { SERVICE_8080_CHECK_TCP: 'true' },
    });
    expect(found).toEqual(LIVE);
    expect({ requests, connections }).toEqual({ requests: [], connections: 1 });
  });

  test.each(['true', '1', 'yes'])('that it is to be left out (%s): nobody is asked', async (value) => {
    const found = await asked({
      environment: { SERVICE_8080_IGNORE: value, SERVICE_8080_CHECK_HTTP: '/up' },
    });
    expect(found).toEqual({
      verdict: 'live',
      reason: 'running',
      requests: [],
      connections: 0,
      notices: [],
    });
  });

  test('its timeout, where the general one would wait for ever', async () => {
    const { member, server } = await fleetThatSays({ environment: { SERVICE_8080_CHECK_TIMEOUT: '50ms' } });
    await answerFor(
      member,
      createRawServer((socket) => void socket.resume()),
    );

    const { entries } = await openWorker(server, { ...PROBING, '--health-timeout': '1h' }).plan();

    expect(entries).toContainEqual(
      expect.objectContaining({
        verdict: 'unhealthy',
        reason: 'timeout',
        evidence: expect.objectContaining({ attempts: 3, errorCode: 'ETIMEDOUT' }),
      }),
    );
  });

  test.each([
    ['SERVICE_8080_CHECK_HTTP', 'ready', 'a path that starts with one /'],
    ['SERVICE_CHECK_HTTP', '//elsewhere/', 'a path that starts with one /'],
    ['SERVICE_8080_CHECK_HTTP_METHOD', 'DELETE', 'GET, HEAD or OPTIONS'],
    ['SERVICE_8080_CHECK_TCP', 'maybe', 'true or false'],
    ['SERVICE_8080_CHECK_TIMEOUT', '5', 'a duration such as 2s or 1m30s'],
    ['SERVICE_CHECK_INTERVAL', 'soon', 'a duration such as 10s or 1m30s'],
    ['SERVICE_8080_CHECK_TLS_SKIP_VERIFY', '2', 'true or false'],
  ])(
    '%s=%s, which makes no sense, is a notice, and the default check is made',
    async (name, value, allowed) => {
      expect(await asked({ environment: { [name]: value } })).toEqual({
        verdict: 'live',
        reason: 'healthy',
        requests: ['GET /health'],
        connections: 1,
        notices: [
          { subject: 'orders:1 app', detail: `${name}: "${value}" is not ${allowed}; it is left out` },
        ],
      });
    },
  );
});

describe('what an operator says in the config file', () => {
  const SAID: Said = {
    environment: { SERVICE_8080_CHECK_HTTP: '/said', SERVICE_8080_CHECK_HTTP_METHOD: 'HEAD' },
  };
  const rules = (...lines: readonly string[]) => ['health:', '  services:', ...lines, ''].join('\n');

  test.each<[string, string, readonly string[]]>([
    [
      'overrules the task definition, setting by setting',
      rules('    - match: _orders._tcp', '      path: /ruled'),
      ['HEAD /ruled'],
    ],
    [
      'by its first rule that matches',
      rules(
        '    - match: _users.*',
        '      path: /no',
        '    - match: _orders.*',
        '      method: GET',
        '    - match: "*"',
        '      path: /no',
      ),
      ['GET /said'],
    ],
    [
      'for other services changes nothing',
      rules('    - match: _users._tcp', '      path: /no'),
      ['HEAD /said'],
    ],
    ['in general yields to the task definition', 'health:\n  path: /general\n', ['HEAD /said']],
  ])('%s', async (_, file, requests) => {
    expect(await asked(SAID, { file })).toEqual({ ...LIVE, requests, connections: 1 });
  });

  test('can turn the check of a service off', async () => {
    const file = rules('    - match: _orders._tcp', '      kind: none');
    expect(await asked(SAID, { file })).toMatchObject({ verdict: 'live', reason: 'running', connections: 0 });
  });
});

describe('HTTPS', () => {
  const SAYS_HTTPS: Said = { environment: { SERVICE_8080_CHECK_HTTPS: '/ready' } };

  test.each<[string, Said, Asking, object]>([
    [
      'with a certificate that nobody has signed is unhealthy',
      SAYS_HTTPS,
      {},
      { verdict: 'unhealthy', reason: 'tls', evidence: { errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    ],
    [
      'is healthy when the service says that any certificate will do',
      { environment: { ...SAYS_HTTPS.environment, SERVICE_8080_CHECK_TLS_SKIP_VERIFY: 'true' } },
      {},
      { verdict: 'live', reason: 'healthy' },
    ],
    [
      'is healthy when the operator says so',
      SAYS_HTTPS,
      { flags: { '--health-tls-skip-verify': true } },
      { verdict: 'live', reason: 'healthy' },
    ],
    [
      'that the operator wants for all is asked for',
      {},
      { flags: { '--health-kind': 'https', '--health-tls-skip-verify': true } },
      { verdict: 'live', reason: 'healthy' },
    ],
    [
      'of a service gives way to the operator who insists on a certificate',
      { environment: { ...SAYS_HTTPS.environment, SERVICE_8080_CHECK_TLS_SKIP_VERIFY: 'true' } },
      { file: 'health:\n  services:\n    - match: "*"\n      tlsSkipVerify: false\n' },
      { verdict: 'unhealthy', reason: 'tls' },
    ],
  ])('%s', async (_, said, { flags = {}, file }, expected) => {
    const { member, server } = await fleetThatSays(said);
    await answerFor(member, createRawServer(overTls('self-signed', saying(status(200)))));
    const config = file === undefined ? undefined : await configFile(file);

    const { entries } = await openWorker(server, { ...PROBING, ...flags }, config).plan();

    expect(entries.find(({ setIdentifier }) => setIdentifier?.endsWith(member.containerId))).toMatchObject(
      expected,
    );
  });
});
