import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Clock } from '../../src/model/clock.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  UNWAITING_CLOCK,
} from '../end-to-end/support.ts';
import { stopsTasks } from '../stopped-tasks.ts';

const ASK = 'route53:GetChange';
const CHANGE = 'route53:ChangeResourceRecordSets';
const HOUR = 3_600_000;
const SECOND = 1000;

const ON: FlagValues = { ...PROBING, '--stop-unhealthy-tasks': 'true', '--health-attempts': '1' };

/** A clock that only the test sets on. */
function steppingClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  return {
    ...UNWAITING_CLOCK,
    now: () => UNWAITING_CLOCK.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
  };
}

/** A worker that has just taken the entry of a failing task out of the zone. */
async function deregistered({
  pendingReads = 0,
  flags = ON,
  repliesLost = 0,
  remove = true,
}: {
  readonly pendingReads?: number;
  readonly flags?: FlagValues;
  readonly repliesLost?: number;
  readonly remove?: boolean;
} = {}) {
  const fleet = newFleet();
  const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 5 });
  for (const member of live.slice(0, 1)) fleet.behave(member, { kind: 'status', status: 503 });
  await listen(fleet);
  fleet.world.pendingReads = pendingReads;
  const server = await serve(fleet.world);
  if (repliesLost > 0)
    server.addFault({ operation: CHANGE, times: repliesLost, effect: { kind: 'apply-then-drop' } });
  const clock = steppingClock();
  const worker = openWorker(server, flags, undefined, clock);
  const first = remove ? await worker.apply() : await worker.plan();
  const asked = () => server.log.filter(({ operation }) => operation === ASK).length;
  const outcomeOf = async () => {
    const report = await worker.apply();
    return { report, outcome: report.stopped.map(({ status, detail }) => `${status}: ${detail}`).join() };
  };
  return { fleet, liveSets, server, clock, worker, first, asked, run: outcomeOf };
}

const IN_DOUBT =
  /^waiting: it may still be answered: Route 53 has not said INSYNC of the change that took it out of DNS \(C[0-9A-F]{20}\)$/;

describe('a task that is out of DNS', () => {
  test('is not stopped before Route 53 says INSYNC, and its TTL counts from then on', async () => {
    stopsTasks();
    const { clock, asked, first, run } = await deregistered({
      pendingReads: 2,
      flags: { ...ON, '--records-ttl': '60s' },
    });
    expect(first.summary).toMatchObject({ applied: 1 });
    expect(asked()).toBe(0);

    for (const times of [1, 2]) {
      clock.advance(HOUR);
      const { report, outcome } = await run();
      expect(outcome).toMatch(IN_DOUBT);
      expect(report.incomplete).toEqual([]);
      expect(asked()).toBe(times);
    }

    clock.advance(HOUR);
    expect((await run()).outcome).toMatch(/^waiting: seen out of DNS for [\d.]+m?s, of a TTL of 1m/);
    clock.advance(20 * SECOND);
    expect((await run()).outcome).toMatch(/^waiting: seen out of DNS for 2[\d.]+s, of a TTL of 1m/);
    clock.advance(41 * SECOND);
    expect((await run()).outcome).toMatch(/^stopped: /);
    expect(asked()).toBe(3);
  });

  test('is never stopped where the role may not ask, and the report says so', async () => {
    const { server, clock, run } = await deregistered();
    server.addFault({ operation: ASK, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    for (let i = 0; i < 3; i++) {
      clock.advance(HOUR);
      const { report, outcome } = await run();
      expect(outcome).toMatch(IN_DOUBT);
      expect(report.incomplete).toEqual([
        {
          scope: expect.stringMatching(/^change C[0-9A-F]{20}$/),
          operation: ASK,
          error: expect.stringMatching(/^AccessDenied/),
        },
      ]);
      expect(report.awsCalls[ASK]).toBe(1);
    }
  });

  test('is stopped where Route 53 has forgotten the change', async () => {
    stopsTasks();
    const { fleet, run } = await deregistered({ pendingReads: 99 });
    expect((await run()).outcome).toMatch(IN_DOUBT);

    fleet.world.changes.clear();

    expect((await run()).outcome).toMatch(/^stopped: /);
  });

  test('is left for a minute where the reply to the change was lost', async () => {
    stopsTasks();
    const { first, clock, asked, run } = await deregistered({ repliesLost: 1 });
    expect(first.summary).toMatchObject({ applied: 1, failed: 0 });

    clock.advance(20 * SECOND);
    expect((await run()).outcome).toMatch(
      /^waiting: it may still be answered: what took it out of DNS is not known, and the TTL counts in [34][\d.]+s$/,
    );
    clock.advance(41 * SECOND);
    expect((await run()).outcome).toMatch(/^stopped: /);
    expect(asked()).toBe(0);
  });

  test('is left for a minute where another tool took it out between two runs', async () => {
    stopsTasks();
    const { fleet, liveSets, clock, asked, run } = await deregistered({
      flags: { ...ON, '--guardrails-unhealthy-budget-percent': '1', '--guardrails-min-endpoints': '9' },
    });
    expect((await run()).outcome).toMatch(/^waiting: 1 record leads to it/);
    for (const set of liveSets.slice(0, 1)) fleet.zone.delete(set);

    clock.advance(HOUR);
    expect((await run()).outcome).toMatch(
      /^waiting: it may still be answered: .* counts in (?:1m|59[\d.]*s)$/,
    );
    clock.advance(61 * SECOND);
    expect((await run()).outcome).toMatch(/^stopped: /);
    expect(asked()).toBe(0);
  });
});

test.each<[string, FlagValues, boolean]>([
  ['no task may be stopped', { ...PROBING, '--health-attempts': '1' }, true],
  ['nothing was taken out', ON, false],
])('Route 53 is not asked of changes where %s', async (_, flags, remove) => {
  const { asked, worker } = await deregistered({ flags, remove });
  await worker.plan();
  await worker.plan();
  expect(asked()).toBe(0);
});
