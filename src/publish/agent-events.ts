import { z } from 'zod';
import type { EventEntry } from './event-entries.ts';
import { DETAIL_TYPES, type PublishedEvent, type PublishedValue } from './event-schema.ts';

export const AGENT_EVENT_SOURCE = 'awslabs.ecs.container';

/** What the host agent told, as EventBridge's `detail-type`. */
export const AGENT_DETAIL_TYPES = { registered: 'Task Started', removed: 'Task Stopped' } as const;

/** The detail of an event in the host agent's words, for rules and consumers that were made for them. */
export const agentDetailSchema = z.strictObject({
  dockerId: z.string().describe('The id of the container.'),
  TaskArn: z.string().describe('The ARN of its ECS task; empty where that is not known.'),
});

/**
 * The entries of events in the host agent's words: one a container, whatever the number of its records, as the agent
 * told of containers. Records that are of no container, such as those of hosts and balancers, are in none.
 */
export function agentEntries(bus: string, events: readonly PublishedEvent[]): readonly EventEntry[] {
  const entries = new Map<string, EventEntry>();
  for (const event of events) {
    for (const value of event.detail.values) {
      if (value.containerId === undefined || value.reason === 'duplicate') continue;
      const key = `${event['detail-type']} ${value.containerId}`;
      if (!entries.has(key)) entries.set(key, agentEntry(bus, event, value.containerId, value));
    }
  }
  return [...entries.values()];
}

function agentEntry(
  EventBusName: string,
  event: PublishedEvent,
  dockerId: string,
  { task = '', host }: PublishedValue,
): EventEntry {
  const isNew = event['detail-type'] === DETAIL_TYPES.registered;
  return {
    EventBusName,
    Source: AGENT_EVENT_SOURCE,
    DetailType: isNew ? AGENT_DETAIL_TYPES.registered : AGENT_DETAIL_TYPES.removed,
    Detail: JSON.stringify({ dockerId, TaskArn: task } satisfies z.infer<typeof agentDetailSchema>),
    Time: new Date(event.detail.time),
    ...(host === undefined ? {} : { Resources: [host] }),
  };
}
