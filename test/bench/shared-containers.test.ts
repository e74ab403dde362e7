import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { type SharedContainers, startSharedContainers } from '../../bench/fleet/shared-containers.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../own-block.ts';

const [FIRST, SECOND] = [`127.${OWN_BLOCK}.0.1`, `127.${OWN_BLOCK}.0.2`];

const running: SharedContainers[] = [];

afterEach(async () => {
  for (const containers of running.splice(0)) await containers.close();
});

/** Two machines with a container at each of the ports. */
function fleetOf(ports: readonly number[], behaviours: Readonly<Record<string, Behaviour>>) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  for (const address of [FIRST, SECOND]) {
    const machine = world.addMachine({ cluster, address });
    for (const hostPort of ports) {
      const portMappings = [{ containerPort: 80, hostPort }];
      const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings }] });
      world.addTask({ cluster, machine, taskDefinition });
    }
  }
  return { world, behaviours: new Map(Object.entries(behaviours)) };
}

async function start(fleet: Parameters<typeof startSharedContainers>[0]): Promise<SharedContainers> {
  const containers = await startSharedContainers(fleet);
  running.push(containers);
  return containers;
}

async function status(address: string, port: number): Promise<number | string> {
  try {
    return (await fetch(`http://${address}:${port}/health`)).status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  }
}

describe('shared listeners', () => {
  test('answer for every container of their port, and nobody answers for one that refuses', async () => {
    const refuse = { kind: 'refuse' } as const;
    const containers = await start(
      fleetOf([20_201, 20_202, 20_203], {
        [`${FIRST}:20203`]: refuse,
        [`${SECOND}:20203`]: refuse,
      }),
    );
    expect(containers.listening).toBe(4);
    expect(await status(FIRST, 20_201)).toBe(200);
    expect(await status(SECOND, 20_202)).toBe(200);
    expect(await status(SECOND, 20_203)).toBe('ECONNREFUSED');
    expect(containers.counts()).toEqual({ connections: 2, answers: 2 });
  });

  test('hang where they are to, and lose their connections when they are closed', async () => {
    const hang = { kind: 'hang' } as const;
    const containers = await start(
      fleetOf([20_204], { [`${FIRST}:20204`]: hang, [`${SECOND}:20204`]: hang }),
    );
    const socket = connect(20_204, SECOND).on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /health HTTP/1.1\r\n\r\n');
    await expect.poll(() => containers.counts().connections).toBe(1);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    running.pop();
    await containers.close();
    await closed;
    expect(containers.counts()).toEqual({ connections: 1, answers: 0 });
  });

  test.each([
    ['behaviours that differ at one port', { [`${FIRST}:20205`]: { kind: 'refuse' } }],
    ['a behaviour they do not have', { [`${FIRST}:20205`]: { kind: 'status', status: 503 } }],
  ] as const)('refuse %s', async (_, behaviours) => {
    await expect(startSharedContainers(fleetOf([20_205], behaviours))).rejects.toThrow(TypeError);
  });

  test('a port that is taken is an error, and leaves none listening', async () => {
    await start(fleetOf([20_207], {}));
    await expect(startSharedContainers(fleetOf([20_206, 20_207], {}))).rejects.toThrow('EADDRINUSE');
    expect(await status(FIRST, 20_206)).toBe('ECONNREFUSED');
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  test.skipIf(outside === undefined)('let nobody in who does not come over loopback', async () => {
    const containers = await start(fleetOf([20_208], {}));
    expect(await status(outside?.address ?? '', 20_208)).not.toBe(200);
    expect(containers.counts()).toEqual({ connections: 0, answers: 0 });
  });
});
