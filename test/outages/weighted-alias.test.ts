import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve, ZONE_NAME } from '../end-to-end/support.ts';

const SYNC = { '--policy': 'sync', '--records-ttl': '5s' };

/** A weighted alias of the operator's own, listed before every set of the name that has a TTL. */
function putAlias({ zone }: FleetBuilder, Name: string, Type: string, DNSName: string): RecordSet {
  const AliasTarget = { HostedZoneId: zone.id, DNSName, EvaluateTargetHealth: false };
  const alias = { Name, Type, SetIdentifier: '0-legacy', Weight: 1, AliasTarget };
  zone.put(alias);
  return alias;
}

/** Sets the TTL of what an agent has written. */
function putTtl({ zone }: FleetBuilder, sets: readonly RecordSet[], TTL: number): void {
  for (const set of sets) zone.put({ ...set, TTL });
}

describe('a weighted alias stands next to weighted sets that have a TTL', () => {
  test('what is registered takes the TTL of those sets, and the next run has nothing to do', async () => {
    const fleet = newFleet();
    const { service, liveSets } = addService(fleet, '_orders._tcp', { live: 1 });
    putTtl(fleet, liveSets, 60);
    const name = `_orders._tcp.${ZONE_NAME}.`;
    const alias = putAlias(fleet, name, 'SRV', `_legacy._tcp.${ZONE_NAME}.`);
    fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
    const worker = openWorker(await serve(fleet.world), SYNC);

    const { changes } = await worker.apply();
    const again = await worker.plan();

    expect(changes.filter(({ status }) => status !== 'applied')).toEqual([]);
    const sets = fleet.zone.list().filter(({ Name }) => Name === name);
    expect(sets.map(({ TTL }) => TTL)).toEqual([undefined, 60, 60]);
    expect(sets[0]).toEqual(alias);
    expect(again.changes).toEqual([]);
  });

  test('the address of a task next to an alias to its load balancer, too', async () => {
    const fleet = newFleet();
    const cluster = fleet.world.cluster('blue');
    const service = fleet.addService({
      name: '_web._tcp',
      mode: 'awsvpc',
      cluster,
      portMappings: [80],
      dockerLabels: { 'discovery.service.name': 'web' },
    });
    fleet.run(service, { address: '10.0.7.1' });
    const worker = openWorker(await serve(fleet.world), { ...SYNC, '--records-ttl': '30s' });
    await worker.apply();
    const alias = putAlias(fleet, `web.${ZONE_NAME}.`, 'A', 'lb.us-east-1.elb.amazonaws.com.');
    fleet.run(service, { address: '10.0.7.2' });
    const later = openWorker(await serve(fleet.world), SYNC);

    const { changes } = await later.apply();
    const again = await later.plan();

    expect(changes.filter(({ status }) => status !== 'applied')).toEqual([]);
    const sets = fleet.zone.list().filter(({ Name }) => Name === alias.Name);
    expect(sets.map(({ TTL }) => TTL)).toEqual([undefined, 30, 30]);
    expect(again.changes).toEqual([]);
  });

  test('drift is corrected in the sets that have a TTL, and the alias stays as it is', async () => {
    const fleet = newFleet();
    const { liveSets } = addService(fleet, '_orders._tcp', { live: 2 });
    putTtl(fleet, liveSets, 60);
    const name = `_orders._tcp.${ZONE_NAME}.`;
    const alias = putAlias(fleet, name, 'SRV', `_legacy._tcp.${ZONE_NAME}.`);
    const worker = openWorker(await serve(fleet.world), { ...SYNC, '--correct': 'true' });

    await worker.apply();
    const again = await worker.plan();

    const sets = fleet.zone.list().filter(({ Name }) => Name === name);
    expect(sets.map(({ TTL }) => TTL)).toEqual([undefined, 5, 5]);
    expect(sets[0]).toEqual(alias);
    expect(again.changes).toEqual([]);
  });
});
