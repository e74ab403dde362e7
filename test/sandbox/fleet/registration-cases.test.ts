import { afterEach, describe, expect, test } from 'vitest';
import { startContainers } from '../../../src/sandbox/fleet/containers.ts';
import { type Fleet, type FleetOptions, generateFleet } from '../../../src/sandbox/fleet/generate-fleet.ts';
import { unregistered } from '../../../src/sandbox/fleet/unregistered.ts';
import { worldEndpoints } from '../../../src/sandbox/fleet/world-endpoints.ts';
import { OWN_BLOCK } from '../../own-block.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The fleet of `sandbox --policy sync`, by default with the special cases alone. */
function syncFleet(options: FleetOptions = {}, probed = true): Fleet {
  return unregistered(generateFleet({ tasks: 0, policy: 'sync', ...options }), { probed });
}

function fatesOf({ registrable }: Fleet, name: string): readonly string[] {
  return registrable
    .filter((one) => one.name === `${name}.servicediscovery.internal.`)
    .map((one) => `${one.type} ${one.fate === 'withheld' ? one.reason : one.fate}`);
}

function snapshot({ world, zone, behaviours, planted }: Fleet): string {
  const clusters = [...world.clusters.values()].map(({ tasks, services }) => [
    ...tasks.values(),
    ...services.values(),
  ]);
  return JSON.stringify([clusters, zone.list(), planted, [...behaviours], [...world.taskDefinitions]]);
}

describe('the fleet under prune', () => {
  test('is the one that is made when nothing is said of a policy', () => {
    expect(snapshot(generateFleet({ policy: 'prune' }))).toBe(snapshot(generateFleet()));
  });

  test('has no load balancer, and nobody with an address name', () => {
    const { world } = generateFleet();
    const labels = [...world.taskDefinitions.values()].flatMap(({ containerDefinitions }) =>
      containerDefinitions.flatMap(({ dockerLabels }) => Object.keys(dockerLabels ?? {})),
    );
    expect(world.loadBalancers.size).toBe(0);
    expect(labels).not.toContain('discovery.service.name');
  });
});

describe('the fleet under sync', () => {
  const fleet = syncFleet();

  test.each([
    ['reports', ['A registered', 'A http-status', 'A registered']],
    ['_alerts._tcp', ['SRV registered', 'SRV registered']],
    ['alerts', ['A registered', 'A registered']],
    ['_sessions._tcp', ['SRV registered']],
    ['_tickets._tcp', ['SRV registered', 'SRV registered']],
    ['_mirrors._tcp', ['SRV registered', 'SRV registered']],
    ['_audit._tcp', ['SRV registered']],
    ['_archive._tcp', ['SRV registered']],
    ['_exports._tcp', ['SRV registered']],
    ['_gateway._tcp', ['SRV registered', 'SRV http-status', 'SRV registered', 'SRV registered']],
    ['_ledger._tcp', ['SRV http-status', 'SRV http-status']],
    ['shop', ['CNAME registered']],
    ['broker', ['CNAME registered']],
    ['backoffice', ['CNAME registered']],
    ['accounts', ['CNAME registered']],
    ['price_feed', ['CNAME not-dns-name']],
    ['status', ['CNAME name-taken']],
    ['_billing._tcp', []],
  ])('knows of every value of %s what is to become of it', (name, fates) => {
    expect(fatesOf(fleet, name)).toEqual(fates);
  });

  test('begins with a zone that has nothing but what other people keep there', () => {
    expect(new Set(fleet.planted.map(({ expected }) => expected))).toEqual(new Set(['foreign']));
    expect(fleet.zone.list().flatMap(({ ResourceRecords }) => ResourceRecords ?? [])).toHaveLength(
      fleet.planted.length,
    );
  });

  test('has tasks on Fargate that answer on loopback, of which one fails and one has not started', async () => {
    const containers = await startContainers(syncFleet({ block: OWN_BLOCK }));
    closers.push(() => containers.close());
    const statusOf = async (octet: number) =>
      (await fetch(`http://127.${OWN_BLOCK + 64}.250.${octet}:8080/health`)).status;

    expect([await statusOf(1), await statusOf(2), await statusOf(3)]).toEqual([200, 503, 200]);
    await expect(statusOf(4)).rejects.toThrow('fetch failed');
  });

  test('has one task whose interface has no private DNS name', () => {
    const tasks = [...fleet.world.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]);
    const named = tasks
      .flatMap(({ attachments }) => attachments)
      .map(({ details }) => details.some(({ name }) => name === 'privateDnsName'));
    expect(named.filter((isNamed) => !isNamed)).toHaveLength(1);
  });

  test('has balancers of all three kinds', () => {
    const kinds = [...fleet.world.loadBalancers.values()].map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['application', 'network', 'classic']));
  });

  test('has the containers of the ordinary tasks where they are without it', () => {
    const endpointsOf = (policy: 'prune' | 'sync') =>
      worldEndpoints(generateFleet({ policy }).world).map(({ address, port }) => `${address}:${port}`);
    expect(endpointsOf('sync')).toEqual(expect.arrayContaining([...endpointsOf('prune')]));
  });

  test('spares its special cases where none are asked for', () => {
    expect(syncFleet({ tasks: 12, specialCases: false }).world.loadBalancers.size).toBe(0);
  });
});

describe('what is to be registered', () => {
  test('is nothing on a host that is drained, where the name has another', () => {
    const { registrable } = syncFleet({ tasks: 48 });
    const drained = registrable.filter((one) => one.fate === 'withheld' && one.reason === 'draining');
    expect(drained.map(({ value }) => value.replace(/^.* /, ''))).toEqual([
      'ip-127-16-0-5.ec2.internal',
      'ip-127-16-0-5.ec2.internal',
      'ip-127-16-0-5.ec2.internal',
      'ip-127-80-0-10.ec2.internal',
    ]);
  });

  test('is what runs on a host that is drained, where the name has no other', () => {
    const fleet = generateFleet({ tasks: 12, clusters: 1, instances: 1, policy: 'sync' });
    for (const { containerInstance } of fleet.world.machines.values())
      if (containerInstance !== undefined) containerInstance.status = 'DRAINING';
    const { registrable } = unregistered(fleet, { probed: true });
    const orders = registrable.filter(({ name }) => name.startsWith('_orders.'));
    expect(orders).toMatchObject([{ type: 'SRV', fate: 'registered' }]);
  });

  test('is everything that runs, where nobody asks it how it is', () => {
    const { registrable } = syncFleet({ tasks: 48, now: 1_800_000_000_000 }, false);
    const reasons = registrable.flatMap((one) => (one.fate === 'withheld' ? one.reason : []));
    expect(new Set(reasons)).toEqual(new Set(['draining', 'not-dns-name', 'name-taken']));
  });

  test('is the address of a host only where something points at it', () => {
    const hosts = syncFleet().registrable.filter(({ name, type }) => type === 'A' && name.startsWith('ip-'));
    expect(hosts.map(({ value }) => value)).toEqual(['127.16.0.1', '127.16.0.4', '127.16.0.5']);
  });
});
