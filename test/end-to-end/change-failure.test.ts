import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/report-schema.ts';
import { runHere } from '../cli/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const BUDGET = { '--guardrails-removal-budget-percent': '100' };
const LIFTED = { env: { ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100' } };
const ARGS = `apply --yes --zone ${ZONE_NAME} --no-health-enabled --output json`.split(' ');

/** Two live entries a name, and as many stale ones as told. */
async function fleetWithStale(count: number) {
  const fleet = newFleet({ machines: 5 });
  const names = Array.from({ length: Math.ceil(count / 90) }, (_, i) => `_service-${i}._tcp`);
  const stale = names.flatMap(
    (name, i) => addService(fleet, name, { live: 2, stale: Math.min(90, count - i * 90) }).staleSets,
  );
  return { fleet, stale, before: fleet.zone.list(), server: await serve(fleet.world) };
}

describe('Route 53 does not take a batch at once', () => {
  test.each<{ what: string; effect: FaultEffect; times: number }>([
    { what: 'the reply is lost after it was applied', effect: { kind: 'apply-then-drop' }, times: 1 },
    { what: 'every reply is lost', effect: { kind: 'apply-then-drop' }, times: 100 },
    { what: 'it fails after it was applied', effect: { kind: 'apply-then-error' }, times: 2 },
    { what: 'the connection breaks before', effect: { kind: 'drop' }, times: 2 },
    {
      what: 'it fails twice before',
      effect: { kind: 'error', code: 'InternalError', status: 500 },
      times: 2,
    },
    {
      what: 'a prior request is not complete',
      effect: { kind: 'error', code: 'PriorRequestNotComplete' },
      times: 2,
    },
    { what: 'it throttles', effect: { kind: 'throttle' }, times: 3 },
  ])('and $what: all is applied, and the zone agrees', async ({ effect, times }) => {
    const { fleet, stale, before, server } = await fleetWithStale(20);
    server.addFault({ operation: CHANGE, times, effect });

    const { summary, awsCalls } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({ applied: 20, conflicts: 0, failed: 0 });
    expect(awsCalls).toEqual(server.counts());
    expect(fleet.zone.list()).toEqual(without(before, stale));
  });

  test('a lost reply ends the command with 0', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(5);
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'apply-then-drop' } });

    const { code, stdout, stderr } = await runHere(ARGS, server.url, LIFTED);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(reportSchema.parse(JSON.parse(stdout)).summary).toMatchObject({ applied: 5, conflicts: 0 });
    expect(fleet.zone.list()).toEqual(without(before, stale));
  });

  test('a lost reply does not hide a set that somebody else had changed', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(20);
    const [first] = stale;
    if (first === undefined) throw new TypeError('too few sets');
    const changed = { ...first, ResourceRecords: [{ Value: '1 1 1234 ip-10-0-0-9.ec2.internal' }] };
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'apply-then-drop' } });
    server.addFault({
      operation: CHANGE,
      times: 1,
      effect: { kind: 'before', before: () => void fleet.zone.put(changed) },
    });

    const { summary } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({ applied: 19, conflicts: 1, failed: 0 });
    expect(fleet.zone.list()).toHaveLength(before.length - 19);
    expect(fleet.zone.records.get(changed)).toEqual(changed);
  });
});

describe('1 of 500 changes in conflict', () => {
  test('ends with 499 applied, 1 conflict and exit code 3', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(500);
    const [culprit] = stale.slice(321);
    if (culprit === undefined) throw new TypeError('too few sets');
    const changed = { ...culprit, ResourceRecords: [{ Value: '1 1 1234 ip-10-0-0-9.ec2.internal' }] };
    server.addFault({
      operation: CHANGE,
      times: 1,
      effect: { kind: 'before', before: () => void fleet.zone.put(changed) },
    });

    const { code, stdout, stderr } = await runHere(ARGS, server.url, LIFTED);

    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const { summary, changes } = reportSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({ applied: 499, conflicts: 1, failed: 0 });
    expect(changes.filter(({ status }) => status === 'conflict')).toMatchObject([
      { recordSet: { SetIdentifier: culprit.SetIdentifier, ResourceRecords: culprit.ResourceRecords } },
    ]);
    expect(fleet.zone.list()).toHaveLength(before.length - 499);
    expect(fleet.zone.records.get(culprit)).toEqual(changed);
  });
});

describe('Route 53 allows no change', () => {
  test('every change has failed, the zone is untouched, and the exit code is 3', async () => {
    const { fleet, before, server } = await fleetWithStale(5);
    const message = 'User: worker is not authorized to perform: route53:ChangeResourceRecordSets';
    server.addFault({
      operation: CHANGE,
      effect: { kind: 'error', code: 'AccessDenied', status: 403, message },
    });

    const { code, stdout, stderr } = await runHere(ARGS, server.url, LIFTED);

    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const { summary, changes } = reportSchema.parse(JSON.parse(stdout));
    expect(summary).toMatchObject({ removals: 5, applied: 0, conflicts: 0, failed: 5 });
    for (const { detail } of changes) expect(detail).toContain(message);
    expect(server.counts()[CHANGE]).toBe(1);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('a throttle that never ends is given up, with every change failed', async () => {
    const { fleet, before, server } = await fleetWithStale(5);
    server.addFault({ operation: CHANGE, effect: { kind: 'throttle' } });

    const { summary, changes } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({ applied: 0, failed: 5 });
    for (const { detail } of changes) expect(detail).toMatch(/^Throttling/);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a run that is stopped while it applies', () => {
  test('finishes the batch under way, sends no other, and says of each change what became of it', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(1_100);
    const stop = new AbortController();
    server.addFault({
      operation: CHANGE,
      effect: { kind: 'before', before: () => stop.abort(new Error('stopped by SIGTERM')) },
    });

    const { summary, changes } = await openWorker(server, BUDGET).apply({ signal: stop.signal });

    expect(server.counts()[CHANGE]).toBe(1);
    expect(summary.applied).toBeGreaterThan(0);
    expect(summary.applied + summary.failed).toBe(1_100);
    const appliedIds = changes.flatMap(({ status, recordSet }) =>
      status === 'applied' ? [recordSet.SetIdentifier] : [],
    );
    const gone = stale.filter(({ SetIdentifier }) => appliedIds.includes(SetIdentifier));
    expect(fleet.zone.list()).toEqual(without(before, gone));
    const failed = changes.filter(({ status }) => status === 'failed');
    for (const { detail } of failed) expect(detail).toContain('the run was stopped');
  });
});
