import type { ChildProcess } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { agentSrvRecord } from '../../src/sandbox/fleet/agent-records.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { runHere } from '../cli/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { range } from '../sandbox/with-sandbox.ts';
import {
  addService,
  type CliResult,
  cliEnv,
  newFleet,
  runCli,
  serve,
  without,
  ZONE_NAME,
} from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const MACHINES = 'ecs:DescribeContainerInstances';
const BUDGET = ['--guardrails-removal-budget-percent', '100'];
const APPLY = ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled', '--output', 'json', ...BUDGET];
/** So many sets, with ten values each, travel in three requests. */
const MANY = 200;

/** A few live entries, a foreign set, and stale ones of hosts that are there. */
function fleetWithStale(count: number) {
  const ports = count === MANY ? 10 : 1;
  const fleet = newFleet({ machines: 5 });
  addService(fleet, '_orders._tcp', { live: 5 });
  fleet.zone.put({
    Name: `www.${ZONE_NAME}.`,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: 'example.com' }],
  });
  const live = fleet.zone.list();
  for (let i = 0; i < count; i++) fleet.zone.put(staleSet(fleet, i, ports));
  const before = fleet.zone.list();
  return { fleet, live, stale: without(before, live), before };
}

function staleSet(fleet: FleetBuilder, i: number, ports: number): RecordSet {
  const { privateDnsName: host } = fleet.machine(fleet.world.cluster('blue'), i);
  const owner = { host, containerId: fleet.deadContainerId() };
  return agentSrvRecord({
    name: `_gone-${Math.floor(i / 90)}._tcp`,
    zoneName: fleet.zone.name,
    ports: range(ports).map((n) => 25_000 + ports * (i % 90) + n),
    ...owner,
  });
}

/** Does something to a process when the nth request of an operation comes in; what is done to the request is `effect`. */
function when(
  server: TestServer,
  operation: string,
  nth: number,
  act: () => void,
  effect: FaultEffect = { kind: 'before', before: () => {} },
): void {
  let seen = 0;
  const isIt = () => {
    seen += 1;
    if (seen === nth) act();
    return seen === nth;
  };
  server.addFault({ operation, when: isIt, times: 1, effect });
}

function apply(server: TestServer, started?: (child: ChildProcess) => void): Promise<CliResult> {
  return runCli(APPLY, cliEnv(server.url), started);
}

function summaryOf({ stdout }: Pick<CliResult, 'stdout'>) {
  return reportSchema.parse(JSON.parse(stdout)).summary;
}

