import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkSchema } from '../../src/report/check-schema.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { addService, listen, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { runHere } from './support.ts';

const LOOPBACK = ['--health-allow', '127.0.0.0/8,::1/128'];
const QUICK = ['--health-interval', '0s'];

/** Three containers of `_orders._tcp`, the first of which behaves as told, and the check command. */
async function fleetToCheck(behaviour: Behaviour = { kind: 'healthy' }) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 3 });
  addService(fleet, '_users._tcp', { live: 1 });
  const [first] = live;
  if (first === undefined) throw new TypeError('too few containers');
  fleet.behave(first, behaviour);
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  const check = (subject: string, ...args: readonly string[]) =>
    runHere(['check', subject, '--zone', ZONE_NAME, ...QUICK, ...LOOPBACK, ...args], server.url);
  const connections = () => live.map(({ address, port }) => containers.connections(address, port));
  return { fleet, live, first, place: `${first.address}:${first.port}`, server, check, connections };
}

describe('a service', () => {
  test.each(['_orders._tcp', '_ORDERS._tcp.', `_orders._tcp.${ZONE_NAME}`, `_orders._tcp.${ZONE_NAME}.`])(
    'by the name %s is checked at every endpoint; all healthy is 0',
    async (name) => {
      const { live, server, check, connections } = await fleetToCheck();

      const { code, stdout, stderr } = await check(name);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const { address, port } of live) {
        expect(stdout).toMatch(
          new RegExp(
            `_orders\\._tcp ${address}:${port} {2}http GET /health, expects 200, .*\n {2}1\\. healthy, status 200, \\d+ms\n {2}healthy\n`,
          ),
        );
      }
      expect(connections()).toEqual([1, 1, 1]);
      expect(Object.keys(server.counts()).filter((call) => call.startsWith('route53:'))).toEqual([]);
    },
  );

  test('that cannot even be tried says what was in the way', async () => {
    const { check, connections, place } = await fleetToCheck();
    const tls = ['--health-kind', 'https', '--health-tls-ca', '/nowhere/ca.pem'];

    const { code, stdout } = await check('_orders._tcp', ...tls);

    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`${place}.*\n  indeterminate: checker-error, ENOENT\n`));
    expect(connections()).toEqual([0, 0, 0]);
  });

  test('with one endpoint that fails shows every attempt, and is 1', async () => {
    const { check, connections, place } = await fleetToCheck({ kind: 'status', status: 503 });

    const { code, stdout, stderr } = await check('_orders._tcp');

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const attempt = (n: number) => `  ${n}\\. http-status, status 503, \\d+ms\n`;
    expect(stdout).toMatch(
      new RegExp(
        `${place}.*\n${attempt(1)}${attempt(2)}${attempt(3)}  unhealthy: http-status\n  body: not ok\n(?:\n|$)`,
      ),
    );
    expect(connections()).toEqual([3, 1, 1]);
  });

  test('that has just started is asked all the same', async () => {
    const { check, live } = await fleetToCheck({ kind: 'refuse' });
    for (const { task } of live) task.startedAt = Date.now() / 1000;
    expect(await check('_orders._tcp')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('connection-refused, ECONNREFUSED'),
    });
  });

  test('is one document as JSON, with every attempt', async () => {
    const { check, first, live } = await fleetToCheck({ kind: 'reset' });

    const { code, stdout, stderr } = await check(
      '_orders._tcp',
      '--output',
      'json',
      '--health-attempts',
      '2',
    );

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const document = checkSchema.strict().parse(JSON.parse(stdout));
    expect(document).toMatchObject({ version: 1, unchecked: [], incomplete: [], notices: [] });
    const { endpoints } = document;
    expect(endpoints).toHaveLength(live.length);
    expect(
      endpoints.find(({ address, port }) => address === first.address && port === first.port),
    ).toMatchObject({
      service: '_orders._tcp',
      task: first.task.taskArn,
      check: { kind: 'http', method: 'GET', path: '/health' },
      outcome: { kind: 'unhealthy', reason: 'connection-reset', attempts: 2 },
      attempts: [
        { attempt: 1, kind: 'unhealthy', reason: 'connection-reset', errorCode: 'ECONNRESET' },
        { attempt: 2, kind: 'unhealthy', reason: 'connection-reset', errorCode: 'ECONNRESET' },
      ],
    });
  });

  test('whose check is turned off is listed as such, and is 1', async () => {
    const { fleet, check, connections } = await fleetToCheck();
    const definition = fleet.world.taskDefinitions.values().next().value?.containerDefinitions[0];
    definition?.environment.push({ name: 'SERVICE_IGNORE', value: 'true' });

    const { code, stdout, stderr } = await check('_orders._tcp');

    expect(code).toBe(1);
    expect(stdout.match(/nothing to probe/g)).toHaveLength(3);
    expect(stderr).toMatch(/^ecs-dns: check: nothing to probe for _orders\._tcp/);
    expect(connections()).toEqual([0, 0, 0]);
  });

  test.each(['_nobody._tcp', '10.0.0.1', 'localhost:80', '_orders'])(
    'that nobody runs is 1, on one line: %s',
    async (name) => {
      const { check } = await fleetToCheck();
      const { code, stdout, stderr } = await check(name);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(
        `ecs-dns: check: nothing to probe for ${name}: no running endpoint has that name; write a service as _orders._tcp, an address as 10.0.1.2:8080; ecs-dns plan --all lists the names of the zone\n`,
      );
    },
  );

  test('says what could not be read, and checks the rest', async () => {
    const { server, check } = await fleetToCheck();
    server.addFault({
      operation: 'ecs:ListContainerInstances',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });
    const { stdout } = await check('_orders._tcp');
    expect(stdout).toMatch(/cluster\/blue could not be read: ecs:ListContainerInstances: .*not authorized/);
  });
});

