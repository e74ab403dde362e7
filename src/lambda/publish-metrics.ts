import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS, type Metric, type MetricName } from '../report/metrics.ts';

const UNITS = {
  Count: MetricUnit.Count,
  Milliseconds: MetricUnit.Milliseconds,
  Percent: MetricUnit.Percent,
} as const;

/** The name that CloudWatch knows a metric by: `heldBack` is `HeldBack`. */
export function metricTitle(name: MetricName): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/**
 * Prints metrics in embedded metric format: one line for those without labels, and one for each
 * combination of labels, because all metrics of a line share their dimensions. The dimension `zone` is
 * the zone's id: two zones may share a name.
 */
export function publishMetrics(metrics: Metrics, figures: readonly Metric[], zoneId: string): void {
  // Without this every metric would bear the service as one more dimension, which tells nothing here.
  metrics.clearDefaultDimensions();
  for (const group of byLabels(figures)) {
    const [first] = group;
    for (const [label, value] of Object.entries({ zone: zoneId, ...first?.labels })) {
      metrics.addDimension(label, value);
    }
    for (const { name, value } of group)
      metrics.addMetric(metricTitle(name), UNITS[METRICS[name].unit], value);
    metrics.publishStoredMetrics();
  }
}

function byLabels(figures: readonly Metric[]): Iterable<readonly Metric[]> {
  const groups = new Map<string, Metric[]>();
  for (const figure of figures) {
    const key = JSON.stringify(figure.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [figure]);
    else group.push(figure);
  }
  return groups.values();
}
