import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../src/model/cluster.ts';
import { clusterPart, taskIdOf } from '../../src/model/managed-identifier.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import {
  addService,
  answerFor,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
const SYNC = { ...WITHOUT_BUDGET, '--policy': 'sync' };
const CORRECT = { ...SYNC, '--correct': 'true' };
const NETWORK = `127.${OWN_BLOCK}.0`;

describe('sets of host agents before 1.4, identified by the Docker id alone', () => {
  function fleetOfOldAgents() {
    const fleet = newFleet();
    const { live, liveSets, service } = addService(fleet, '_orders._tcp', { live: 3 });
    const bare = liveSets.map((set): RecordSet => {
      fleet.zone.records.delete(set);
      const old = { ...set, SetIdentifier: set.SetIdentifier?.split(':')[1] };
      fleet.zone.put(old);
      return old;
    });
    return { fleet, live, liveSets, service, bare };
  }

  test('count as the registration of their containers, and go with them', async () => {
    const { fleet, live, bare } = fleetOfOldAgents();
    const server = await serve(fleet.world);
    const before = fleet.zone.list();
    for (const flags of [WITHOUT_BUDGET, SYNC]) {
      const { entries, changes } = await openWorker(server, flags).apply();
      const own = entries.filter(({ name }) => name.startsWith('_orders'));
      expect(own.map(({ verdict }) => verdict)).toEqual(['live', 'live', 'live']);
      expect(changes.filter(({ recordSet }) => recordSet.Type === 'SRV')).toEqual([]);
    }
    const [first] = live;
    if (first === undefined) throw new TypeError('nothing runs');
    fleet.world.stopTask(first.task);
    fleet.world.removeTask(first.task);

    const { changes } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(changes).toMatchObject([
      { action: 'DELETE', recordSet: bare[0], reasons: ['task-gone'], status: 'applied' },
    ]);
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toEqual(
      before.filter((set) => set.Type === 'SRV' && set.SetIdentifier !== bare[0]?.SetIdentifier),
    );
  });

  test('become those of today with `correct`, each in one batch, and stay so', async () => {
    const { fleet, live, liveSets } = fleetOfOldAgents();
    const server = await serve(fleet.world);
    const worker = openWorker(server, CORRECT);

    const { changes } = await worker.apply();

    expect(changes.filter(({ reasons }) => reasons.includes('moved'))).toHaveLength(6);
    for (const [index, member] of live.entries()) {
      expect(srvSet(fleet, '_orders._tcp', member)).toEqual(liveSets[index]);
    }
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(3);
    expect((await worker.plan()).changes).toEqual([]);
  });

  test('that another tool writes to meanwhile are left to it: Route 53 refuses the change', async () => {
    const { fleet, bare } = fleetOfOldAgents();
    const worker = openWorker(await serve(fleet.world), CORRECT);
    const [first] = bare;
    if (first === undefined) throw new TypeError('nothing is there');
    const { summary } = await worker.apply({
      approve: async () => {
        fleet.zone.put({ ...first, Weight: 9 });
        return true;
      },
    });
    expect(summary).toMatchObject({ failed: 0 });
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(3);
  });
});

/** Tasks called shop, each with a network interface, and what the label agent has written for the last one. */
function labelledFleet(count: number) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const taskDefinition = world.addTaskDefinition({
    family: 'shop',
    networkMode: 'awsvpc',
    containers: [{ portMappings: [8080], dockerLabels: { 'discovery.service.name': 'shop' } }],
  });
  const tasks = Array.from({ length: count }, (_, i) =>
    world.addTask({ cluster, taskDefinition, address: `${NETWORK}.${i + 1}` }),
  );
  const identifier = (task: Task) =>
    `ecs-dns:${clusterPart(clusterOf(cluster.arn, '', []))}/${taskIdOf(task.taskArn)}`;
  const label = (address: string): RecordSet => ({
    Name: `shop.${ZONE_NAME}.`,
    Type: 'A',
    SetIdentifier: `shop.${ZONE_NAME}.`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: address }],
  });
  const addresses = () => zone.list().filter(({ Type }) => Type === 'A');
  return { world, zone, tasks, identifier, label, addresses };
}

