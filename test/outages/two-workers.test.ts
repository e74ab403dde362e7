import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Report } from '../../src/report/report-schema.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  type TestWorker,
} from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { range } from '../sandbox/with-sandbox.ts';
import { type Gate, gated } from './gated-requests.ts';

const FLAGS = { ...PROBING, '--health-attempts': '1' };

/** Four containers of one name, of which each of two workers sees another half failing, and some that both see well. */
async function fleetInTwoHalves() {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 6 });
  const orders = addService(fleet, '_orders._tcp', { live: 4 });
  for (const [i, member] of orders.live.entries())
    fleet.behave(member, { kind: 'healthy', path: i < 2 ? '/first' : '/second' });
  await listen(fleet);
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  return {
    fleet,
    server,
    sets: () => fleet.zone.list().filter(({ Name }) => Name.startsWith('_orders.')),
    startAgain: () => {
      for (const set of fleet.zone.list()) fleet.zone.delete(set);
      for (const set of before) fleet.zone.put(set);
    },
  };
}

async function workerOf(server: TestServer, path: string, gate: Gate): Promise<TestWorker> {
  return openWorker(await gated(server, gate), { ...FLAGS, '--health-path': path });
}

function endsOf({ changes }: Report): ReadonlySet<string> {
  return new Set(changes.map(({ status }) => status));
}

describe('two workers, each of which sees the other half of a name failing', () => {
  test('never empty it, wherever in the run of the one the other one runs', async () => {
    const { server, sets, startAgain } = await fleetInTwoHalves();
    const fewest: number[] = [];
    let [calls, otherAt] = [0, 0];
    const after = () => fewest.push(sets().length);
    const second = await workerOf(server, '/second', { before: async () => {}, after });
    const before = async () => {
      if (++calls === otherAt) await second.apply();
    };
    const first = await workerOf(server, '/first', { before, after });
    await first.plan();
    const total = calls + 10;

    for (otherAt = 1; otherAt <= total; otherAt++) {
      startAgain();
      calls = 0;
      const report = await first.apply();
      expect(report.summary.failed).toBe(0);
      expect(sets().length, `the other one ran at call ${otherAt}`).toBeGreaterThan(0);
    }
    expect(Math.min(...fewest)).toBe(2);
  });

  test.each(range(12))('never empty it with their calls in turn as chance has it (%i)', async (seed) => {
    const { server, sets } = await fleetInTwoHalves();
    const fewest: number[] = [];
    const turns = inTurn(seed);
    const after = () => {
      fewest.push(sets().length);
      turns.next();
    };
    const workers = await Promise.all(
      ['/first', '/second'].map((path, i) => workerOf(server, path, { before: () => turns.wait(i), after })),
    );

    const reports = await Promise.all(
      workers.map((worker, i) => worker.apply().finally(() => turns.leave(i))),
    );

    expect(Math.min(...fewest)).toBe(2);
    expect(sets()).toHaveLength(2);
    const ends = reports.flatMap((report) => [...endsOf(report)]);
    expect(ends).toContain('applied');
    expect(ends).not.toContain('failed');
  });
});

/** Lets one of two go at a time: each request waits until the other worker asks for something too, or is done. */
function inTurn(seed: number) {
  const waiting: readonly (() => void)[][] = [[], []];
  const isDone = [false, false];
  let chance = seed * 2 + 1;
  const next = () => {
    const ready = waiting.filter((queue) => queue.length > 0);
    if (waiting.some((queue, i) => queue.length === 0 && !isDone[i])) return;
    chance = (chance * 48_271) % 2_147_483_647;
    if (ready.length > 0) ready[chance % ready.length]?.shift()?.();
  };
  return {
    next,
    wait: (i: number) =>
      new Promise<void>((resolve) => {
        waiting[i]?.push(resolve);
        next();
      }),
    leave: (i: number) => {
      isDone[i] = true;
      next();
    },
  };
}

describe('a worker next to an agent that takes out its own set', () => {
  test('leaves the one that fails, whenever in the run the healthy one goes', async () => {
    const fleet = newFleet();
    addService(fleet, '_users._tcp', { live: 6 });
    const { live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [healthy, failing] = live;
    if (healthy === undefined || failing === undefined) throw new TypeError('too few members');
    fleet.behave(failing, { kind: 'status', status: 503 });
    await listen(fleet);
    const server = await serve(fleet.world);
    const all: readonly RecordSet[] = fleet.zone.list();
    const own = srvSet(fleet, '_orders._tcp', healthy);
    const left = srvSet(fleet, '_orders._tcp', failing);
    let [calls, agentAt] = [0, 0];
    const before = async () => {
      if (++calls === agentAt) fleet.zone.delete(own);
    };
    const worker = await workerOf(server, '/health', { before });
    await worker.plan();
    const total = calls + 10;
    const ends = new Set<string>();

    for (agentAt = 1; agentAt <= total; agentAt++) {
      for (const set of all) fleet.zone.put(set);
      calls = 0;
      const report = await worker.apply();
      const isThere = fleet.zone.records.get(left) !== undefined;
      // Where the agent comes after the batch, the worker has left it its own set.
      if (agentAt < calls) expect(isThere, `the agent came at call ${agentAt}`).toBe(true);
      for (const end of endsOf(report)) ends.add(end);
      ends.add(`held ${report.heldBack.map(({ guardrail }) => guardrail).join()}`);
    }
    expect(ends).toEqual(new Set(['applied', 'conflict', 'held ', 'held panic-threshold']));
  });
});
