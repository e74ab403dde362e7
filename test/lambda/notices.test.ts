import { expect, test } from 'vitest';
import { addService, newFleet, serve } from '../end-to-end/support.ts';
import { contextWith, openHandler, RULE_EVENT } from './support.ts';

const AMPLE = 300_000;

/** The handler with a topic, on a fleet with stale entries, and as large a removal budget. */
async function openFleet(on: string, budget: string) {
  const fleet = newFleet();
  const topic = fleet.world.addTopic('ecs-dns');
  addService(fleet, '_orders._tcp', { live: 8, stale: 4 });
  const server = await serve(fleet.world);
  const env = {
    ECS_DNS_NOTICES_TOPIC: topic,
    ECS_DNS_NOTICES_ON: on,
    ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: budget,
  };
  const handler = openHandler(server, fleet.zone.id, env);
  const kinds = () => (fleet.world.topics.get(topic) ?? []).map(({ attributes }) => attributes['kinds']);
  return { handler, kinds };
}

test('a function that is warm tells what is held back once', async () => {
  const { handler, kinds } = await openFleet('removals,held-back,failures', '10');

  await handler(RULE_EVENT, contextWith(AMPLE));
  await handler(RULE_EVENT, contextWith(AMPLE));

  expect(kinds()).toEqual(['["held-back"]']);
});

test('a plan on a schedule tells drift', async () => {
  const { handler, kinds } = await openFleet('drift', '100');

  await handler({ mode: 'plan' }, contextWith(AMPLE));

  expect(kinds()).toEqual(['["drift"]']);
});