describe('an address', () => {
  test('is checked by the general settings, without a request to AWS', async () => {
    const { place, server, check, connections } = await fleetToCheck({ kind: 'healthy', path: '/up' });

    const healthy = await check(place, '--health-path', '/up');
    const failing = await check(place, '--health-attempts', '1');

    expect(healthy).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('1. healthy, status 200'),
    });
    expect(failing).toMatchObject({ code: 1, stderr: '', stdout: expect.stringContaining('status 404') });
    expect(connections()).toEqual([2, 0, 0]);
    expect(server.log).toEqual([]);
  });

  test.each([
    [
      'with --health-kind none',
      '--health-kind=none',
      'health.kind is none: give another, such as --health-kind tcp',
    ],
    [
      'with health checks off',
      '--no-health-enabled',
      'health.enabled is false: leave out --no-health-enabled',
    ],
  ])('%s is not asked at all, says what to do, and is 1', async (_, flag, remedy) => {
    const { place, check, connections } = await fleetToCheck();

    const { code, stdout, stderr } = await check(place, flag);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`nothing to probe for ${place}: ${remedy}`);
    expect(connections()).toEqual([0, 0, 0]);
  });

  test('by TCP is content with a connection', async () => {
    const { place, check } = await fleetToCheck({ kind: 'hang' });
    expect(await check(place, '--health-kind', 'tcp')).toMatchObject({ code: 0 });
  });

  test.each([
    ['--health-allow', '10.0.0.0/8'],
    ['--health-allow', '127.0.0.1'],
  ])('that is not allowed (%s %s) is never connected to, and is 1', async (...allow) => {
    const { place, server, connections } = await fleetToCheck();

    const { code, stdout } = await runHere(['check', place, '--zone', ZONE_NAME, ...allow], server.url);

    expect(code).toBe(1);
    expect(stdout).toContain(
      `  indeterminate: address-not-allowed\n  to do: add 127.${OWN_BLOCK}.0.1/32, or a wider range, to health.allow; `,
    );
    expect(connections()).toEqual([0, 0, 0]);
  });

  test.each([
    ['grpc', 'HTTP/1.1 200 OK\r\n\r\n', 'what answers is not gRPC'],
    ['http', 'SSH-2.0-x\r\n', 'what answers is not HTTP'],
  ])('that speaks another protocol than %s is told as that', async (kind, answer, meaning) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(answer)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { check } = await fleetToCheck();

    const { code, stdout } = await check(
      `127.0.0.1:${port}`,
      '--health-kind',
      kind,
      '--health-attempts',
      '1',
    );

    expect(code).toBe(1);
    expect(stdout).toContain(`unhealthy: protocol-error: ${meaning}\n`);
    expect(stdout).toContain(', 1 attempt, ');
  });

  test('may be IPv6', async () => {
    const { check } = await fleetToCheck();
    const { code, stdout } = await check('[::1]:1', '--health-attempts', '1');
    expect(code).toBe(1);
    expect(stdout).toContain('connection-refused');
  });

  test.each([
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '999.1.1.1:80',
    '127.1:80',
    '[::1::2]:80',
    '[127.0.0.1.1]:80',
  ])('that is none is an error on one line: %s', async (subject) => {
    const { server, check } = await fleetToCheck();
    expect(await check(subject)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ecs-dns: check: "${subject}" is no address and port: write 10.0.1.2:8080 or [fd00::1]:8080\n`,
    });
    expect(server.log).toEqual([]);
  });
});

test('without a subject is an error', async () => {
  const { code, stderr } = await runHere(['check', '--zone', ZONE_NAME], 'http://127.0.0.1:1');
  expect(code).toBe(1);
  expect(stderr).toMatch(/check: <service or address:port> is missing; give a service/);
});
