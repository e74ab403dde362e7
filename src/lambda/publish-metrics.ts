import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { EventMetric } from '../report/event-metrics.ts';
import { METRICS, type Metric, type MetricName } from '../report/metrics.ts';

/** The name that CloudWatch knows a metric by: `heldBack` is `HeldBack`. */
export function metricTitle(name: MetricName | EventMetric): string {
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
  const groups = new Map<string, readonly Metric[]>();
  for (const figure of figures) {
    const key = JSON.stringify(figure.labels);
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  for (const group of groups.values()) {
    for (const [label, value] of Object.entries({ zone: zoneId, ...group[0]?.labels }))
      metrics.addDimension(label, value);
    for (const { name, value } of group)
      metrics.addMetric(metricTitle(name), MetricUnit[METRICS[name].unit], value);
    metrics.publishStoredMetrics();
  }
}
