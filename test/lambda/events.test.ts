import { expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import { timeLimits } from '../../src/run/time-limits.ts';
import { addService, newFleet, serve, without } from '../end-to-end/support.ts';
import { received } from '../publish/support.ts';
import {
  capture,
  contextWith,
  movableClock,
  openHandler,
  RULE_EVENT,
  undocumentedFields,
  withMessage,
} from './support.ts';

const AMPLE = 300_000;
const PUT = 'events:PutEvents';

/** The handler with a bus, on a fleet with two stale entries. */
async function openFleet(clock?: Clock) {
  const fleet = newFleet();
  const bus = fleet.world.addEventBus('dns');
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  const handler = openHandler(
    server,
    fleet.zone.id,
    {
      ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100',
      ECS_DNS_EVENT_BUS: 'dns',
    },
    clock,
  );
  return { fleet, bus, server, handler, after: without(before, staleSets), printed: capture() };
}

test('events are on the bus before the handler returns, in every invocation', async () => {
  const { fleet, bus, handler, after, printed } = await openFleet();

  await handler(RULE_EVENT, contextWith(AMPLE));

  expect(fleet.zone.list()).toEqual(after);
  expect(received(bus.events)).toHaveLength(2);
  expect(withMessage(printed(), 'run')[0]).not.toHaveProperty('warnings');

  addService(fleet, '_carts._tcp', { live: 2, stale: 1 });
  await handler(RULE_EVENT, contextWith(AMPLE));
  expect(received(bus.events)).toHaveLength(3);
});

test('planned by hand, nothing is on the bus', async () => {
  const { server, handler } = await openFleet();
  await handler({ mode: 'plan' }, contextWith(AMPLE));
  expect(server.counts()[PUT]).toBeUndefined();
});

test.each([
  { what: 'hangs', effect: { kind: 'hang' } },
  { what: 'is throttled on and on', effect: { kind: 'throttle' } },
] as const)('a bus that $what does not keep the run from telling in time what it did', async ({ effect }) => {
  const clock = movableClock();
  const { fleet, server, handler, after, printed } = await openFleet(clock);
  // The bus takes all the time that the run has until it is told to stop.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const stopAfterMs = timeLimits(0, AMPLE).stopAfterMs;
  const when = () => {
    clock.moveOn(stopAfterMs);
    vi.advanceTimersByTime(stopAfterMs);
    return true;
  };
  server.addFault({ operation: PUT, effect, when });

  const { summary } = await handler(RULE_EVENT, contextWith(AMPLE));

  expect(summary).toMatchObject({ applied: 2, failed: 0 });
  expect(fleet.zone.list()).toEqual(after);
  expect(withMessage(printed(), 'run failed')).toEqual([]);
  expect(withMessage(printed(), 'run')[0]).toMatchObject({
    warnings: [expect.stringMatching(/^eventBus: 2 of 2 events were not sent to dns: /)],
  });
  expect(undocumentedFields(printed())).toEqual([]);
});
