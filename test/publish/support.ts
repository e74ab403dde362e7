import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Container } from '../../src/model/inventory.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { eventSchema, type PublishedEvent } from '../../src/publish/event-schema.ts';
import type { KeptEvent } from '../../src/sandbox/world/kept-events.ts';
import { BLUE } from '../clusters.ts';

export const ZONE = { id: 'Z0123456789ABC', name: 'servicediscovery.internal.' };
export const TIME = Date.parse('2026-10-08T16:53:06.123Z');
export const HOST = 'ip-10-0-1-2.ec2.internal';
export const DOCKER_ID = 'a'.repeat(64);
export const TASK_ID = '0123456789abcdef0123456789abcdef';
export const TASK_ARN = `arn:aws:ecs:us-east-1:123456789012:task/blue/${TASK_ID}`;

/** An SRV set in the agents' form. */
export function srv(values: readonly string[], fields: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: `_orders._tcp.${ZONE.name}`,
    Type: 'SRV',
    SetIdentifier: `${HOST}:${DOCKER_ID}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: values.map((Value) => ({ Value })),
    ...fields,
  };
}

/** A running container on a host. */
export function container(fields: Partial<Container> = {}): Container {
  return {
    id: DOCKER_ID,
    name: 'orders',
    taskArn: TASK_ARN,
    cluster: BLUE,
    host: {
      containerInstance: 'arn:aws:ecs:us-east-1:123456789012:container-instance/blue/1',
      instanceId: 'i-1',
      cluster: BLUE,
      state: 'present',
      privateDnsName: HOST,
      address: '10.0.1.2',
      vpcId: undefined,
      isDraining: false,
      placement: undefined,
      secondaryAddresses: [],
      isAgentConnected: true,
      taskCount: 1,
    },
    phase: 'running',
    startedAt: 0,
    essential: true,
    ecsHealth: 'UNKNOWN',
    ecsService: undefined,
    reachedAt: [],
    networkInterface: undefined,
    addressName: undefined,
    serviceNames: [],
    ...fields,
  };
}

/** The documented schema: what a consumer would validate against. */
const documented = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('../../docs/events.schema.json', import.meta.url), 'utf8')),
);

/** An event that was checked against the documented schema and the one in the code, which knows every field. */
export function checked(event: unknown): PublishedEvent {
  documented.parse(event);
  const known = eventSchema.parse(event);
  if (JSON.stringify(sorted(known)) !== JSON.stringify(sorted(event)))
    throw new TypeError(`the event has fields that are not documented: ${JSON.stringify(event)}`);
  return known;
}

/** The events of a bus, as consumers get them, each of them checked. */
export function received(events: readonly KeptEvent[]): readonly PublishedEvent[] {
  return events.map(({ source, detailType, detail }) =>
    checked({ source, 'detail-type': detailType, detail: JSON.parse(detail) }),
  );
}

/** The same with the keys of all its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
