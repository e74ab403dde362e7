import { describe, expect, test } from 'vitest';
import { AWS_OPERATIONS } from '../../src/aws/operations.ts';
import { STOP_STATUSES } from '../../src/model/task-stop.ts';
import { REMOVAL_REASONS, VERDICTS } from '../../src/model/verdict.ts';
import { GUARDRAIL_NAMES } from '../../src/plan/plan.ts';
import { promtool, testWithPromtool } from '../promtool.ts';
import { eventfulRun, samplesOf, startExporter } from './exposed.ts';
import { reported } from './support.ts';

const ORIGIN_LABELS = 'zone="discovery.internal",source="123456789012/eu-west-1"';

/** The series of this project's own metrics. */
async function seriesOf({ scrape }: Awaited<ReturnType<typeof startExporter>>): Promise<readonly string[]> {
  return [...samplesOf(await scrape()).keys()].filter((name) => name.startsWith('ecs_dns_')).toSorted();
}

describe('promtool has nothing to say', () => {
  testWithPromtool('of the first scrape, nor of one after a run', async () => {
    const exporter = await startExporter();
    const results = [promtool(['check', 'metrics'], await exporter.scrape())];
    exporter.observe(reported({ run: eventfulRun() }));
    results.push(promtool(['check', 'metrics'], await exporter.scrape()));

    expect(results).toEqual([
      { code: 0, output: '' },
      { code: 0, output: '' },
    ]);
  });

  testWithPromtool('but it does of a gauge that is called a total', () => {
    const text = '# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n';

    expect(promtool(['check', 'metrics'], text)).toMatchObject({
      code: 3,
      output: expect.stringMatching(/_total/),
    });
  });
});

describe('the first scrape', () => {
  test('has every series that there will ever be', async () => {
    const exporter = await startExporter();
    const before = await seriesOf(exporter);
    exporter.observe(reported({ run: eventfulRun() }));
    exporter.observe({ kind: 'failed', error: new Error('down') });
    exporter.observe({ kind: 'skipped', ticks: 1 });

    expect(await seriesOf(exporter)).toEqual(before);
  });

  test.each([
    { metric: 'ecs_dns_entries', label: 'verdict', values: VERDICTS },
    { metric: 'ecs_dns_removals_total', label: 'reason', values: REMOVAL_REASONS },
    { metric: 'ecs_dns_held_back', label: 'guardrail', values: GUARDRAIL_NAMES },
    {
      metric: 'ecs_dns_changes_total',
      label: 'status',
      values: ['already-done', 'applied', 'conflict', 'failed'],
    },
    { metric: 'ecs_dns_tasks_stopped_total', label: 'status', values: STOP_STATUSES },
    { metric: 'ecs_dns_aws_calls_total', label: 'operation', values: AWS_OPERATIONS },
    { metric: 'ecs_dns_runs_total', label: 'result', values: ['good', 'failed', 'stopped'] },
  ])('has $metric with each $label at 0', async ({ metric, label, values }) => {
    const { scrape } = await startExporter();
    const samples = [...samplesOf(await scrape())].filter(([name]) => name.startsWith(`${metric}{`));

    const wanted = values.map((value) => [`${metric}{${label}="${value}",${ORIGIN_LABELS}}`, 0] as const);
    expect(new Map(samples)).toEqual(new Map(wanted));
  });

  test('says which version runs', async () => {
    const { scrape } = await startExporter();

    const node = process.version.slice(1);
    const info = `ecs_dns_build_info{version="1.2.3",node="${node}",${ORIGIN_LABELS}}`;
    expect(samplesOf(await scrape()).get(info)).toBe(1);
  });
});

describe('the labels of the origin', () => {
  test('are on every series', async () => {
    const { scrape } = await startExporter();

    const others = [...samplesOf(await scrape()).keys()].filter((name) => !name.includes(ORIGIN_LABELS));
    expect(others).toEqual([]);
  });

  test('are asked for once, and the first scrape waits for them', async () => {
    let asked = 0;
    const { scrape } = await startExporter({ source: async () => `source-${++asked}` });

    const texts = [await scrape(), await scrape()];
    expect(asked).toBe(1);
    expect(texts.every((text) => text.includes('source="source-1"'))).toBe(true);
  });
});

test('there are fewer than 300 series of its own, whatever runs', async () => {
  expect((await seriesOf(await startExporter())).length).toBeLessThan(300);
});
