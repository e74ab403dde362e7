import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import type { Report } from '../../src/report/report-schema.ts';
import { runHere } from '../cli/support.ts';
import { addService, answerFor, listen, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';

const ARGS = ['apply', '--yes', '--output', 'json', '--zone', ZONE_NAME, '--health-attempts', '1'];
const ENV = { ECS_DNS_HEALTH_TIMEOUT: '60s', ECS_DNS_POLICY: 'sync' };

/**
 * `stale` of `entries` entries lead nowhere; one endpoint is slow, and answers once the first part of the run has
 * registered ten more under another name.
 */
async function applyWhileRegistering({ entries, stale }: { entries: number; stale: number }) {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: entries - stale - 1, stale });
  const [slow] = addService(fleet, '_slow._tcp', {}).live;
  const missing = addService(fleet, '_new._tcp', { live: 10 });
  for (const set of missing.liveSets) fleet.zone.delete(set);
  if (slow === undefined) throw new TypeError('one runs');
  fleet.behave(slow, { kind: 'refuse' });
  const aws = await serve(fleet.world);
  const registered = () => fleet.zone.list().filter(({ Name }) => Name.startsWith('_new.')).length;
  const server = createServer((_, response) => {
    const look = () => (registered() === 10 ? void response.end('ok') : void setTimeout(look, 5));
    look();
  });
  await answerFor(slow, server);
  await listen(fleet);
  const { stdout } = await runHere(ARGS, aws.url, { env: ENV });
  const { summary, heldBack }: Report = JSON.parse(stdout);
  return { summary, heldBack };
}

test('what a run has registered makes no room in its budget for what it removes later', async () => {
  const { summary, heldBack } = await applyWhileRegistering({ entries: 10, stale: 3 });
  expect(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`)).toEqual(
    Array(3).fill('removal-budget: 3 of 10 managed entries (30 %), at least 30 %'),
  );
  expect(summary).toMatchObject({ removals: 0, registrations: 12 });
});
