import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../src/sandbox/world/world.ts';
import { runHere } from '../cli/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { answerFor, openWorker, PROBING, serve, ZONE_NAME } from './support.ts';

const NETWORK = `127.${OWN_BLOCK}.0`;
const SYNC = { ...PROBING, '--policy': 'sync' };
const QUICK = ['--health-allow', '127.0.0.0/8', '--health-interval', '0s'];

/** Fargate tasks that say nothing of themselves but the name of their address. */
function fleet() {
  const world = createWorld();
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const cluster = world.addCluster('blue');
  const add = (name: string, address: string, port: number, healthCheck?: readonly string[]) => {
    const dockerLabels = { 'discovery.service.name': name };
    const container = { portMappings: [port], dockerLabels, ...(healthCheck && { healthCheck }) };
    const taskDefinition = world.addTaskDefinition({
      family: name,
      networkMode: 'awsvpc',
      containers: [container],
    });
    return world.addTask({ cluster, taskDefinition, address });
  };
  return { world, zone, add };
}

/** A server that takes connections, and no HTTP. */
const redis = () => createServer((socket) => void socket.resume());
/** A server to which another path than /health is its health path. */
const web = () =>
  createHttpServer(({ url }, answer) => {
    answer.statusCode = url === '/up' ? 200 : 404;
    answer.end();
  });

async function registered(world: World, flags = {}) {
  const server = await serve(world);
  const report = await openWorker(server, { ...SYNC, ...flags }).apply();
  const withheld = report.withheld.map(({ name, reason }) => `${name} ${reason}`);
  return { report, withheld };
}

describe('a task with a name for its address, and nothing else', () => {
  test('is registered by its label alone: what is no HTTP, and what has another path', async () => {
    const { world, zone, add } = fleet();
    add('redis', `${NETWORK}.1`, 6379);
    add('web', `${NETWORK}.2`, 8080);
    add('silent', `${NETWORK}.3`, 9000);
    await answerFor({ address: `${NETWORK}.1`, port: 6379 }, redis());
    await answerFor({ address: `${NETWORK}.2`, port: 8080 }, web());

    const { withheld } = await registered(world);

    const sets = zone.list().filter(({ Type }) => Type === 'A');
    expect(sets.map(({ Name, ResourceRecords }) => [Name, ResourceRecords?.[0]?.Value])).toEqual([
      [`redis.${ZONE_NAME}.`, `${NETWORK}.1`],
      [`web.${ZONE_NAME}.`, `${NETWORK}.2`],
    ]);
    expect(withheld).toEqual([`silent.${ZONE_NAME}. connection-refused`]);
  });

  test("is registered by ECS's own check, where its definition has one", async () => {
    const { world, zone, add } = fleet();
    const task = add('queue', `${NETWORK}.4`, 5672, ['CMD', 'ping']);

    expect((await registered(world)).withheld).toEqual([`queue.${ZONE_NAME}. task-starting`]);
    Object.assign(task.containers[0] ?? {}, { healthStatus: 'HEALTHY' });
    expect((await registered(world)).withheld).toEqual([]);
    expect(zone.list().filter(({ Type }) => Type === 'A')).toHaveLength(1);

    Object.assign(task.containers[0] ?? {}, { healthStatus: 'UNHEALTHY' });
    const { entries } = (await registered(world)).report;
    expect(entries.find(({ type }) => type === 'A')).toMatchObject({ reason: 'ecs-unhealthy' });
  });
});

describe('check NAME', () => {
  test('shows the attempts at what bears the name for its address', async () => {
    const { world, add } = fleet();
    add('redis', `${NETWORK}.5`, 6379);
    await answerFor({ address: `${NETWORK}.5`, port: 6379 }, redis());
    const server = await serve(world);

    const { code, stdout } = await runHere(['check', 'redis', '--zone', ZONE_NAME, ...QUICK], server.url);

    expect(stdout).toMatch(
      new RegExp(`${NETWORK}.5:6379 {2}tcp, .*\\n {2}1\\. healthy, \\d+ms\\n {2}healthy\\n`),
    );
    expect(code).toBe(0);
  });
});
