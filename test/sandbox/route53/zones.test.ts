import {
  GetChangeCommand,
  GetHostedZoneCommand,
  GetHostedZoneLimitCommand,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandInput,
  ListHostedZonesCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { failureOf, range, withSandbox } from '../with-sandbox.ts';

function sampleWorld(): World {
  const world = createWorld();
  world.addHostedZone({ id: 'ZB', name: 'b.example' });
  world.addHostedZone({ id: 'ZA2', name: 'a.example', private: true });
  world.addHostedZone({ id: 'ZA1', name: 'a.example' });
  world.addHostedZone({ id: 'ZNET', name: 'a.net' });
  return world;
}

describe('ListHostedZonesByName', () => {
  const cases: readonly [string, ListHostedZonesByNameCommandInput, readonly string[]][] = [
    ['nothing', {}, ['ZA1', 'ZA2', 'ZB', 'ZNET']],
    ['a name that two zones share', { DNSName: 'A.example.' }, ['ZA1', 'ZA2', 'ZB', 'ZNET']],
    ['a name and an id', { DNSName: 'a.example', HostedZoneId: 'ZA2' }, ['ZA2', 'ZB', 'ZNET']],
    ['a name that no zone has', { DNSName: 'aa.example' }, ['ZB', 'ZNET']],
    ['a name after all others', { DNSName: 'zone.zone' }, []],
  ];
  test.each(cases)('starts at %s', async (_, input, expected) => {
    const { route53 } = await withSandbox(sampleWorld());
    const answer = await route53.send(new ListHostedZonesByNameCommand(input));
    expect(answer.HostedZones?.map((zone) => zone.Id)).toEqual(expected.map((id) => `/hostedzone/${id}`));
    expect(answer.IsTruncated).toBe(false);
  });

  test('goes on where a page ended', async () => {
    const { route53 } = await withSandbox(sampleWorld());
    const first = await route53.send(new ListHostedZonesByNameCommand({ MaxItems: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextDNSName: 'a.example.', NextHostedZoneId: 'ZA2' });
    const second = await route53.send(
      new ListHostedZonesByNameCommand({
        DNSName: first.NextDNSName,
        HostedZoneId: first.NextHostedZoneId,
        MaxItems: 1,
      }),
    );
    expect(second.HostedZones?.[0]?.Config?.PrivateZone).toBe(true);
  });

  test('refuses an id without a name', async () => {
    const { route53 } = await withSandbox(sampleWorld());
    const call = route53.send(new ListHostedZonesByNameCommand({ HostedZoneId: 'ZA1' }));
    expect(await failureOf(call)).toMatchObject({ code: 'InvalidInput', status: 400 });
  });

  test('gives 100 zones a page at most', async () => {
    const world = createWorld();
    for (const i of range(101)) world.addHostedZone({ name: `zone-${i}.example` });
    const { route53 } = await withSandbox(world);
    const answer = await route53.send(new ListHostedZonesByNameCommand({ MaxItems: 500 }));
    expect([answer.HostedZones?.length, answer.IsTruncated, answer.MaxItems]).toEqual([100, true, 100]);
  });
});

describe('GetHostedZone', () => {
  test('describes a zone that another service owns', async () => {
    const world = createWorld();
    const linkedService = {
      ServicePrincipal: 'servicediscovery.amazonaws.com',
      Description: 'arn:aws:x:ns-1',
    };
    world.addHostedZone({ id: 'ZCM', name: 'cloud.map', private: true, linkedService });
    const { route53 } = await withSandbox(world);
    const { HostedZone } = await route53.send(new GetHostedZoneCommand({ Id: '/hostedzone/ZCM' }));
    expect(HostedZone).toMatchObject({
      Id: '/hostedzone/ZCM',
      Name: 'cloud.map.',
      ResourceRecordSetCount: 2,
      Config: { PrivateZone: true },
      LinkedService: linkedService,
    });
  });

  test('knows no zone of that id', async () => {
    const { route53 } = await withSandbox();
    expect(await failureOf(route53.send(new GetHostedZoneCommand({ Id: 'ZNONE' })))).toEqual({
      code: 'NoSuchHostedZone',
      status: 404,
      message: 'No hosted zone found with ID: ZNONE',
    });
  });
});

test('ListHostedZones pages by marker', async () => {
  const { route53 } = await withSandbox(sampleWorld());
  const first = await route53.send(new ListHostedZonesCommand({ MaxItems: 3 }));
  const second = await route53.send(new ListHostedZonesCommand({ Marker: first.NextMarker }));
  expect([first.HostedZones?.length, first.IsTruncated]).toEqual([3, true]);
  expect(second.HostedZones?.map((zone) => zone.Id)).toEqual(['/hostedzone/ZNET']);
});

test('GetHostedZoneLimit tells the quota of a zone and what it holds', async () => {
  const world = createWorld();
  world.addHostedZone({ id: 'Z1', name: 'a.example', maxRecordSets: 20_000 });
  const { route53 } = await withSandbox(world);
  const command = new GetHostedZoneLimitCommand({ HostedZoneId: 'Z1', Type: 'MAX_RRSETS_BY_ZONE' });
  expect(await route53.send(command)).toMatchObject({
    Limit: { Type: 'MAX_RRSETS_BY_ZONE', Value: 20_000 },
    Count: 2,
  });
});

test('GetChange knows no change that was never made', async () => {
  const { route53 } = await withSandbox();
  expect(await failureOf(route53.send(new GetChangeCommand({ Id: 'C1' })))).toMatchObject({
    code: 'NoSuchChange',
    status: 404,
  });
});
