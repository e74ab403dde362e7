import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import type { Clock } from '../../src/model/clock.ts';
import { runHere } from '../cli/support.ts';
import {
  addService,
  addStale,
  fleetOfThreeBatches,
  newFleet,
  openWorker,
  serve,
  UNWAITING_CLOCK,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const BUDGET = { '--guardrails-removal-budget-percent': '100' };
const HOUR = 3_600_000;

/** A clock that a test sets forward, as it is after a laptop was asleep or a function frozen. */
function jumpingClock(): Clock & { jump(ms: number): void } {
  let ahead = 0;
  return {
    ...UNWAITING_CLOCK,
    now: () => systemClock.now() + ahead,
    jump: (ms) => {
      ahead += ms;
    },
  };
}

async function fleetWithStale() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 6, stale: 2 });
  return { fleet, before: fleet.zone.list(), server: await serve(fleet.world) };
}

describe('a plan that is older than guardrails.maxPlanAge', () => {
  test('is not sent when the answer comes after an hour', async () => {
    const { fleet, before, server } = await fleetWithStale();
    const clock = jumpingClock();
    const approve = async () => {
      clock.jump(HOUR);
      return true;
    };

    const { summary, changes, heldBack } = await openWorker(server, BUDGET, undefined, clock).apply({
      approve,
    });

    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
    expect(summary).toMatchObject({ stale: 2, applied: 0, conflicts: 0, failed: 0, heldBack: 2 });
    expect(changes.map(({ status, code }) => [status, code])).toEqual([
      ['planned', 'plan-too-old'],
      ['planned', 'plan-too-old'],
    ]);
    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(['plan-too-old', 'plan-too-old']);
    expect(heldBack[0]?.detail).toMatch(/was read 1h\S* ago, and guardrails.maxPlanAge is 10m$/);
  });

  test('creates nothing either', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 2 });
    const all = fleet.zone.list();
    for (const set of all.filter(({ Type }) => Type === 'SRV')) fleet.zone.delete(set);
    const before = fleet.zone.list();
    const clock = jumpingClock();
    const approve = async () => {
      clock.jump(HOUR);
      return true;
    };
    const server = await serve(fleet.world);

    const { changes } = await openWorker(server, { '--policy': 'sync' }, undefined, clock).apply({ approve });

    expect(new Set(changes.map(({ action, code }) => `${action} ${code}`))).toEqual(
      new Set(['CREATE plan-too-old']),
    );
    expect(fleet.zone.list()).toEqual(before);
  });

  test.each([1, 2])('is not sent any further when the process stood still after batch %i', async (sent) => {
    const { fleet, live, before } = fleetOfThreeBatches();
    const server = await serve(fleet.world);
    const clock = jumpingClock();
    let batches = 0;
    server.addFault({
      operation: CHANGE,
      effect: {
        kind: 'before',
        before: () => {
          if (++batches === sent) clock.jump(HOUR);
        },
      },
    });

    const { summary, changes } = await openWorker(server, BUDGET, undefined, clock).apply();

    expect(server.counts()[CHANGE]).toBe(sent);
    expect(summary.applied).toBe(40 * sent);
    expect(changes.filter(({ code }) => code === 'plan-too-old')).toHaveLength(100 - 40 * sent);
    expect(fleet.zone.list().length).toBe(before.length - 40 * sent);
    expect(fleet.zone.list().length).toBeGreaterThan(live.length);
  });

  test('is sent as long as it is young enough, by a setting of its own', async () => {
    const { server } = await fleetWithStale();
    const clock = jumpingClock();
    const approve = async () => {
      clock.jump(HOUR);
      return true;
    };
    const flags = { ...BUDGET, '--guardrails-max-plan-age': '2h' };
    const { summary } = await openWorker(server, flags, undefined, clock).apply({ approve });
    expect(summary.applied).toBe(2);
  });
});

describe('a run that began later and has ended', () => {
  test('ends the one before it, and what it has left is not written over', async () => {
    const { fleet, server } = await fleetWithStale();
    const path = await temporaryDirectory();
    const flags = { ...BUDGET, '--state': `${path}/state.json` };
    const clock = jumpingClock();
    const approve = async () => {
      clock.jump(1000);
      await openWorker(server, flags, undefined, clock).apply();
      for (const set of addStale(fleet, '_late._tcp', 1)) fleet.zone.delete(set);
      return true;
    };
    addStale(fleet, '_orders._tcp', 1);

    const { changes, summary } = await openWorker(server, flags, undefined, clock).apply({ approve });

    expect(summary).toMatchObject({ applied: 0, conflicts: 0 });
    expect(new Set(changes.map(({ code }) => code))).toEqual(new Set(['plan-too-old']));
    expect(changes[0]?.detail).toMatch(/^not sent: run .*, which began later .*, has ended before it$/);
    expect(server.counts()[CHANGE]).toBe(1);
  });
});

describe('on a terminal', () => {
  afterEach(() => void vi.useRealTimers());
  const ARGS = `apply --zone ${ZONE_NAME} --no-health-enabled --guardrails-removal-budget-percent 100`.split(
    ' ',
  );
  const tty = ['stdin', 'stdout', 'stderr'] as const;

  test('all is read anew after a late answer, and what differs is shown before the next question', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { fleet, server } = await fleetWithStale();
    let asked = 0;
    let late: string | undefined;
    const onQuestion = (type: (text: string) => void) => {
      if (++asked === 1) {
        vi.setSystemTime(Date.now() + HOUR);
        late = addStale(fleet, '_orders._tcp', 1)[0]?.SetIdentifier;
      }
      type('y\n');
    };

    const { code, stdout, stderr } = await runHere(ARGS, server.url, { tty, onQuestion });

    expect(asked).toBe(2);
    expect(stderr).toContain('the answer came too late, and nothing was changed: all is read anew');
    const second = stderr.slice(stderr.indexOf('came too late'));
    expect(second).toContain('New since the last question: 1 change.');
    expect(second).toContain(late);
    expect(second).toContain('Remove 3 entries');
    expect(code).toBe(0);
    expect(stdout).toContain('Removed: 3 entries');
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(6);
  });

  test('nothing goes when every answer comes too late', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { fleet, before, server } = await fleetWithStale();
    let asked = 0;
    const onQuestion = (type: (text: string) => void) => {
      asked++;
      vi.setSystemTime(Date.now() + HOUR);
      type('y\n');
    };

    const { stderr, stdout } = await runHere(ARGS, server.url, { tty, onQuestion });

    expect(asked).toBe(3);
    expect(stderr).toContain('Since the last question nothing has changed.');
    expect(stdout).toContain('plan-too-old');
    expect(fleet.zone.list()).toEqual(before);
  });
});
