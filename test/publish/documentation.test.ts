import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AGENT_DETAIL_TYPES, AGENT_EVENT_SOURCE, agentDetailSchema } from '../../src/publish/agent-events.ts';
import { DETAIL_TYPES, EVENT_SOURCE, eventSchema, eventsJsonSchema } from '../../src/publish/event-schema.ts';
import { checked } from './support.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const PAGE = read('events.md');
const BLOCKS: readonly Readonly<Record<string, unknown>>[] = [...PAGE.matchAll(/```json\n(.*?)```/gs)].map(
  ([, json = '']) => JSON.parse(json),
);
const isExample = (block: (typeof BLOCKS)[number]) => typeof block['source'] === 'string';
const EXAMPLES = BLOCKS.filter((block) => isExample(block) && block['source'] === EVENT_SOURCE);
const AGENT_EXAMPLES = BLOCKS.filter((block) => isExample(block) && block['source'] !== EVENT_SOURCE);
const PATTERNS = BLOCKS.filter(({ source }) => Array.isArray(source));

test('the documented schema is that of the code', () => {
  expect(read('events.schema.json')).toBe(eventsJsonSchema());
});

test('every detail type has its row and its example', () => {
  for (const type of Object.values(DETAIL_TYPES)) expect(PAGE).toContain(`| \`${type}\``);
  expect(EXAMPLES.map((example) => checked(example)['detail-type'])).toEqual(Object.values(DETAIL_TYPES));
});

test('every field of a detail has its row', () => {
  const fields = eventSchema.options.flatMap(({ shape }) => Object.keys(shape.detail.shape));
  const rows = [...PAGE.matchAll(/^\| `(\w+)` /gm)].map(([, field]) => field);
  expect(new Set(rows)).toEqual(new Set(fields));
});

test('the example in the words of the agent is one of its events', () => {
  expect(AGENT_EXAMPLES).toMatchObject([
    { source: AGENT_EVENT_SOURCE, 'detail-type': AGENT_DETAIL_TYPES.registered },
  ]);
  for (const { detail } of AGENT_EXAMPLES) expect(() => agentDetailSchema.parse(detail)).not.toThrow();
  for (const type of Object.values(AGENT_DETAIL_TYPES)) expect(PAGE).toContain(`"${type}"`);
});

/** Whether a pattern matches, as far as the documented ones go: exact values, in lists and in objects. */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    const values = Array.isArray(value) ? value : [value];
    return values.some((one) => pattern.includes(one));
  }
  return Object.entries(Object(pattern)).every(([key, part]) => matches(part, Object(value)[key]));
}

test('the first rule matches both examples, the second none of them', () => {
  const [zone, failed] = PATTERNS;
  expect(EXAMPLES.map((event) => matches(zone, event))).toEqual([true, true]);
  expect(EXAMPLES.map((event) => matches(failed, event))).toEqual([false, false]);
  const timedOut = structuredClone(EXAMPLES[1]);
  Object.assign(Object(timedOut?.['detail']), { reasons: ['timeout'] });
  expect(matches(failed, checked(timedOut))).toBe(true);
});
