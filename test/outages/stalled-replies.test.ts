import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { runHere } from '../cli/support.ts';
import {
  addService,
  cliEnv,
  fleetOfThreeBatches,
  newFleet,
  openWorker,
  runCli,
  serve,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const LIST = 'route53:ListResourceRecordSets';
const CHANGE = 'route53:ChangeResourceRecordSets';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
/** For answers that never end, so that it does not matter how soon it comes. */
const SHORT = { requestLimitMs: 500 };

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

const SILENCES: readonly { readonly what: string; readonly effect: FaultEffect }[] = [
  { what: 'never comes', effect: { kind: 'hang' } },
  { what: 'stalls after its headers', effect: { kind: 'deliver', delivery: 'stalls' } },
  { what: 'drips, byte by byte', effect: { kind: 'deliver', delivery: 'drips' } },
];

function fleetWithStale() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  return { fleet, staleSets, before: fleet.zone.list() };
}

describe.each(SILENCES)('an answer that $what', ({ effect }) => {
  test.each([LIST, 'ecs:ListTasks', 'ecs:DescribeTasks', 'ec2:DescribeInstances'])(
    'of %s is given up, and asked for again',
    async (operation) => {
      const { fleet, staleSets, before } = fleetWithStale();
      const server = await serve(fleet.world);
      server.addFault({ operation, times: 1, effect });

      const { summary } = await openWorker(server, WITHOUT_BUDGET, undefined, undefined, SHORT).apply();

      expect(summary).toMatchObject({ applied: 1, failed: 0 });
      expect(fleet.zone.list()).toEqual(without(before, staleSets));
    },
  );

  test('of the zone, again and again, ends the run', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: LIST, effect });

    const run = openWorker(server, WITHOUT_BUDGET, undefined, undefined, SHORT).apply();

    await expect(run).rejects.toMatchObject({
      code: 'aws',
      message: expect.stringContaining('TimeoutError: no complete answer within 500ms'),
    });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('of a change is looked up, as after a lost reply', async () => {
    const { fleet, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: CHANGE, effect });

    const { summary } = await openWorker(server, WITHOUT_BUDGET, undefined, undefined, SHORT).apply();

    const isCarriedOut = effect.kind === 'deliver';
    expect(summary).toMatchObject({ applied: isCarriedOut ? 1 : 0, failed: isCarriedOut ? 0 : 1 });
    expect(fleet.zone.list()).toEqual(isCarriedOut ? without(before, staleSets) : before);
  });

  test('of a change does not outlast a run that is stopped, whose report is true', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const stop = new AbortController();
    const hold = (): boolean => {
      stop.abort(new Error('stopped by SIGTERM'));
      return true;
    };
    server.addFault({ operation: CHANGE, when: hold, effect });

    const { summary } = await openWorker(server, WITHOUT_BUDGET, undefined, undefined, SHORT).apply({
      signal: stop.signal,
    });

    const isCarriedOut = fleet.zone.list().length < before.length;
    expect(summary).toMatchObject({ applied: isCarriedOut ? 1 : 0, failed: isCarriedOut ? 0 : 1 });
    expect(server.counts()[CHANGE]).toBe(1);
  });
});

const COMMANDS = [
  { args: ['plan'], operation: LIST, step: 'reading the zone' },
  { args: ['apply', '--yes'], operation: 'ecs:ListTasks', step: 'taking the inventory' },
  { args: ['explain', '_orders._tcp'], operation: 'route53:ListHostedZonesByName', step: 'finding the zone' },
  { args: ['compare', '--policy', 'sync'], operation: 'ecs:DescribeTasks', step: 'taking the inventory' },
  { args: ['check', '_orders._tcp'], operation: 'ecs:ListClusters', step: 'taking the inventory' },
] as const;

