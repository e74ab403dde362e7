import { readFileSync } from 'node:fs';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import { keepSpans, type SpanTree, treeOf } from '../in-memory-spans.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

/** The spans of one run alone. */
function stagesOf(tree: SpanTree): readonly string[] {
  return Object.keys(tree['run'] ?? {});
}

/** The names of spans, but for those of calls, and of attributes that the documentation does not have. */
function undocumented(spans: readonly ReadableSpan[]): readonly string[] {
  const page = readFileSync(new URL('../../docs/tracing.md', import.meta.url), 'utf8');
  const names = spans.flatMap(({ name, attributes }) => [name, ...Object.keys(attributes)]);
  return [...new Set(names)].filter((name) => !/^[A-Z]/.test(name) && !page.includes(`\`${name}\``));
}

async function fleetWithStale() {
  const fleet = newFleet();
  const added = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  await listen(fleet);
  return { fleet, ...added, server: await serve(fleet.world) };
}

describe('a run is a span', () => {
  test('with its stages in their order, and the calls of AWS in the stage that makes them', async () => {
    const { spans } = keepSpans();
    const { server } = await fleetWithStale();

    const report = await openWorker(server, PROBING).apply();

    const tree = treeOf(spans());
    expect(Object.keys(tree)).toEqual(['run']);
    expect(stagesOf(tree)).toEqual(['observe', 'plan', 'approve', 'confirm', 'apply', 'publish', 'stop']);
    expect(tree['run']).toMatchObject({
      observe: { 'Route 53.ListResourceRecordSets': {}, 'ECS.DescribeTasks': {}, probe: {} },
      plan: { 'Route 53.ListResourceRecordSetProtections': {} },
      confirm: { 'ECS.ListTasks': {} },
      apply: { 'Route 53.ChangeResourceRecordSets': {} },
    });
    const { runId, zone, summary } = report;
    const run = spans().find(({ name }) => name === 'run');
    expect(run).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'ecs_dns.run_id': runId, 'ecs_dns.zone_id': zone.id, 'ecs_dns.removals': 2 },
    });
    expect(summary.removals).toBe(2);
    // What looks stale is asked, too.
    expect(spans().find(({ name }) => name === 'probe')?.attributes).toEqual({
      'ecs_dns.probes.asked': 6,
      'ecs_dns.probes.healthy': 4,
      'ecs_dns.probes.unhealthy': 2,
    });
    expect(undocumented(spans())).toEqual([]);
    expect(spans().find(({ name }) => name === 'apply')?.attributes).toMatchObject({
      'ecs_dns.changes.sent': 2,
      'ecs_dns.changes.applied': 2,
    });
  });

  test('has a span for each call that it counts', async () => {
    const { spans } = keepSpans();
    const { server } = await fleetWithStale();

    const { awsCalls } = await openWorker(server).apply();

    const methods = spans().flatMap(({ attributes }) => attributes['rpc.method'] ?? []);
    const counted = Object.entries(awsCalls).flatMap(([name, count]) =>
      Array.from({ length: count }, () => name.slice(name.indexOf(':') + 1)),
    );
    expect(new Set(methods)).toEqual(new Set(counted));
    expect(methods).toHaveLength(counted.length);
  });

  test('that failed where the run did', async () => {
    const { spans } = keepSpans();
    const { server } = await fleetWithStale();
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ListResourceRecordSets', effect });

    await expect(openWorker(server).plan()).rejects.toThrow();

    const failed = spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(({ name }) => name)).toEqual(['Route 53.ListResourceRecordSets', 'observe', 'run']);
  });

  test('that failed where a change did, although the run came to its report', async () => {
    const { spans } = keepSpans();
    const { server } = await fleetWithStale();
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ChangeResourceRecordSets', effect });

    const { summary } = await openWorker(server).apply();

    expect(summary.failed).toBe(2);
    const failed = spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(new Set(failed.map(({ name }) => name))).toEqual(
      new Set(['Route 53.ChangeResourceRecordSets', 'apply', 'run']),
    );
    expect(spans().find(({ name }) => name === 'run')?.status.message).toMatch(
      /^changes that failed: 2 of 2/,
    );
  });

  test('a dry run is none that is approved or applied', async () => {
    const { spans } = keepSpans();
    const { server } = await fleetWithStale();

    await openWorker(server).plan();

    expect(stagesOf(treeOf(spans()))).toEqual(['observe', 'plan']);
  });
});

test('a look of events is a span with the stages of a run', async () => {
  const { spans } = keepSpans();
  const { server, live } = await fleetWithStale();
  const scopes = live.map(({ task }) => {
    const { taskArn, clusterArn: cluster } = task;
    return { kind: 'task' as const, cluster, taskArn };
  });

  await openWorker(server).runScopes(scopes);

  const tree = treeOf(spans());
  expect(Object.keys(tree)).toEqual(['look']);
  expect(Object.keys(tree['look'] ?? {})).toEqual(['observe', 'plan']);
  expect(undocumented(spans())).toEqual([]);
});

test('without a provider there is none', async () => {
  const { server } = await fleetWithStale();
  const report = await openWorker(server).apply();
  const { spans } = keepSpans();

  expect(report.summary.removals).toBe(2);
  expect(spans()).toEqual([]);
});
