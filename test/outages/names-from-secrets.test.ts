import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { FleetBuilder, FleetService, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { OverrideOptions } from '../../src/sandbox/world/new-task.ts';
import { addService, newFleet, openWorker, serve, srvSet, without } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';

const NAME = '_orders._tcp';
const PORT = { containerPort: 8080, hostPort: 0 };
const HOST_PORT = 20_500;
const IN = { '8080': HOST_PORT };
const LIVE = { expected: 'live', reason: 'running' } as const;
/** The other guardrails on stale entries, out of the way. */
const NO_BUDGET = { '--guardrails-removal-budget-percent': '100' };

type Hidden = 'secrets' | 'environmentFiles' | 'image';

interface Scene {
  readonly fleet: FleetBuilder;
  readonly service: FleetService;
  /** The entry of a container that is gone. */
  readonly stale: RecordSet;
  /** Has its host and port now. */
  readonly successor: Member;
}

/** A container was replaced at its host and port, and no agent has registered the new one yet. */
function replaced(
  hidesName: Hidden | undefined,
  overrides?: Readonly<Record<string, OverrideOptions>>,
  environment: Readonly<Record<string, string>> = {},
): Scene {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 4 });
  const cluster = fleet.world.cluster('blue');
  const service = fleet.addService({
    name: NAME,
    mode: 'bridge',
    cluster,
    portMappings: [PORT],
    environment,
    ...(hidesName === undefined ? {} : { hidesName }),
  });
  const machine = fleet.machine(cluster, 0);
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv(NAME, owner, [HOST_PORT], LIVE);
  const containers = { app: { hostPorts: IN } };
  const successor = fleet.run(service, { machine, containers, ...(overrides && { overrides }) });
  return { fleet, service, stale: srvSet(fleet, NAME, owner), successor };
}

const run = async ({ fleet }: Scene, flags = {}, before: (server: TestServer) => void = () => {}) => {
  const server = await serve(fleet.world);
  before(server);
  return openWorker(server, { ...NO_BUDGET, ...flags }).apply();
};

const entryOf = (entries: Awaited<ReturnType<typeof run>>['entries'], set: RecordSet) =>
  entries.find(({ setIdentifier }) => setIdentifier === set.SetIdentifier);

describe('the only entry of a name, whose container was replaced by one with its name out of sight,', () => {
  test.each<[string, () => Scene, string]>([
    ['a secret', () => replaced('secrets'), 'secrets'],
    ['in a file', () => replaced('environmentFiles'), 'environmentFiles'],
    ['in its image', () => replaced('image'), 'not told'],
    [
      'in a file that the task was started with',
      () => replaced('image', { app: { environmentFiles: ['arn:aws:s3:::settings/canary.env'] } }),
      'environmentFiles',
    ],
    [
      'in a file, next to a name for all ports',
      () => replaced('environmentFiles', undefined, { SERVICE_NAME: 'everything' }),
      'environmentFiles',
    ],
  ])('stays: %s', async (_, scene, names) => {
    const given = scene();
    const before = given.fleet.zone.list();

    const { entries } = await run(given);

    expect(entryOf(entries, given.stale)).toMatchObject({
      verdict: 'unverified',
      reason: 'service-unknown',
      evidence: { names },
    });
    expect(given.fleet.zone.list()).toEqual(before);
  });

  test('is the successor’s where another container of the ECS service has an entry of the name', async () => {
    const given = replaced('secrets');
    const { fleet, service } = given;
    fleet.runAndRegister(service, { machine: fleet.machine(service.cluster, 1) }, LIVE);
    const before = fleet.zone.list();

    const { entries } = await run(given);

    expect(entryOf(entries, given.stale)).toMatchObject({
      verdict: 'live',
      evidence: { successor: given.successor.containerId },
    });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('goes as superseded once the successor has one of its own', async () => {
    const given = replaced('secrets');
    const { fleet, service, successor, stale } = given;
    fleet.register(service, successor, LIVE);
    const before = fleet.zone.list();

    const { entries } = await run(given);

    expect(entryOf(entries, stale)).toMatchObject({ verdict: 'stale', reason: 'superseded' });
    expect(fleet.zone.list()).toEqual(without(before, [stale]));
  });

  test('goes once the new container has an entry under another name', async () => {
    const given = replaced('image');
    const { fleet, successor, stale } = given;
    fleet.plantSrv('_billing._tcp', successor, [HOST_PORT], LIVE);
    const before = fleet.zone.list();

    const { entries } = await run(given);

    expect(entryOf(entries, stale)).toMatchObject({
      reason: 'port-reassigned',
      evidence: { heldUnder: '_billing._tcp' },
    });
    expect(fleet.zone.list()).toEqual(without(before, [stale]));
  });

  test('goes where the new one tells another name for the port', async () => {
    const given = replaced('image', { app: { environment: { SERVICE_8080_NAME: '_billing._tcp' } } });
    const before = given.fleet.zone.list();

    const { entries } = await run(given);

    expect(entryOf(entries, given.stale)).toMatchObject({
      reason: 'port-reassigned',
      evidence: { service: '_billing._tcp' },
    });
    expect(given.fleet.zone.list()).toEqual(without(before, [given.stale]));
  });
});

test('an entry stays while a container with a hidden name starts on its host', async () => {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 4 });
  const cluster = fleet.world.cluster('blue');
  const service = fleet.addService({
    name: NAME,
    mode: 'bridge',
    cluster,
    portMappings: [PORT],
    hidesName: 'environmentFiles',
  });
  const machine = fleet.machine(cluster, 0);
  fleet.run(service, { machine, lastStatus: 'PENDING' });
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv(NAME, owner, [HOST_PORT], LIVE);
  const before = fleet.zone.list();
  const server = await serve(fleet.world);

  const { entries } = await openWorker(server, NO_BUDGET).apply();

  expect(entries.find(({ name }) => name.startsWith(NAME))).toMatchObject({ reason: 'task-starting' });
  expect(fleet.zone.list()).toEqual(before);
});
