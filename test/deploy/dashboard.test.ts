import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createPrometheusMetrics } from '../../src/watch/prometheus.ts';
import { eventfulRun, ORIGIN, samplesOf } from '../watch/exposed.ts';
import { reported } from '../watch/support.ts';
import { namesAndLabels, unknownIn } from './promql.ts';

const GRID_WIDTH = 24;

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own variable
const DATA_SOURCE = '${datasource}';
const source = z.object({ type: z.literal('prometheus'), uid: z.literal(DATA_SOURCE) });
const panelSchema = z.object({
  id: z.int().positive(),
  type: z.enum(['row', 'stat', 'timeseries', 'table']),
  title: z.string().min(1),
  description: z.string().min(1).optional(),
  gridPos: z.object({
    x: z.int().min(0),
    y: z.int().min(0),
    w: z.int().min(1).max(GRID_WIDTH),
    h: z.int().min(1),
  }),
  datasource: source.optional(),
  targets: z
    .array(
      z.object({ refId: z.string(), datasource: source, expr: z.string().min(1), legendFormat: z.string() }),
    )
    .default([]),
});
const variableSchema = z.object({
  type: z.enum(['datasource', 'query']),
  name: z.string(),
  query: z.union([z.string(), z.object({ query: z.string(), refId: z.string() })]),
});
const dashboard = z
  .object({
    title: z.string().min(1),
    uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
    schemaVersion: z.int().min(36),
    time: z.object({ from: z.string(), to: z.string() }),
    templating: z.object({ list: z.array(variableSchema) }),
    panels: z.array(panelSchema),
  })
  .parse(JSON.parse(readFileSync(new URL('../../deploy/grafana/ecs-dns.json', import.meta.url), 'utf8')));

const { panels } = dashboard;
const charts = panels.filter(({ type }) => type !== 'row');
const variables = dashboard.templating.list;

const exporter = createPrometheusMetrics(ORIGIN);
exporter.observe(reported({ run: eventfulRun() }));
const scrape = await exporter.page.metrics();

describe('the dashboard is what Grafana takes', () => {
  test('each panel has an id of its own, and each query of a panel too', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets } of panels)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  test('no panel lies over another or beyond the grid', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > GRID_WIDTH)).toEqual([]);
  });

  test.each(charts)('"$title" asks something of the data source, and says what it shows', (panel) => {
    expect(panel.targets.length).toBeGreaterThan(0);
    expect(panel).toMatchObject({
      datasource: { uid: DATA_SOURCE },
      description: expect.stringMatching(/\.$/),
    });
  });

  test('the data source, zone and source are variables, and every variable that is used is there', () => {
    expect(variables.map(({ name }) => name)).toEqual(['datasource', 'zone', 'source']);
    const builtIn = ['__range', '__rate_interval'];
    const used = charts.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name = '']) => name)),
    );
    expect(new Set(used)).toEqual(new Set([...builtIn, 'zone', 'source']));
  });
});

describe('the queries', () => {
  const expressions = charts.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

  test.each(expressions)('of "$title" use what the exporter has: $expr', ({ expr }) => {
    expect(unknownIn(namesAndLabels(expr), scrape)).toEqual([]);
  });

  test.each(expressions)('of "$title" are narrowed by zone and source: $expr', ({ expr }) => {
    const uses = namesAndLabels(expr);
    const labelsOf = (name: string) => uses.filter(({ metric }) => metric === name).map(({ label }) => label);
    for (const { metric } of uses)
      expect(labelsOf(metric)).toEqual(expect.arrayContaining(['zone', 'source']));
  });

  test.each(charts)('of "$title" have the labels that their legends name', ({ targets }) => {
    for (const { expr, legendFormat } of targets) {
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      for (const label of named.filter((one) => one !== 'instance'))
        expect(namesAndLabels(expr).map((use) => use.label)).toContain(label);
    }
  });

  test('of the variables use what the exporter has', () => {
    const texts = variables.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query]));
    const parts = texts.map((text) => /^label_values\((.+), (\w+)\)$/.exec(text));
    const uses = parts.flatMap((part) => {
      const [, selector = '', label = ''] = part ?? [];
      const [first] = namesAndLabels(selector);
      return [...namesAndLabels(selector), { metric: first?.metric ?? '', label }];
    });
    expect(uses.length).toBeGreaterThan(2);
    expect(unknownIn(uses, scrape)).toEqual([]);
  });

  test('leave out no metric of the project', () => {
    const shown = new Set(
      expressions.flatMap(({ expr }) => namesAndLabels(expr).map(({ metric }) => metric)),
    );
    const own = [...samplesOf(scrape).keys()].flatMap((series) => /^ecs_dns_\w+/.exec(series)?.[0] ?? []);
    // The other series of a histogram tell what its buckets tell.
    const left = [...new Set(own)].filter((name) => !shown.has(name) && !/_(?:sum|count)$/.test(name));
    expect(left).toEqual([]);
  });
});

describe('what is no PromQL, or names what is not there, is found', () => {
  test.each(['sum(', 'rate(ecs_dns_entries[5m]', 'ecs_dns_entries{verdict=}'])('%s', (expression) => {
    expect(() => namesAndLabels(expression)).toThrow(SyntaxError);
  });

  test.each([
    'ecs_dns_entrys',
    'ecs_dns_entries{reason="task-gone"}',
    'ecs_dns_entries{verdict="dead"}',
    'ecs_dns_entries{verdict=~"dead|gone"}',
    'sum by (reason) (ecs_dns_entries)',
  ])('%s', (expression) => {
    expect(unknownIn(namesAndLabels(expression), scrape)).not.toEqual([]);
  });
});