describe('a worker that is killed', () => {
  const dropped: FaultEffect = { kind: 'drop' };

  test.each<{ what: string; operation: string; nth: number; effect?: FaultEffect; batches: number }>([
    { what: 'while the inventory is taken', operation: 'ecs:DescribeTasks', nth: 1, batches: 0 },
    { what: 'at the confirmation, before anything is applied', operation: MACHINES, nth: 2, batches: 0 },
    {
      what: 'when it sends the first batch, before that is carried out',
      operation: CHANGE,
      nth: 1,
      effect: dropped,
      batches: 0,
    },
    { what: 'before it hears of the first batch', operation: CHANGE, nth: 1, batches: 1 },
    {
      what: 'when it sends the second batch, before that is carried out',
      operation: CHANGE,
      nth: 2,
      effect: dropped,
      batches: 1,
    },
    { what: 'before it hears of the second batch', operation: CHANGE, nth: 2, batches: 2 },
    { what: 'before it hears of the last batch', operation: CHANGE, nth: 3, batches: 3 },
  ])('$what leaves $batches of three batches behind, and the next run does the rest', async (given) => {
    const { operation, nth, effect, batches } = given;
    const { fleet, live, stale, before } = fleetWithStale(MANY);
    const server = await serve(fleet.world);

    const killed = await apply(server, (child) =>
      when(server, operation, nth, () => child.kill('SIGKILL'), effect),
    );

    expect(killed).toMatchObject({ code: null, stdout: '' });
    const left = fleet.zone.list();
    expect(without(left, stale)).toEqual(live);
    const gone = before.length - left.length;
    if (batches === 0) expect(gone).toBe(0);
    else if (batches === 3) expect(gone).toBe(MANY);
    else expect([gone > 0, gone < MANY]).toEqual([true, true]);

    const next = await runHere(APPLY, server.url);

    expect(next.code).toBe(0);
    expect(summaryOf(next)).toMatchObject({ applied: MANY - gone, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(live);
    const last = await runHere(APPLY, server.url);
    expect([last.code, summaryOf(last).removals]).toEqual([0, 0]);
    expect(fleet.zone.list()).toEqual(live);
  });
});

describe('two workers at once', () => {
  test('that start together leave the zone as one would, with a true report each', async () => {
    const { fleet, live, stale } = fleetWithStale(60);
    const server = await serve(fleet.world);

    const results = await Promise.all([apply(server), apply(server)]);

    expect(fleet.zone.list()).toEqual(live);
    const summaries = results.map(summaryOf);
    for (const [i, { applied, alreadyDone, conflicts, failed, stale: seen }] of summaries.entries()) {
      expect([applied + alreadyDone, conflicts, failed]).toEqual([seen, 0, 0]);
      expect(results[i]?.code).toBe(0);
    }
    expect(summaries.reduce((sum, { applied }) => sum + applied, 0)).toBe(stale.length);
  });

  /** The first worker stands still at a request, while the second one runs from beginning to end. */
  async function overtaken(count: number, operation: string, nth: number) {
    const { fleet, live } = fleetWithStale(count);
    const server = await serve(fleet.world);
    let standing: ChildProcess | undefined;
    let first: Promise<CliResult> | undefined;
    await new Promise<void>((resolve) => {
      first = apply(server, (child) => {
        standing = child;
        onTestFinished(() => void child.kill('SIGKILL'));
        when(server, operation, nth, () => {
          child.kill('SIGSTOP');
          resolve();
        });
      });
    });
    const second = await apply(server);
    const between = fleet.zone.list();
    standing?.kill('SIGCONT');
    if (first === undefined) throw new TypeError('never started');
    return { fleet, live, second, between, first: await first };
  }

  test('of which one does everything while the other is about to: that one says so, and is done', async () => {
    const { fleet, live, first, second, between } = await overtaken(60, MACHINES, 2);

    expect([second.code, summaryOf(second).applied]).toEqual([0, 60]);
    expect(between).toEqual(live);
    expect(first.code).toBe(0);
    expect(summaryOf(first)).toMatchObject({ applied: 0, alreadyDone: 60, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(live);
  });

  test('of which one stands still between two batches: each reports what it did', async () => {
    const { fleet, live, first, second, between } = await overtaken(MANY, CHANGE, 2);

    expect(second.code).toBe(0);
    expect(between).toEqual(live);
    expect(first.code).toBe(0);
    const [mine, other] = [summaryOf(first), summaryOf(second)];
    expect(mine.applied + other.applied).toBe(MANY);
    expect(mine.applied + mine.alreadyDone).toBe(MANY);
    expect([mine, other].map(({ conflicts, failed }) => conflicts + failed)).toEqual([0, 0]);
    expect(fleet.zone.list()).toEqual(live);
  });

  test('beside an agent that registers a new container meanwhile: what it writes stays', async () => {
    const { fleet, live } = fleetWithStale(60);
    const server = await serve(fleet.world);
    let written: readonly RecordSet[] = [];
    const register = () => {
      const { liveSets } = addService(fleet, '_gone-0._tcp', { live: 1 });
      written = liveSets;
    };
    when(server, CHANGE, 1, register);

    const results = await Promise.all([apply(server), apply(server)]);

    expect(written).toHaveLength(1);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...written]));
    expect(without(fleet.zone.list(), written)).toEqual(live);
    for (const result of results) {
      const { failed, conflicts } = summaryOf(result);
      expect([failed, result.code]).toEqual([0, conflicts > 0 ? 3 : 0]);
    }
  });
});
