import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/model/run-error.ts';
import type { FollowEvent } from '../../src/watch/follow-events.ts';
import { createPrometheusMetrics } from '../../src/watch/prometheus.ts';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import { eventfulRun, ORIGIN, samplesOf } from './exposed.ts';
import { MINUTE, reported, runRecord } from './support.ts';

type Look = Extract<FollowEvent, { kind: 'looked' }>;

/** The samples of this project's own metrics after these events, as Prometheus reads them. */
async function samplesAfter(
  ...events: readonly (WatchEvent | Look)[]
): Promise<Readonly<Record<string, number>>> {
  const { registry, observe, observeEvents } = createPrometheusMetrics(ORIGIN);
  for (const event of events) {
    if (event.kind === 'looked') observeEvents(event);
    else observe(event);
  }
  return Object.fromEntries(samplesOf(await registry.metrics()));
}

describe('a run that came to a report', () => {
  test('is told in Prometheus’ names and units', async () => {
    const event = reported({ run: eventfulRun(), sinceMs: 5 * MINUTE, allowedMs: 3000, finishedAt: 7500 });

    expect(await samplesAfter(event)).toMatchObject({
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
      ecs_dns_stale_record_seconds_total: 300,
      'ecs_dns_probes_total{outcome="healthy"}': 0,
      'ecs_dns_probe_latency_seconds_bucket{le="0.025"}': 0,
      'ecs_dns_probe_latency_seconds_bucket{le="0.05"}': 1,
      ecs_dns_probe_latency_seconds_sum: 0.04,
      'ecs_dns_probes_total{outcome="unhealthy"}': 0,
      'ecs_dns_probes_total{outcome="indeterminate"}': 0,
      ecs_dns_network_self_test_failed: 0,
      ecs_dns_incomplete_scopes: 1,
      'ecs_dns_aws_calls_total{operation="ecs:ListTasks"}': 3,
      'ecs_dns_aws_calls_total{operation="route53:ChangeResourceRecordSets"}': 1,
      ecs_dns_aws_throttled_total: 2,
      ecs_dns_run_duration_seconds_sum: 1.5,
      'ecs_dns_run_duration_seconds_bucket{le="1"}': 0,
      'ecs_dns_run_duration_seconds_bucket{le="2.5"}': 1,
      ecs_dns_run_interval_seconds: 300,
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
      ecs_dns_stale_record_seconds_total: 600,
      'ecs_dns_entries{verdict="stale"}': 0,
      ecs_dns_incomplete_scopes: 0,
      'ecs_dns_held_back{guardrail="panic-threshold"}': 0,
      ecs_dns_run_duration_seconds_sum: 3.25,
      'ecs_dns_runs_total{result="good"}': 3,
    });
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

describe('a look of events', () => {
  const run = eventfulRun();
  const look: Look = {
    kind: 'looked',
    messages: 5,
    ignored: 1,
    scopes: [],
    record: {
      runs: [run, run],
      waiting: [],
      elsewhere: [],
      failure: undefined,
      calls: { awsCalls: { 'ecs:DescribeTasks': 2 }, awsThrottled: 1 },
    },
    durationMs: 1500,
    ageMs: 4000,
    failure: undefined,
  };

  test('adds to what runs have counted, and leaves what the last one has seen', async () => {
    const samples = await samplesAfter(reported(), look);

    expect(samples).toMatchObject({
      'ecs_dns_removals_total{reason="task-gone"}': 2,
      'ecs_dns_changes_total{status="applied"}': 2,
      'ecs_dns_aws_calls_total{operation="ecs:DescribeTasks"}': 2,
      'ecs_dns_aws_calls_total{operation="ecs:ListTasks"}': 0,
      ecs_dns_aws_throttled_total: 1,
      ecs_dns_probe_latency_seconds_count: 2,
      ecs_dns_incomplete_scopes: 0,
      'ecs_dns_entries{verdict="stale"}': 0,
      ecs_dns_stale_record_seconds_total: 0,
      ecs_dns_run_duration_seconds_count: 1,
    });
  });

  test('is counted itself, with its events and their age', async () => {
    const failure = { code: 'changes-failed', detail: 'no' } as const;

    expect(await samplesAfter(look, { ...look, ageMs: undefined, failure })).toMatchObject({
      ecs_dns_events_total: 10,
      ecs_dns_events_ignored_total: 2,
      'ecs_dns_event_looks_total{result="good"}': 1,
      'ecs_dns_event_looks_total{result="failed"}': 1,
      ecs_dns_event_duration_seconds_sum: 3,
      ecs_dns_event_age_seconds_count: 1,
      'ecs_dns_event_age_seconds_bucket{le="2.5"}': 0,
      'ecs_dns_event_age_seconds_bucket{le="5"}': 1,
    });
  });
});
