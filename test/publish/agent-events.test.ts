import { expect, test } from 'vitest';
import {
  AGENT_DETAIL_TYPES,
  AGENT_EVENT_SOURCE,
  agentDetailSchema,
  agentEntries,
} from '../../src/publish/agent-events.ts';
import type { PublishedEvent, PublishedValue } from '../../src/publish/event-schema.ts';
import { DOCKER_ID, HOST, srv, TASK_ARN, TIME, ZONE } from './support.ts';

function event(type: 'Registered' | 'Removed', values: PublishedValue[]): PublishedEvent {
  const [version, id, time] = [1 as const, 'a'.repeat(32), new Date(TIME).toISOString()];
  const recordSet = { Name: 'x', Type: 'SRV', ResourceRecords: [...(srv(['a']).ResourceRecords ?? [])] };
  const detail = { version, id, time, zone: ZONE, reasons: [], recordSet, values };
  return { source: 'ecs-dns', 'detail-type': `ECS DNS Record ${type}`, detail };
}

const VALUE = { value: 'a', containerId: DOCKER_ID, task: TASK_ARN, host: HOST };
const entry = (DetailType: string, detail: object = { dockerId: DOCKER_ID, TaskArn: TASK_ARN }) => ({
  EventBusName: 'bus',
  Source: AGENT_EVENT_SOURCE,
  DetailType,
  Detail: JSON.stringify(detail),
  Time: new Date(TIME),
});

test.each<[string, readonly PublishedEvent[], readonly object[]]>([
  ['a start', [event('Registered', [VALUE])], [{ ...entry('Task Started'), Resources: [HOST] }]],
  ['a stop', [event('Removed', [VALUE])], [{ ...entry('Task Stopped'), Resources: [HOST] }]],
  [
    'one container with two records, as one',
    [event('Removed', [VALUE, { ...VALUE, value: 'b' }]), event('Removed', [VALUE])],
    [{ ...entry('Task Stopped'), Resources: [HOST] }],
  ],
  [
    'a container that is registered anew, as both',
    [event('Removed', [VALUE]), event('Registered', [VALUE])],
    [
      { ...entry('Task Stopped'), Resources: [HOST] },
      { ...entry('Task Started'), Resources: [HOST] },
    ],
  ],
  [
    'a task and a host that are not known, as empty and none',
    [event('Removed', [{ value: 'a', containerId: DOCKER_ID }])],
    [entry('Task Stopped', { dockerId: DOCKER_ID, TaskArn: '' })],
  ],
  ['what is of no container, as nothing', [event('Removed', [{ value: '10.0.0.1', host: HOST }])], []],
  ['a duplicate, as nothing', [event('Removed', [{ ...VALUE, reason: 'duplicate' }])], []],
])('tell %s', (_, events, expected) => {
  const entries = agentEntries('bus', events);
  expect(entries).toEqual(expected);
  for (const { Detail, DetailType } of entries) {
    agentDetailSchema.parse(JSON.parse(Detail));
    expect(Object.values<string>(AGENT_DETAIL_TYPES)).toContain(DetailType);
  }
});