describe('sets of the label agent, identified by their own name', () => {
  test('count as the registration of the task that has the address; the others are registered beside', async () => {
    const { world, zone, tasks, identifier, label, addresses } = labelledFleet(2);
    zone.put(label(`${NETWORK}.2`));
    const worker = openWorker(await serve(world), SYNC);

    await worker.apply();

    const [first] = tasks;
    if (first === undefined) throw new TypeError('nothing runs');
    const own = { ...label(`${NETWORK}.1`), SetIdentifier: identifier(first) };
    expect(addresses()).toEqual([own, label(`${NETWORK}.2`)]);
    expect((await worker.plan()).changes).toEqual([]);
  });

  test('become those of their tasks with `correct`', async () => {
    const { world, zone, tasks, identifier, label, addresses } = labelledFleet(1);
    zone.put(label(`${NETWORK}.1`));
    const worker = openWorker(await serve(world), CORRECT);

    const { changes } = await worker.apply();

    expect(changes.map(({ action, reasons }) => `${action} ${reasons.join()}`)).toEqual([
      'DELETE moved',
      'CREATE moved',
    ]);
    expect(addresses().map(({ SetIdentifier }) => SetIdentifier)).toEqual(tasks.map(identifier));
    expect((await worker.plan()).changes).toEqual([]);
  });

  test('that the agent writes anew for a task which has its own set are duplicates, and go', async () => {
    const { world, zone, label, addresses } = labelledFleet(1);
    const worker = openWorker(await serve(world), SYNC);
    await worker.apply();
    const expected = addresses();
    expect(expected).toHaveLength(1);
    zone.put(label(`${NETWORK}.1`));

    const { changes } = await worker.apply();

    expect(changes).toMatchObject([{ action: 'DELETE', reasons: ['duplicate'], status: 'applied' }]);
    expect(addresses()).toEqual(expected);
  });

  test('go once no task has the address, and EC2 would tell what has it', async () => {
    const { world, zone, label, addresses } = labelledFleet(1);
    zone.put(label(`${NETWORK}.1`));
    const worker = openWorker(await serve(world), WITHOUT_BUDGET);
    expect((await worker.apply()).changes).toEqual([]);
    zone.put(label(`${NETWORK}.99`));

    const { entries, changes } = await worker.apply();

    expect(entries.filter(({ type }) => type === 'A')).toMatchObject([
      { verdict: 'stale', reason: 'task-gone' },
    ]);
    expect(changes).toMatchObject([{ action: 'DELETE', status: 'applied' }]);
    expect(addresses()).toEqual([]);
  });

  test('stay while something answers at the port of their tasks', async () => {
    const { world, zone, label } = labelledFleet(1);
    zone.put(label(`${NETWORK}.99`));
    await answerFor({ address: `${NETWORK}.99`, port: 8080 }, createServer());
    const worker = openWorker(await serve(world), { ...WITHOUT_BUDGET, ...PROBING });

    const { entries, changes } = await worker.apply();

    expect(entries.filter(({ type }) => type === 'A')).toMatchObject([{ reason: 'still-answers' }]);
    expect(changes).toEqual([]);
  });

  test('stay where another account may have the address', async () => {
    const { world, zone, label } = labelledFleet(1);
    zone.vpcs = [{ VPCId: 'vpc-0123456789abcdef0', VPCRegion: 'us-east-1' }];
    zone.put(label(`${NETWORK}.99`));

    const { entries, changes } = await openWorker(await serve(world), WITHOUT_BUDGET).apply();

    expect(entries.filter(({ type }) => type === 'A')).toMatchObject([
      { verdict: 'unverified', reason: 'host-not-covered' },
    ]);
    expect(changes).toEqual([]);
  });

  test.each<[string, Partial<RecordSet>]>([
    ['of another TTL', { TTL: 60 }],
    ['identified without the dot', { SetIdentifier: `shop.${ZONE_NAME}` }],
    ['of several values', { ResourceRecords: [{ Value: `${NETWORK}.98` }, { Value: `${NETWORK}.99` }] }],
    ['that is not weighted', { Weight: undefined, MultiValueAnswer: true }],
  ])('are told from a set %s, which is another tool’s and stays', async (_, over) => {
    const { world, zone, label, addresses } = labelledFleet(1);
    zone.put({ ...label(`${NETWORK}.99`), ...over });
    const before = addresses();
    const { changes } = await openWorker(await serve(world), WITHOUT_BUDGET).apply();
    expect(changes).toEqual([]);
    expect(addresses()).toEqual(before);
  });
});
