import { describe, expect, test } from 'vitest';
import type { HostedZoneOptions } from '../../src/sandbox/world/hosted-zone.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';

/** A fleet with stale entries, and other zones that hold the very same sets as its own. */
async function fleetBeside(...others: readonly HostedZoneOptions[]) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const zones = others.map((options) => fleet.world.addHostedZone(options));
  for (const zone of zones)
    for (const set of fleet.zone.list().filter(({ Type }) => Type === 'SRV')) zone.put(set);
  const server = await serve(fleet.world);
  return { fleet, staleSets, zones, server };
}

describe('a public and a private zone of one name', () => {
  test('are told apart by nothing but an id: the name alone is refused, and both ids are named', async () => {
    const { fleet, zones, server } = await fleetBeside({ name: ZONE_NAME });
    const untouched = [fleet.zone, ...zones].map((zone) => zone.list());

    const run = openWorker(server).apply();

    await expect(run).rejects.toMatchObject({ code: 'zone-ambiguous' });
    await expect(run).rejects.toThrow(`${fleet.zone.id} (private)`);
    await expect(run).rejects.toThrow(`${zones[0]?.id} (public)`);
    expect([fleet.zone, ...zones].map((zone) => zone.list())).toEqual(untouched);
  });

  test('by its id the one is changed, and the other stays as it is', async () => {
    const { fleet, staleSets, zones, server } = await fleetBeside({ name: ZONE_NAME });
    const [before, other] = [fleet.zone.list(), zones[0]?.list()];

    const report = await openWorker(server, { '--zone': fleet.zone.id }).apply();

    expect(report.zone).toEqual({ id: fleet.zone.id, name: `${ZONE_NAME}.` });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    expect(zones[0]?.list()).toEqual(other);
  });
});

describe('a zone that is not there', () => {
  test.each([
    { neighbour: 'comes after it', name: 'servicediscovery.internal', wanted: 'service.internal' },
    {
      neighbour: 'is a parent of it',
      name: 'servicediscovery.internal',
      wanted: 'eu.servicediscovery.internal',
    },
    { neighbour: 'comes before it', name: 'servicediscovery.internal', wanted: 'zz.internal' },
  ])('is never replaced by a neighbour that $neighbour', async ({ wanted }) => {
    const { fleet, server } = await fleetBeside();
    const before = fleet.zone.list();

    const run = openWorker(server, { '--zone': wanted }).apply();

    await expect(run).rejects.toMatchObject({ code: 'zone-not-found' });
    expect(fleet.zone.list()).toEqual(before);
    expect(Object.keys(server.counts())).toEqual(['route53:ListHostedZonesByName']);
  });

  test('is not found by an id that nobody has', async () => {
    const { server } = await fleetBeside();

    const run = openWorker(server, { '--zone': 'Z0000000000000000000A' }).apply();

    await expect(run).rejects.toMatchObject({ code: 'zone-not-found' });
    expect(Object.keys(server.counts())).toEqual(['route53:GetHostedZone']);
  });
});

describe('a zone that Cloud Map keeps', () => {
  test.each(['name', 'id'])('is refused by its %s before anything else is asked', async (by) => {
    const linkedService = {
      ServicePrincipal: 'servicediscovery.amazonaws.com',
      Description: 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1',
    };
    const { zones, server } = await fleetBeside({ name: 'map.internal', private: true, linkedService });
    const before = zones[0]?.list();

    const run = openWorker(server, { '--zone': by === 'id' ? (zones[0]?.id ?? '') : 'map.internal' }).apply();

    await expect(run).rejects.toMatchObject({ code: 'zone-linked' });
    await expect(run).rejects.toThrow('servicediscovery.amazonaws.com');
    expect(Object.keys(server.counts())).toHaveLength(1);
    expect(zones[0]?.list()).toEqual(before);
  });
});
