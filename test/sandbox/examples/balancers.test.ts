import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBalancers } from '../../../src/sandbox/examples/balancers.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../../own-block.ts';

const PORT = 8080;

/** A service of so many tasks behind a balancer; `serve` lets the task of an index answer with its index. */
async function balanced(tasks: number) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster, address: `127.${OWN_BLOCK}.0.1` });
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings: [80] }] });
  const service = world.addService({ cluster, serviceName: 'web', taskDefinition });
  world.balance(
    service,
    world.addLoadBalancer({ kind: 'application', addresses: [`127.${OWN_BLOCK}.254.1`] }),
  );
  const all = Array.from({ length: tasks }, () =>
    world.addTask({ cluster, taskDefinition, machine, service: 'web' }),
  );
  const balancers = await openBalancers(world, PORT);
  onTestFinished(() => balancers.close());
  const serve = async (index: number) => {
    const server = createServer((_, response) => response.end(String(index)));
    await new Promise<void>((resolve) => {
      server.listen(all[index]?.containers[0]?.networkBindings[0]?.hostPort, machine.address, resolve);
    });
    onTestFinished(() => void server.close());
  };
  const url = balancers.urlOf('web') ?? '';
  const ask = async () => {
    const response = await fetch(url, { headers: { connection: 'close' } });
    return [response.status, (await response.text()).trim()];
  };
  return { world, all, balancers, serve, ask, url };
}

describe('a load balancer of the sandbox', () => {
  test('sends to each task of its service in turn', async () => {
    const { serve, ask, url } = await balanced(2);
    await serve(0);
    await serve(1);

    expect(url).toBe(`http://127.${OWN_BLOCK}.254.1:${PORT}`);
    expect([await ask(), await ask(), await ask()]).toEqual([
      [200, '0'],
      [200, '1'],
      [200, '0'],
    ]);
  });

  test('sends to another one where a task does not take it', async () => {
    const { serve, ask } = await balanced(3);
    await serve(1);

    expect([await ask(), await ask(), await ask()]).toEqual([
      [200, '1'],
      [200, '1'],
      [200, '1'],
    ]);
  });

  test('sends nothing to a task that was told to stop, though it answers', async () => {
    const { world, all, serve, ask } = await balanced(2);
    await serve(0);
    await serve(1);
    const [first] = all;
    if (first !== undefined) world.tellToStop(first, 'stopped', 1);

    expect([await ask(), await ask()]).toEqual([
      [200, '1'],
      [200, '1'],
    ]);
  });

  test('says so where no target answers', async () => {
    const { ask, balancers } = await balanced(1);

    expect(await ask()).toEqual([503, 'no target answers']);
    expect(balancers.urlOf('other')).toBeUndefined();
  });
});
