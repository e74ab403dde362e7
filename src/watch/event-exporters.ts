import { Counter, Histogram, type Registry } from 'prom-client';
import { EVENT_METRICS } from '../report/event-metrics.ts';
import type { FollowEvent } from './follow-events.ts';

const MS_PER_SECOND = 1000;
/** In seconds. */
const LOOK_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const AGE_BUCKETS = [1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/** The metrics of the events of ECS that a watch acts on; without a queue they stay 0. */
export function eventMetrics(registry: Registry): { readonly observe: (event: FollowEvent) => void } {
  const registers = [registry];
  const looks = new Counter({
    name: 'ecs_dns_event_looks_total',
    help: 'Looks where events say, by how they ended: good, or failed and to be tried again.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['good', 'failed']) looks.inc({ result }, 0);
  const events = new Counter({ name: 'ecs_dns_events_total', help: EVENT_METRICS.events.help, registers });
  const ignored = new Counter({
    name: 'ecs_dns_events_ignored_total',
    help: EVENT_METRICS.eventsIgnored.help,
    registers,
  });
  const duration = new Histogram({
    name: 'ecs_dns_event_duration_seconds',
    help: EVENT_METRICS.eventDuration.help,
    buckets: LOOK_BUCKETS,
    registers,
  });
  const age = new Histogram({
    name: 'ecs_dns_event_age_seconds',
    help: 'How old the oldest message of a look was when it was taken from the queue.',
    buckets: AGE_BUCKETS,
    registers,
  });
  return {
    observe: (event) => {
      const isGood = event.kind === 'looked' && event.failure === undefined;
      looks.inc({ result: isGood ? 'good' : 'failed' });
      if (event.kind === 'failed') return;
      events.inc(event.messages);
      ignored.inc(event.ignored);
      duration.observe(event.durationMs / MS_PER_SECOND);
      if (event.ageMs !== undefined) age.observe(event.ageMs / MS_PER_SECOND);
    },
  };
}
