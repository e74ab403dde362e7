import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/model/run-error.ts';
import { createPrometheusMetrics } from '../../src/watch/prometheus.ts';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import type { RunRecord } from '../../src/worker.ts';
import { foreign, groupOf, live, scope, srvSet, stale, unhealthy } from '../report/support.ts';
import { MINUTE, reported, runRecord } from './support.ts';

const CALLS = { 'ecs:ListTasks': 3, 'route53:ChangeResourceRecordSets': 1 };

/** One entry removed, one held back, one live, one foreign. */
function eventfulRun(): RunRecord {
  const gone = srvSet(1);
  const failing = unhealthy(srvSet(2));
  const group = groupOf(gone);
  return runRecord(
    {
      judgements: [stale(gone), failing, live(srvSet(3)), foreign(srvSet(4))],
      heldBack: [[failing, 'panic-threshold', '1 of 1 fails']],
      groups: [group],
      outcomes: [[group, { status: 'applied' }]],
      incomplete: [scope('cluster/blue')],
      durationMs: 1500,
    },
    { awsCalls: CALLS, awsThrottled: 2 },
  );
}

/** The samples of this project's own metrics after these events, as Prometheus reads them. */
async function samplesAfter(...events: readonly WatchEvent[]): Promise<Readonly<Record<string, number>>> {
  const { registry, observe } = createPrometheusMetrics();
  for (const event of events) observe(event);
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('ecs_dns_'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('a run that came to a report', () => {
  test('is told in Prometheus’ names and units', async () => {
    const event = reported({ run: eventfulRun(), sinceMs: 5 * MINUTE, allowedMs: 3000, finishedAt: 7500 });

    expect(await samplesAfter(event)).toEqual({
      'ecs_dns_entries{verdict="live"}': 1,
      'ecs_dns_entries{verdict="stale"}': 1,
      'ecs_dns_entries{verdict="draining"}': 0,
      'ecs_dns_entries{verdict="unhealthy"}': 1,
      'ecs_dns_entries{verdict="unverified"}': 0,
      'ecs_dns_entries{verdict="protected"}': 0,
      'ecs_dns_entries{verdict="foreign"}': 1,
      'ecs_dns_removals_total{reason="task-gone"}': 1,
      ecs_dns_registrations_total: 0,
      ecs_dns_put_back_total: 0,
      ecs_dns_withheld: 0,
      'ecs_dns_held_back{guardrail="panic-threshold"}': 1,
      'ecs_dns_changes_total{status="applied"}': 1,
      'ecs_dns_changes_total{status="conflict"}': 0,
      'ecs_dns_changes_total{status="failed"}': 0,
      'ecs_dns_tasks_stopped_total{status="planned"}': 0,
      'ecs_dns_tasks_stopped_total{status="stopped"}': 0,
      'ecs_dns_tasks_stopped_total{status="failed"}': 0,
      'ecs_dns_tasks_stopped_total{status="waiting"}': 0,
      ecs_dns_stale_record_minutes_total: 5,
      'ecs_dns_probes_total{outcome="healthy"}': 0,
      'ecs_dns_probes_total{outcome="unhealthy"}': 0,
      'ecs_dns_probes_total{outcome="indeterminate"}': 0,
      ecs_dns_network_self_test_failed: 0,
      ecs_dns_incomplete_scopes: 1,
      'ecs_dns_aws_calls_total{operation="ecs:ListTasks"}': 3,
      'ecs_dns_aws_calls_total{operation="route53:ChangeResourceRecordSets"}': 1,
      ecs_dns_aws_throttled_total: 2,
      ecs_dns_run_duration_seconds: 1.5,
      ecs_dns_deadline_used_ratio: 0.5,
      'ecs_dns_runs_total{result="good"}': 1,
      'ecs_dns_runs_total{result="failed"}': 0,
      'ecs_dns_runs_total{result="stopped"}': 0,
      ecs_dns_runs_skipped_total: 0,
      ecs_dns_last_success_timestamp_seconds: 7.5,
    });
  });

  test('adds to the counters of the one before, and replaces its gauges, labels and all', async () => {
    const samples = await samplesAfter(
      reported({ run: eventfulRun() }),
      reported({ run: eventfulRun() }),
      reported({ run: runRecord({ durationMs: 250 }) }),
    );

    expect(samples).toMatchObject({
      'ecs_dns_removals_total{reason="task-gone"}': 2,
      'ecs_dns_aws_calls_total{operation="ecs:ListTasks"}': 6,
      ecs_dns_stale_record_minutes_total: 10,
      'ecs_dns_entries{verdict="stale"}': 0,
      ecs_dns_incomplete_scopes: 0,
      ecs_dns_run_duration_seconds: 0.25,
      'ecs_dns_runs_total{result="good"}': 3,
    });
    expect(samples).not.toHaveProperty(['ecs_dns_held_back{guardrail="panic-threshold"}']);
  });

  test('but failed in part does not count as good', async () => {
    const samples = await samplesAfter(
      reported({ finishedAt: 7500 }),
      reported({ warning: 'failed', finishedAt: 9000 }),
    );

    expect(samples).toMatchObject({
      'ecs_dns_runs_total{result="good"}': 1,
      'ecs_dns_runs_total{result="failed"}': 1,
      ecs_dns_last_success_timestamp_seconds: 7.5,
    });
  });

  test('tells quantiles of the probes’ latency in seconds', async () => {
    const run = eventfulRun();
    const healthy = { kind: 'healthy', durationMs: 40, attempts: 1, status: 200 } as const;
    const probeResults = { ...run.result.probeResults, outcomes: new Map([['a', healthy]]) };

    expect(
      await samplesAfter(reported({ run: { ...run, result: { ...run.result, probeResults } } })),
    ).toMatchObject({
      'ecs_dns_probe_latency_seconds{quantile="0.5"}': 0.04,
      'ecs_dns_probe_latency_seconds{quantile="0.99"}': 0.04,
    });
  });
});

describe('what else happens', () => {
  test('is counted, and leaves the figures of the last report', async () => {
    const samples = await samplesAfter(
      reported({ run: eventfulRun() }),
      { kind: 'failed', error: new RunError('aws', 'down') },
      { kind: 'skipped', ticks: 3 },
      { kind: 'stopped', run: undefined },
    );

    expect(samples).toMatchObject({
      'ecs_dns_entries{verdict="stale"}': 1,
      'ecs_dns_runs_total{result="good"}': 1,
      'ecs_dns_runs_total{result="failed"}': 1,
      'ecs_dns_runs_total{result="stopped"}': 1,
      ecs_dns_runs_skipped_total: 3,
    });
  });

  test('nothing yet is zeros to rise from', async () => {
    expect(await samplesAfter()).toMatchObject({
      'ecs_dns_runs_total{result="good"}': 0,
      ecs_dns_aws_throttled_total: 0,
      ecs_dns_last_success_timestamp_seconds: 0,
    });
  });
});
