import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPrometheusMetrics } from '../../src/watch/prometheus.ts';

/** The rows of the table of metrics in docs/container.md, cell by cell. */
function documented(): readonly (readonly string[])[] {
  const text = readFileSync(new URL('../../docs/container.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `(?:ecs_dns|nodejs|process)_/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The same of what is really exposed; the meaning is given for this project's own metrics only. */
async function exposed(): Promise<readonly (readonly string[])[]> {
  const { registry } = createPrometheusMetrics();
  return (await registry.getMetricsAsJSON()).map(({ name, type, help }) => {
    const labels: readonly string[] = Reflect.get(registry.getSingleMetric(name) ?? {}, 'labelNames') ?? [];
    const row = [`\`${name}\``, String(type), labels.map((label) => `\`${label}\``).join(', ') || '–'];
    return name.startsWith('ecs_dns_') ? [...row, help] : row;
  });
}

test('every metric is in the table, and nothing else is', async () => {
  const rows = documented().map((row) => (row[0]?.startsWith('`ecs_dns_') ? row : row.slice(0, 3)));

  expect(rows).toEqual(await exposed());
});

test('no row of the table lacks its meaning', () => {
  expect(documented().filter((row) => row.length !== 4 || row.at(-1) === '')).toEqual([]);
});
