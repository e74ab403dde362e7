import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Json } from '../../src/sandbox/service.ts';
import type { World } from '../../src/sandbox/world/world.ts';
import { addService, newFleet, openWorker, serve, ZONE_NAME } from '../end-to-end/support.ts';
import type { FaultRequest } from '../sandbox/faults.ts';
import type { TestServer } from '../sandbox/test-server.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

function fleetWithStale() {
  const fleet = newFleet();
  const { liveSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  return { fleet, liveSets, before: fleet.zone.list() };
}

/** Every page leads to a further one, whatever token led to it; `page` says what is on the nth. */
function addEndless(server: TestServer, operation: string, page: (output: Json, nth: number) => Json): void {
  let pages = 0;
  const forgetToken = (_: World, { input }: FaultRequest) => {
    for (const token of ['nextToken', 'NextToken']) Reflect.deleteProperty(input, token);
  };
  server.addFault({ operation, effect: { kind: 'before', before: forgetToken } });
  server.addFault({ operation, effect: { kind: 'transform', transform: (output) => page(output, ++pages) } });
}

const recordSet = (name: string) => ({
  Name: name,
  Type: 'TXT',
  TTL: 60,
  ResourceRecords: [{ Value: '"x"' }],
});

/** Record sets of Route 53's own, and so many made-up ones. */
function zonePage(output: Json, nth: number, added: number): Json {
  const names = Array.from({ length: added }, (_, i) => `made-up-${nth}-${i}.${ZONE_NAME}.`);
  const sets = [output['ResourceRecordSets']].flat();
  const next = { NextRecordName: `made-up-${nth}.${ZONE_NAME}.`, NextRecordType: 'TXT' };
  return { ...output, ResourceRecordSets: [...sets, ...names.map(recordSet)], IsTruncated: true, ...next };
}

describe('a zone whose listing does not end is not read for ever, and nothing is changed', () => {
  test.each([
    {
      what: 'ever new tokens and ever new sets',
      added: 300,
      requests: 11,
      seen: 'record sets were read where Route 53 counts',
    },
    {
      what: 'ever new tokens and nothing new',
      added: 0,
      requests: 102,
      seen: '100 pages in a row had nothing new',
    },
  ])('$what', async ({ added, requests, seen }) => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const operation = 'route53:ListResourceRecordSets';
    addEndless(server, operation, (output, nth) => zonePage(output, nth, added));

    await expect(openWorker(server, WITHOUT_BUDGET).apply()).rejects.toMatchObject({
      code: 'aws',
      message: expect.stringContaining(seen),
    });

    expect(server.counts()[operation]).toBeLessThanOrEqual(requests);
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  });

  test.each([
    { what: 'ever new zones', page: (nth: number) => nth, seen: '100 pages were read' },
    { what: 'the same zone again and again', page: () => 1, seen: '100 pages' },
  ])('and neither is a listing of zones of one name: $what', async ({ page, seen }) => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);
    const zone = (nth: number) => ({
      Id: `/hostedzone/Z${page(nth)}`,
      Name: `${ZONE_NAME}.`,
      CallerReference: 'x',
    });
    const next = (nth: number) => ({ NextDNSName: `${ZONE_NAME}.`, NextHostedZoneId: `Z${nth}` });
    const operation = 'route53:ListHostedZonesByName';
    addEndless(server, operation, (output, nth) => ({
      ...output,
      HostedZones: [zone(nth)],
      IsTruncated: true,
      ...next(nth),
    }));

    await expect(openWorker(server).apply()).rejects.toThrow(seen);

    expect(server.counts()[operation]).toBeLessThanOrEqual(102);
  });
});

const LISTINGS = [
  { operation: 'ecs:ListClusters', field: 'clusterArns', token: 'nextToken' },
  { operation: 'ecs:ListTasks', field: 'taskArns', token: 'nextToken' },
  { operation: 'ecs:ListContainerInstances', field: 'containerInstanceArns', token: 'nextToken' },
  { operation: 'ec2:DescribeInstances', field: 'Reservations', token: 'NextToken' },
] as const;

describe('a listing of what runs that does not end is an unread scope, and nothing goes that may be in it', () => {
  test.each(
    LISTINGS.flatMap((listing) => [
      { ...listing, what: 'empty pages', items: () => [] },
      { ...listing, what: 'the same page', items: (found: unknown) => [found].flat() },
    ]),
  )('$operation: $what, with ever new tokens', async ({ operation, field, token, items }) => {
    const { fleet, liveSets } = fleetWithStale();
    const server = await serve(fleet.world);
    const page = (output: Json, nth: number) => ({
      ...output,
      [field]: items(output[field]),
      [token]: `t${nth}`,
    });
    addEndless(server, operation, page);

    const { incomplete, summary } = await openWorker(server, {
      ...WITHOUT_BUDGET,
      '--allow-empty': true,
    }).apply();

    expect(incomplete).toContainEqual(
      expect.objectContaining({
        operation,
        error: '100 pages in a row had nothing new, and one more was to come',
      }),
    );
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...liveSets]));
    // What is on every page has been seen.
    if (items([1]).length === 0) expect(summary.removals).toBe(0);
  });

  test('ec2:DescribeInstances: instances that the worker did not ask for, with ever new tokens', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const instances = (nth: number) => [
      { Instances: [{ InstanceId: `i-${String(nth).padStart(17, '0')}` }] },
    ];
    const operation = 'ec2:DescribeInstances';
    addEndless(server, operation, (output, nth) => ({
      ...output,
      Reservations: instances(nth),
      NextToken: `t${nth}`,
    }));

    const { incomplete, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(incomplete.map(({ error }) => error)).toContain('200 pages were read, and one more was to come');
    expect(summary.removals).toBe(0);
    expect(fleet.zone.list()).toEqual(before);
  });
});

test('pages that are empty in between are read on', async () => {
  const { fleet, before } = fleetWithStale();
  const server = await serve(fleet.world);
  let pages = 0;
  const emptied = (output: Json): Json => (++pages <= 5 ? { taskArns: [], nextToken: `t${pages}` } : output);
  addEndless(server, 'ecs:ListTasks', emptied);

  const { incomplete, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

  expect(incomplete).toEqual([]);
  expect(summary).toMatchObject({ applied: 1 });
  expect(fleet.zone.list()).toHaveLength(before.length - 1);
});
