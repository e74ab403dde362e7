import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { metricTitle, publishMetrics } from '../../src/lambda/publish-metrics.ts';
import { METRICS, type Metric, type MetricName } from '../../src/report/metrics.ts';
import { capture, dimensionsOf, directiveOf } from './support.ts';

const NAMES = Object.keys(METRICS) as MetricName[];

/** Every metric once, with a value for each of its labels. */
const FIGURES: readonly Metric[] = NAMES.map((name, value) => ({
  name,
  value,
  labels: Object.fromEntries(METRICS[name].labels.map((label) => [label, `any-${label}`])),
}));

function publish(figures: readonly Metric[]) {
  const printed = capture();
  publishMetrics(new Metrics({ namespace: 'EcsDns', serviceName: 'ecs-dns' }), figures, 'Z1');
  return printed().metrics;
}

test('every metric is printed under its title, with its unit, its labels and the zone', () => {
  const lines = publish(FIGURES);

  const found = lines.flatMap((line) =>
    directiveOf(line).Metrics.map(
      ({ Name, Unit }) => [Name, [Unit, line[Name], dimensionsOf(line)]] as const,
    ),
  );
  const expected = FIGURES.map(
    ({ name, value }) =>
      [metricTitle(name), [METRICS[name].unit, value, ['zone', ...METRICS[name].labels]]] as const,
  );
  expect(new Map(found)).toEqual(new Map(expected));
  expect(found).toHaveLength(expected.length);
});

test('every dimension of a line has its value in it, and nothing else is there', () => {
  for (const line of publish(FIGURES)) {
    const { Namespace, Dimensions, Metrics: defined } = directiveOf(line);
    expect({ Namespace, sets: Dimensions.length }).toEqual({ Namespace: 'EcsDns', sets: 1 });
    const keys = ['_aws', ...dimensionsOf(line), ...defined.map(({ Name }) => Name)];
    expect(Object.keys(line).toSorted()).toEqual(keys.toSorted());
    expect(line['zone']).toBe('Z1');
  }
});

test('figures with the same labels share a line; those with others do not', () => {
  const lines = publish([
    { name: 'entries', value: 1, labels: { verdict: 'live' } },
    { name: 'duration', value: 2, labels: {} },
    { name: 'entries', value: 3, labels: { verdict: 'stale' } },
    { name: 'awsThrottled', value: 0, labels: {} },
  ]);

  expect(lines.map(({ _aws, ...fields }) => fields)).toEqual([
    { zone: 'Z1', verdict: 'live', Entries: 1 },
    { zone: 'Z1', Duration: 2, AwsThrottled: 0 },
    { zone: 'Z1', verdict: 'stale', Entries: 3 },
  ]);
});