describe('a command ends with its timeout, with exit code 1 and one line that names the step', () => {
  test.each(SILENCES.flatMap((silence) => COMMANDS.map((command) => ({ ...command, ...silence }))))(
    '$args when an answer of $operation $what',
    async ({ args, operation, step, effect }) => {
      const { fleet, before } = fleetWithStale();
      const server = await serve(fleet.world);
      server.addFault({ operation, effect });

      const { code, stdout, stderr } = await runHere(
        [...args, '--zone', ZONE_NAME, '--health-allow', '127.0.0.0/8', '--timeout', '3s'],
        server.url,
      );

      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(
        `ecs-dns: timeout: it was given up after 3s, while ${step}: see what does not answer, or give it more time with --timeout\n`,
      );
      expect(fleet.zone.list()).toEqual(before);
    },
  );

  test.each(SILENCES)('restore when the answer $what', async ({ effect }) => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);
    const path = join(await temporaryDirectory(), 'journal');
    const args = ['--zone', ZONE_NAME, '--no-health-enabled', '--guardrails-removal-budget-percent', '100'];
    const { stderr: journal } = await runHere(['apply', '--yes', ...args, '--journal', 'stderr'], server.url);
    await writeFile(path, journal);
    server.addFault({ operation: LIST, effect });

    const { code, stderr } = await runHere(
      ['restore', path, '--yes', '--timeout', '3s', '--zone', ZONE_NAME],
      server.url,
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: timeout: it was given up after 3s, while reading the zone: .*\n$/);
  });

  test.each(SILENCES)('doctor when the answer $what: its own limits come first', async ({ effect }) => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:ListClusters', effect });

    const { code, stderr } = await runHere(['doctor', '--zone', ZONE_NAME, '--timeout', '1s'], server.url);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: timeout: it was given up after 1s, while examining the set-up: .*\n$/);
  });
});

describe('apply whose time is up while it sends', () => {
  test('sends the batch to its end, leaves the others unsent, and exits with 1', async () => {
    const { fleet, before } = fleetOfThreeBatches();
    const server = await serve(fleet.world);
    const now = () => Date.now();
    let skipped = 0;
    const clock = vi.spyOn(systemClock, 'now').mockImplementation(() => now() + skipped);
    onTestFinished(() => clock.mockRestore());
    const late = () => {
      skipped = 2 * 3_600_000;
    };
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'before', before: late } });
    const args = ['--zone', ZONE_NAME, '--no-health-enabled', '--guardrails-removal-budget-percent', '100'];

    const { code, stdout, stderr } = await runHere(
      ['apply', '--yes', '--output', 'json', '--timeout', '1h', ...args],
      server.url,
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: timeout: it was given up after 1h, .*\(not sent: \d+ changes\)\n$/);
    expect(server.counts()[CHANGE]).toBe(1);
    const { summary } = JSON.parse(stdout);
    expect(summary).toMatchObject({ applied: before.length - fleet.zone.list().length, failed: 0 });
    expect(summary.applied).toBeGreaterThan(0);
  });

  test('does not count the time of a question', async () => {
    const { fleet, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const now = () => Date.now();
    let skipped = 0;
    const clock = vi.spyOn(systemClock, 'now').mockImplementation(() => now() + skipped);
    onTestFinished(() => clock.mockRestore());
    const onQuestion = (type: (text: string) => void) => {
      skipped = 5 * 60_000;
      type('y\n');
    };
    const args = ['--zone', ZONE_NAME, '--no-health-enabled', '--guardrails-removal-budget-percent', '100'];

    const { code } = await runHere(['apply', '--timeout', '2m', ...args], server.url, {
      tty: ['stdin', 'stdout', 'stderr'],
      onQuestion,
    });

    expect(code).toBe(0);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});

describe('one SIGTERM ends a command, whatever does not answer', () => {
  const kill = (child: ChildProcess) => () => child.kill('SIGTERM');

  test.each(
    SILENCES.flatMap((silence) => [
      { ...silence, args: ['plan'], ends: { code: 1, stderr: /^ecs-dns: stopped\n$/ } },
      { ...silence, args: ['check', '_orders._tcp'], ends: { code: 1, stderr: /^ecs-dns: stopped\n$/ } },
      {
        ...silence,
        args: ['watch', '--grace', '0s'],
        ends: { code: 0, stderr: /run stopped because the watch is over\n$/ },
      },
    ]),
  )('$args when an answer $what', async ({ args, effect, ends }) => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);

    const result = await runCli([...args, '--zone', ZONE_NAME], cliEnv(server.url), (child) => {
      server.addFault({ operation: 'ecs:ListClusters', when: kill(child), effect });
    });

    expect(result).toMatchObject({ code: ends.code, stdout: '', stderr: expect.stringMatching(ends.stderr) });
    expect(fleet.zone.list()).toEqual(before);
  });
});
