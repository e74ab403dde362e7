import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { promtool, testWithPromtool } from '../promtool.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { eventfulRun, samplesOf, startExporter } from '../watch/exposed.ts';
import { reported } from '../watch/support.ts';
import { namesAndLabels, unknownIn } from './promql.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RULES = join(ROOT, 'deploy/prometheus/rules.yaml');
const RULE_TESTS = join(ROOT, 'deploy/prometheus/rules.test.yaml');

const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          annotations: z.object({ summary: z.string(), description: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const testFile = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

const rules = ruleFile.parse(parse(readFileSync(RULES, 'utf8'))).groups.flatMap((group) => group.rules);
const ruleTests = testFile
  .parse(parse(readFileSync(RULE_TESTS, 'utf8')))
  .tests.flatMap(({ alert_rule_test: tests }) => tests);

/** The anchors of a page's headings, as Markdown's readers make them. */
function anchorsOf(page: string): readonly string[] {
  const headings = readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('the alert rules', () => {
  testWithPromtool('are right to promtool', () => {
    expect(promtool(['check', 'rules', RULES])).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${rules.length} rules found`),
    });
  });

  testWithPromtool('fire and do not fire as their unit tests say', () => {
    const { code, output } = promtool(['test', 'rules', RULE_TESTS]);

    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });

  test.each(rules)('$alert has a unit test in which it fires, and one in which it does not', ({ alert }) => {
    const own = ruleTests.filter(({ alertname }) => alertname === alert);

    expect(own.some(({ exp_alerts: alerts }) => alerts.length > 0)).toBe(true);
    expect(own.some(({ exp_alerts: alerts }) => alerts.length === 0)).toBe(true);
  });

  test.each(rules)('$alert points at a part of the documentation that is there', ({ annotations }) => {
    const [page = '', anchor = ''] = annotations.runbook.split('#');

    expect(anchorsOf(page)).toContain(anchor);
  });

  test('use nothing that the exporter does not have', async () => {
    const { scrape } = await startExporter();

    const uses = rules.flatMap(({ expr }) => namesAndLabels(expr));
    expect(unknownIn(uses, await scrape())).toEqual([]);
  });
});

/** Scrapes as a series of promtool's: a minute between them, and the last one again and again. */
function asSeries(scrapes: readonly string[], repeats: number) {
  const parsed = scrapes.map(samplesOf);
  const names = new Set(parsed.flatMap((samples) => [...samples.keys()]));
  return [...names]
    .filter((name) => name.startsWith('ecs_dns_') && !name.includes('_bucket'))
    .map((series) => {
      const values = parsed.map((samples) => samples.get(series) ?? '_');
      return { series, values: [...values, `${values.at(-1)}x${repeats}`].join(' ') };
    });
}

/** What promtool makes of an expression over series, five minutes after their beginning. */
async function evaluate(expression: string, series: ReturnType<typeof asSeries>, expected: number) {
  const file = join(await temporaryDirectory(), 'test.yaml');
  const samples = { labels: '{}', value: expected };
  const query = { expr: expression, eval_time: '5m', exp_samples: [samples] };
  const tests = [{ interval: '1m', input_series: series, promql_expr_test: [query] }];
  writeFileSync(file, stringify({ rule_files: [], evaluation_interval: '1m', tests }));
  return promtool(['test', 'rules', file]);
}

describe('the first removal there ever was', () => {
  const INCREASE = 'sum(increase(ecs_dns_removals_total{reason="task-gone"}[5m]))';

  async function twoScrapes(): Promise<readonly string[]> {
    const { scrape, observe } = await startExporter();
    const first = await scrape();
    observe(reported({ run: eventfulRun() }));
    return [first, await scrape()];
  }

  testWithPromtool('is an increase of 1', async () => {
    const result = await evaluate(INCREASE, asSeries(await twoScrapes(), 4), 1);

    expect(result).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });

  testWithPromtool('would be one of 0, had its series not been there before', async () => {
    const [first = '', second = ''] = await twoScrapes();
    const withoutZeros = first.replaceAll(/^ecs_dns_removals_total\{.* 0$/gm, '');
    const result = await evaluate(INCREASE, asSeries([withoutZeros, second], 4), 0);

    expect(result).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});
