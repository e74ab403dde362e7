import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { failureOf, range, type Sandbox, withSandbox } from '../with-sandbox.ts';

type Cursor = Omit<ListResourceRecordSetsCommandInput, 'HostedZoneId'>;

function newZone(): { readonly world: World; readonly zone: HostedZone } {
  const world = createWorld();
  return { world, zone: world.addHostedZone({ id: 'Z1', name: 'sd.internal' }) };
}

function weighted(name: string, SetIdentifier: string) {
  return {
    Name: `${name}.sd.internal`,
    Type: 'SRV',
    SetIdentifier,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: '1 1 80 host.sd.internal' }],
  } as const;
}

async function listPages({ route53 }: Sandbox, maxItems: number): Promise<readonly string[][]> {
  const pages: string[][] = [];
  let cursor: Cursor | undefined = {};
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(route53, { ...cursor, MaxItems: maxItems });
    pages.push(
      (page.ResourceRecordSets ?? []).map((set) => `${set.Name} ${set.Type} ${set.SetIdentifier ?? ''}`),
    );
    cursor = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined;
  }
  return pages;
}

function list(route53: Sandbox['route53'], cursor: Cursor) {
  return route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1', ...cursor }));
}

describe('ListResourceRecordSets', () => {
  test('returns every field of a set as it was put', async () => {
    const { world, zone } = newZone();
    const AliasTarget = { HostedZoneId: 'Z2', DNSName: 'lb.example.', EvaluateTargetHealth: true };
    const txt = '"a <b> & \'c\'" "tab\tand é"';
    zone.put({ ...weighted('_a._tcp', 'host:1'), HealthCheckId: 'h-1' });
    zone.put({
      Name: 't.sd.internal',
      Type: 'TXT',
      TTL: 7,
      ResourceRecords: [{ Value: txt }, { Value: '" x "' }],
    });
    zone.put({
      Name: 'alias.sd.internal',
      Type: 'A',
      SetIdentifier: 'eu',
      Region: 'eu-west-1',
      AliasTarget,
    });
    zone.put({
      Name: 'geo.sd.internal',
      Type: 'A',
      SetIdentifier: 'de',
      GeoLocation: { CountryCode: 'DE' },
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    });
    const { route53 } = await withSandbox(world);
    expect((await list(route53, {})).ResourceRecordSets).toEqual(zone.list());
  });

  test('orders by reversed labels with the dot at the end, then type, then identifier', async () => {
    const { world, zone } = newZone();
    for (const name of ['b', 'a', 'x.a', 'a-b', '*', 'A_c']) {
      zone.put({ Name: `${name}.sd.internal`, Type: 'TXT', TTL: 1, ResourceRecords: [{ Value: '"x"' }] });
    }
    zone.put({ Name: 'b.sd.internal', Type: 'A', TTL: 1, ResourceRecords: [{ Value: '192.0.2.1' }] });
    for (const id of ['b', 'B', 'a']) zone.put(weighted('b', id));
    const sandbox = await withSandbox(world);
    expect((await listPages(sandbox, 300)).flat()).toEqual([
      'sd.internal. NS ',
      'sd.internal. SOA ',
      '\\052.sd.internal. TXT ',
      'a-b.sd.internal. TXT ',
      'a.sd.internal. TXT ',
      'x.a.sd.internal. TXT ',
      'a_c.sd.internal. TXT ',
      'b.sd.internal. A ',
      'b.sd.internal. SRV B',
      'b.sd.internal. SRV a',
      'b.sd.internal. SRV b',
      'b.sd.internal. TXT ',
    ]);
  });

  test.each([1, 2, 3, 4, 7, 300])('loses nothing across equal names in pages of %i', async (maxItems) => {
    const { world, zone } = newZone();
    for (const i of range(9)) zone.put(weighted('_same._tcp', `host:${i}`));
    for (const i of range(3)) zone.put(weighted('_next._tcp', `host:${i}`));
    zone.put({ Name: '_same._tcp.sd.internal', Type: 'TXT', TTL: 1, ResourceRecords: [{ Value: '"x"' }] });
    const pages = await listPages(await withSandbox(world), maxItems);
    expect(pages.flat()).toEqual(
      zone.list().map((set) => `${set.Name} ${set.Type} ${set.SetIdentifier ?? ''}`),
    );
    expect(pages.every((page) => page.length <= maxItems)).toBe(true);
  });

  test('gives 300 sets a page whatever is asked for', async () => {
    const { world, zone } = newZone();
    for (const i of range(300)) zone.put(weighted(`_s${i}._tcp`, 'host:1'));
    const { route53 } = await withSandbox(world);
    const page = await list(route53, { MaxItems: 1000 });
    expect([page.ResourceRecordSets?.length, page.IsTruncated, page.MaxItems]).toEqual([300, true, 300]);
  });

  const starts: readonly [string, Cursor, string | undefined][] = [
    ['a name', { StartRecordName: '_B._tcp.sd.internal' }, '_b._tcp.sd.internal. host:1'],
    ['a name between two', { StartRecordName: '_aa._tcp.sd.internal.' }, '_b._tcp.sd.internal. host:1'],
    [
      'a name and type after its own',
      { StartRecordName: '_b._tcp.sd.internal', StartRecordType: 'TXT' },
      '_c._tcp.sd.internal. host:1',
    ],
    [
      'a name, type and identifier',
      { StartRecordName: '_b._tcp.sd.internal', StartRecordType: 'SRV', StartRecordIdentifier: 'host:15' },
      '_b._tcp.sd.internal. host:2',
    ],
    ['a wildcard, as typed', { StartRecordName: '*.sd.internal' }, '\\052.sd.internal. host:1'],
    ['a wildcard, as listed', { StartRecordName: '\\052.sd.internal.' }, '\\052.sd.internal. host:1'],
    ['a name past the end', { StartRecordName: 'z.internal' }, undefined],
  ];
  test.each(starts)('starts at %s', async (_, cursor, expected) => {
    const { world, zone } = newZone();
    for (const name of ['_a._tcp', '_b._tcp', '_c._tcp', '*']) {
      zone.put(weighted(name, 'host:1')).put(weighted(name, 'host:2'));
    }
    const { route53 } = await withSandbox(world);
    const [first] = (await list(route53, { ...cursor, MaxItems: 1 })).ResourceRecordSets ?? [];
    expect(first && `${first.Name} ${first.SetIdentifier}`).toBe(expected);
  });

  const refusals: readonly [string, Cursor][] = [
    ['a type without a name', { StartRecordType: 'SRV' }],
    ['an identifier without a type', { StartRecordName: 'a.sd.internal', StartRecordIdentifier: 'x' }],
    ['an unknown type', { StartRecordName: 'a.sd.internal', StartRecordType: 'XYZ' as 'SRV' }],
    ['a page of 0', { MaxItems: 0 }],
  ];
  test.each(refusals)('refuses %s', async (_, cursor) => {
    const { route53 } = await withSandbox(newZone().world);
    expect(await failureOf(list(route53, cursor))).toMatchObject({ code: 'InvalidInput', status: 400 });
  });

  test('sees what was put, deleted and put back in between', async () => {
    const { world, zone } = newZone();
    const sandbox = await withSandbox(world);
    zone.put(weighted('_a._tcp', 'host:1')).put(weighted('_b._tcp', 'host:1'));
    await listPages(sandbox, 300);
    zone.delete(weighted('_a._tcp', 'host:1'));
    zone.put(weighted('_a._tcp', 'host:1'));
    zone.delete(weighted('_b._tcp', 'host:1'));
    const names = (await listPages(sandbox, 300)).flat();
    expect(names.filter((name) => name.includes('_tcp'))).toEqual(['_a._tcp.sd.internal. SRV host:1']);
  });
});
