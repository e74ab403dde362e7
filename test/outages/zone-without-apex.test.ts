import { beforeEach, describe, expect, test, vi } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';

const LIST = 'route53:ListResourceRecordSets';
const CHANGE = 'route53:ChangeResourceRecordSets';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
const SYNC = { ...WITHOUT_BUDGET, '--policy': 'sync' };

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

const HTML =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>proxy.example.com<br></body></html>';
const XHTML = '<html><body>Sign in</body></html>';
const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';

function xml(...children: readonly string[]): string {
  return `<ListResourceRecordSetsResponse ${NAMESPACE}>${children.join('')}</ListResourceRecordSetsResponse>`;
}

const LAST = '<IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>';

function apexOf(type: string): string {
  const value = '<ResourceRecords><ResourceRecord><Value>x</Value></ResourceRecord></ResourceRecords>';
  const set = `<Name>${ZONE_NAME}.</Name><Type>${type}</Type><TTL>900</TTL>${value}`;
  return xml(`<ResourceRecordSets><ResourceRecordSet>${set}</ResourceRecordSet></ResourceRecordSets>${LAST}`);
}

/** Two live entries and one stale one. */
function fleetWithStale() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  return { fleet, staleSets, before: fleet.zone.list() };
}

const reply = (body: string): FaultEffect => ({ kind: 'reply', body });

describe('a zone that was not read is not an empty zone', () => {
  test.each([
    { what: 'nothing', body: '', seen: 'the answer is empty' },
    { what: 'HTML', body: HTML, seen: 'the answer is HTML, as a proxy sends it: <!DOCTYPE html> <html>' },
    { what: 'HTML that is XML', body: XHTML, seen: 'the answer is HTML' },
    { what: 'JSON', body: '{}', seen: 'parse error' },
    { what: 'another document', body: '<ok/>', seen: 'the answer has no ResourceRecordSets' },
    { what: 'a document with nothing in it', body: xml(), seen: 'the answer has no ResourceRecordSets' },
    {
      what: 'a list without its end',
      body: xml('<ResourceRecordSets/>'),
      seen: 'the answer has no IsTruncated',
    },
    { what: 'a document that is cut', body: apexOf('NS').slice(0, 200), seen: 'parse error' },
    {
      what: 'an empty list',
      body: xml('<ResourceRecordSets/>', LAST),
      seen: '0 record sets, without SOA and NS',
    },
    { what: 'an apex without SOA', body: apexOf('NS'), seen: '1 record sets, without SOA at the apex' },
    { what: 'an apex without NS', body: apexOf('SOA'), seen: '1 record sets, without NS at the apex' },
  ])('200 with $what ends the run, and says so in one line', async ({ body, seen }) => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: LIST, effect: reply(body) });

    const failure: unknown = await openWorker(server, SYNC)
      .apply()
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'RunError', message: expect.stringContaining(seen) });
    expect(String(failure)).not.toContain('\n');
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('the command exits with 1, and the doctor finds it', async () => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: LIST, effect: reply(xml('<ResourceRecordSets/>', LAST)) });
    const args = ['--zone', ZONE_NAME, '--no-health-enabled'];

    const applied = await runHere(['apply', '--yes', ...args], server.url);
    const examined = await runHere(['doctor', ...args], server.url);

    expect(applied).toMatchObject({ code: 1, stdout: '' });
    expect(applied.stderr).toMatch(
      /^ecs-dns: zone: .* is no hosted zone, .*: see what answers in place of Route 53.*\n$/,
    );
    expect(examined.code).toBe(1);
    expect(examined.stdout).toMatch(/zone .*is no hosted zone/);
  });

  test.each(['route53:ListHostedZonesByName', 'route53:GetHostedZone'])(
    '%s: so it is with the zone itself',
    async (operation) => {
      const { fleet } = fleetWithStale();
      const server = await serve(fleet.world);
      server.addFault({ operation, effect: reply('') });
      const zone = operation.endsWith('ByName') ? ZONE_NAME : fleet.zone.id;

      const run = openWorker(server, { ...SYNC, '--zone': zone }).apply();

      await expect(run).rejects.toMatchObject({
        code: 'aws',
        message: expect.stringContaining('the answer is empty'),
      });
    },
  );
});

describe('a change whose answer is none is looked up', () => {
  test.each([
    { what: 'carried out, and answered with nothing', body: '', isCarriedOut: true },
    { what: 'carried out, and answered with HTML', body: HTML, isCarriedOut: true },
    { what: 'carried out, and answered with another document', body: '<ok/>', isCarriedOut: true },
    { what: 'not carried out, and answered with HTML once', body: HTML, isCarriedOut: false },
  ])('$what', async ({ body, isCarriedOut }) => {
    const { fleet, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'reply', body, isCarriedOut } });

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ applied: 1, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('and is never taken for done', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: CHANGE, effect: reply(HTML) });

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ applied: 0, failed: 1 });
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('an inventory that was not read is not an empty inventory', () => {
  test.each(
    [
      'ecs:ListClusters',
      'ecs:ListTasks',
      'ecs:DescribeTasks',
      'ecs:ListContainerInstances',
      'ecs:DescribeContainerInstances',
      'ec2:DescribeInstances',
    ].flatMap((operation) => ['', '{}', '[]', XHTML, '<ok/>'].map((body) => ({ operation, body }))),
  )('$operation answers 200 with "$body": it is told, and nothing goes', async ({ operation, body }) => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation, effect: reply(body) });

    const { incomplete, summary } = await openWorker(server, {
      ...WITHOUT_BUDGET,
      '--allow-empty': true,
    }).apply();

    expect(new Set(incomplete.map((scope) => scope.operation))).toContain(operation);
    expect(summary.removals).toBe(0);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('an answer that breaks off in the middle', () => {
  test.each([LIST, 'ecs:ListTasks', 'ecs:DescribeTasks', 'ec2:DescribeInstances'])(
    '%s: is asked for again',
    async (operation) => {
      const { fleet, staleSets, before } = fleetWithStale();
      const server = await serve(fleet.world);
      server.addFault({ operation, times: 1, effect: { kind: 'deliver', delivery: 'breaks' } });

      const { incomplete, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

      expect(incomplete).toEqual([]);
      expect(summary).toMatchObject({ applied: 1, failed: 0 });
      expect(fleet.zone.list()).toEqual(without(before, staleSets));
    },
  );
});
