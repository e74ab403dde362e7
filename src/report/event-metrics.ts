import type { MetricUnit } from './metrics.ts';

/** What is counted of the events of ECS. The documentation and all exporters follow from it. */
export const EVENT_METRICS = {
  events: { unit: 'Count', help: 'Messages of the queue.' },
  eventsIgnored: {
    unit: 'Count',
    help: 'Messages of a kind that is not known, that cannot be read, or that are of another account or region.',
  },
  eventDuration: {
    unit: 'Milliseconds',
    help: 'How long it took to look where they say, with the wait for what starts.',
  },
} as const satisfies Record<string, { unit: MetricUnit; help: string }>;

export type EventMetric = keyof typeof EVENT_METRICS;
