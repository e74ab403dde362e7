import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricTitle } from '../../src/lambda/publish-metrics.ts';
import { EVENT_METRICS, type EventMetric } from '../../src/report/event-metrics.ts';
import { METRICS, type MetricName } from '../../src/report/metrics.ts';

const HEAD = '| Name | Unit | Dimensions | Meaning |';

/** The rows of the one table, their cells without the marks of Markdown. */
function documented(): readonly string[] {
  const lines = readFileSync(new URL('../../docs/lambda.md', import.meta.url), 'utf8').split('\n');
  const head = lines.findIndex((line) => line.replace(/ +/g, ' ') === HEAD);
  const rows = lines.slice(head + 2);
  return rows.slice(
    0,
    rows.findIndex((line) => !line.startsWith('|')),
  );
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** One row for each metric. */
function expected(): readonly string[] {
  const names = Object.keys(METRICS) as MetricName[];
  return [
    ...names.map((name) => {
      const { unit, labels, help } = METRICS[name];
      return row(`\`${metricTitle(name)}\``, unit, ['zone', ...labels].join(', '), help);
    }),
    ...(Object.keys(EVENT_METRICS) as EventMetric[]).map((name) =>
      row(`\`${metricTitle(name)}\``, EVENT_METRICS[name].unit, 'zone', EVENT_METRICS[name].help),
    ),
  ];
}

test('every metric stands in the table, and nothing else does', () => {
  expect(documented().map((line) => line.replace(/ +/g, ' '))).toEqual(expected());
});
