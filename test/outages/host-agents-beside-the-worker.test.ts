import { describe, expect, it } from 'vitest';
import type { ContainerOptions } from '../../src/sandbox/world/new-task.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { startFakeEngine } from '../agent/fake-engine.ts';
import { dockerId, openAgent, rows, type TestAgent } from '../agent/support.ts';
import { openWorker, serve, ZONE_NAME } from '../end-to-end/support.ts';

const HOSTS = 9;
const ENVIRONMENT = {
  SERVICE_80_NAME: '_gw._tcp',
  SERVICE_81_NAME: '_gw._tcp',
  SERVICE_82_NAME: '_admin._tcp',
};
const LABELS = { SERVICE_82_TTL: '30', SERVICE_82_PRIORITY: '2' };

/** The same containers as ECS tells them, and as the engine of each host does; nothing is registered. */
async function fleet() {
  const world = createWorld({ seed: 1 });
  const cluster = world.addCluster('blue');
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const portMappings = [80, 81, 82].map((containerPort) => ({ containerPort, hostPort: 0 }));
  const taskDefinition = world.addTaskDefinition({
    family: 'gateway',
    networkMode: 'bridge',
    containers: [{ portMappings, environment: ENVIRONMENT, dockerLabels: LABELS }],
  });
  const server = await serve(world);
  const agents: TestAgent[] = [];
  const engines = [];
  for (let host = 1; host <= HOSTS; host++) {
    const address = `10.0.1.${host}`;
    const machine = world.addMachine({ cluster, address });
    const engine = await startFakeEngine();
    for (const n of [1, 2]) {
      const id = dockerId(host * 10 + n);
      const hostPorts = { 80: 30_000 + n, 81: 31_000 + n, 82: 32_000 + n };
      const app: ContainerOptions = { runtimeId: id, hostPorts };
      world.addTask({ cluster, taskDefinition, machine, containers: { app } });
      const ports = Object.fromEntries(Object.entries(hostPorts).map(([key, port]) => [`${key}/tcp`, port]));
      engine.run(id, { env: ENVIRONMENT, labels: LABELS, ports });
    }
    engines.push(engine);
    agents.push(await openAgent(server, engine, { hostName: machine.privateDnsName, address }));
  }
  const changes = () => server.counts()['route53:ChangeResourceRecordSets'] ?? 0;
  return {
    world,
    zone,
    server,
    agents,
    engines,
    changes,
    worker: openWorker(server, { '--policy': 'sync' }),
  };
}

describe('nine agents and a worker on one zone', () => {
  it('write the very same sets, field by field', async () => {
    const byAgents = await fleet();
    for (const agent of byAgents.agents) await agent.sync();
    const byWorker = await fleet();
    await byWorker.worker.apply();
    expect(rows(byAgents.zone)).toEqual(rows(byWorker.zone));
    expect(rows(byAgents.zone)).toHaveLength(HOSTS * 7);
  });

  it.each(['agents', 'worker'] as const)('find nothing to do after the %s', async (first) => {
    const { zone, agents, worker, changes } = await fleet();
    if (first === 'worker') await worker.apply();
    else for (const agent of agents) await agent.sync();
    const [sent, before] = [changes(), rows(zone)];
    for (let round = 0; round < 3; round++) {
      for (const agent of agents) await agent.sync();
      expect((await worker.apply()).changes).toEqual([]);
    }
    expect([changes(), rows(zone)]).toEqual([sent, before]);
  });

  it('that begin at once make no duplicates, and none of them fails', async () => {
    const { zone, agents, worker } = await fleet();
    const reports = await Promise.all([worker.apply(), ...agents.map((agent) => agent.sync())]);
    expect(reports[0]?.summary.failed).toBe(0);
    for (const agent of agents) await agent.sync();
    await worker.apply();
    const values = rows(zone).map((row) =>
      row
        .split(' | ')
        .filter((_, i) => [0, 1, 5].includes(i))
        .join(' '),
    );
    expect(new Set(values).size).toBe(values.length);
    expect(rows(zone)).toHaveLength(HOSTS * 7);
  });

  it('do not fight over what the worker takes out: it comes back once', async () => {
    const { zone, server, agents } = await fleet();
    const [agent] = agents;
    if (agent === undefined) throw new TypeError('there is no agent');
    await agent.sync();
    const isOne = ({ SetIdentifier = '' }) => SetIdentifier.endsWith(`:${dockerId(11)}`);
    const there = () => zone.list().filter(isOne).length;
    const takeOut = () => {
      for (const set of zone.list().filter(isOne)) zone.records.delete(set);
    };
    const before = there();
    takeOut();
    await agent.sync();
    expect(there()).toBe(before);
    takeOut();
    const sent = server.counts()['route53:ChangeResourceRecordSets'];
    for (let round = 0; round < 3; round++) await agent.sync();
    expect(there()).toBe(0);
    expect(server.counts()['route53:ChangeResourceRecordSets']).toBe(sent);
  });
});
