import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../../src/sandbox/fleet/behaviour.ts';
import { type ServedContainers, startContainers } from '../../../src/sandbox/fleet/containers.ts';
import { generateFleet } from '../../../src/sandbox/fleet/generate-fleet.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../../own-block.ts';

const HOST = `127.${OWN_BLOCK}.0.1`;

const running: ServedContainers[] = [];

afterEach(async () => {
  for (const containers of running.splice(0)) await containers.close();
});

async function start(fleet: Parameters<typeof startContainers>[0]): Promise<ServedContainers> {
  const containers = await startContainers(fleet);
  running.push(containers);
  return containers;
}

/** What a GET of `/health` meets: a status, or the code of the error. */
async function get(address: string, port: number, path = '/health'): Promise<number | string> {
  try {
    return (await fetch(`http://${address}:${port}${path}`)).status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  }
}

async function oneContainer(behaviour: Behaviour | undefined, port: number): Promise<ServedContainers> {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster, address: HOST });
  const portMappings = [{ containerPort: 80, hostPort: port }];
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings }] });
  world.addTask({ cluster, machine, taskDefinition });
  const behaviours = new Map(behaviour === undefined ? [] : [[`${HOST}:${port}`, behaviour]]);
  return await start({ world, behaviours });
}

describe('a container', () => {
  test.each([
    ['that nothing is said about', undefined, 200],
    ['that is healthy', { kind: 'healthy' }, 200],
    ['that is healthy elsewhere', { kind: 'healthy', path: '/ready' }, 404],
    ['with a status', { kind: 'status', status: 503 }, 503],
    ['that refuses', { kind: 'refuse' }, 'ECONNREFUSED'],
    ['that resets', { kind: 'reset' }, expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/)],
  ] as const)('%s', async (_, behaviour, expected) => {
    const containers = await oneContainer(behaviour, 20_101);
    expect(await get(HOST, 20_101)).toEqual(expected);
    expect(containers.connections(HOST, 20_101)).toBe(expected === 'ECONNREFUSED' ? 0 : 1);
  });

  test('that hangs takes the connection, and loses it when it is closed', async () => {
    const containers = await oneContainer({ kind: 'hang' }, 20_102);
    const socket = connect(20_102, HOST);
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect.poll(() => containers.connections(HOST, 20_102)).toBe(1);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await containers.close();
    await closed;
    expect(socket.bytesRead).toBe(0);
  });
});

test('a port that is taken leaves nothing listening', async () => {
  await oneContainer(undefined, 20_103);
  await expect(oneContainer(undefined, 20_103)).rejects.toThrow('EADDRINUSE');
});

test('every container of the sample fleet answers as it is expected to', async () => {
  const fleet = generateFleet({ block: OWN_BLOCK });
  await start(fleet);
  const healthy = fleet.planted.filter((one) => one.reason === 'healthy');
  const failing = fleet.planted.filter((one) => one.expected === 'unhealthy' && one.reason !== 'timeout');
  const answers = async (entries: typeof healthy) =>
    new Set(await Promise.all(entries.map(({ value }) => get(...endpointOf(value)))));
  expect(healthy.length).toBeGreaterThan(40);
  expect(await answers(healthy)).toEqual(new Set([200]));
  const met = await answers(failing);
  expect([...met].filter((answer) => answer === 200)).toEqual([]);
  expect(met.has('ECONNREFUSED')).toBe(true);
});

function endpointOf(value: string): [string, number] {
  const [, , port = '', host = ''] = value.split(' ');
  return [host.replace(/^ip-(\d+)-(\d+)-(\d+)-(\d+)\..*$/, '$1.$2.$3.$4'), Number(port)];
}
