import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { parseEvent, readEvents } from '../../../src/sources/docker/engine-events.ts';

const ID = 'a'.repeat(64);

it.each<[string, unknown, string | undefined]>([
  ['Docker', { Type: 'container', Action: 'start', Actor: { ID } }, 'start'],
  ['Docker, of its end', { Type: 'container', Action: 'die', Actor: { ID }, status: 'die', id: ID }, 'die'],
  ['Docker, of its health', { Type: 'container', Action: 'health_status: healthy', Actor: { ID } }, 'health'],
  ['an older engine', { status: 'start', id: ID }, 'start'],
  ['podman in its own words', { Type: 'container', Action: 'died', Actor: { ID } }, 'die'],
  ['something else of it', { Type: 'container', Action: 'exec_create', Actor: { ID } }, undefined],
  ['a network', { Type: 'network', Action: 'start', Actor: { ID } }, undefined],
  ['no container', { Type: 'container', Action: 'start', Actor: {} }, undefined],
  ['no object', 7, undefined],
  ['nothing', null, undefined],
])('an event of %s', (_, event, action) => {
  const parsed = parseEvent(JSON.stringify(event));
  expect(parsed && { action: parsed.action, containerId: parsed.containerId }).toEqual(
    action === undefined ? undefined : { action, containerId: ID },
  );
});

it('an event of health says which, in the words of Docker or of podman', () => {
  const health = (Action: string, Attributes?: object) =>
    parseEvent(JSON.stringify({ Type: 'container', Action, Actor: { ID, Attributes } }))?.health;
  expect(health('health_status: healthy', {})).toBe('health_status: healthy');
  expect(health('health_status', { health_status: 'unhealthy' })).toBe('health_status unhealthy');
  expect(health('health_status', { containerHealthStatus: 'healthy' })).toBe('health_status  healthy');
  expect(health('health_status')).toBe('health_status');
});

it('events are read from whatever pieces they come in, and what is no JSON is left out', async () => {
  const line = (n: number) => `${JSON.stringify({ status: 'start', id: `${n}é` })}\n`;
  const bytes = Buffer.from(`${line(1)}{"half\n\n${line(2)}${'x'.repeat(1_100_000)}\n${line(3)}`);
  const pieces = [bytes.subarray(0, 29), bytes.subarray(29, 60), bytes.subarray(60)];
  const ids: string[] = [];
  for await (const { containerId } of readEvents(Readable.from(pieces))) ids.push(containerId);
  expect(ids).toEqual(['1é', '2é', '3é']);
});
