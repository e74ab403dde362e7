import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import { restoreReportSchema } from '../../src/report/restore-report-schema.ts';
import { runHere } from '../cli/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  addService,
  cliEnv,
  fleetOfThreeBatches,
  newFleet,
  runCli,
  serve,
  without,
  ZONE_NAME,
} from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const LIFTED = ['--no-health-enabled', '--guardrails-removal-budget-percent', '100'];
const APPLY = ['apply', '--yes', '--zone', ZONE_NAME, ...LIFTED];

/** A fleet with stale entries, and the address of a host that is gone. */
async function fleetWithStale() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
  addService(fleet, '_carts._tcp', { live: 1, stale: 1 });
  const gone = { expected: 'stale', reason: 'instance-gone' } as const;
  fleet.plantHost('ip-10-66-0-1.ec2.internal', '10.66.0.1', gone);
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  const state = await temporaryDirectory();
  const ecsDns = (args: readonly string[]) => runHere(args, server.url, { env: { ECS_DNS_JOURNAL: state } });
  return { fleet, staleSets, before, server, state, ecsDns };
}

async function onlyFileIn(directory: string): Promise<string> {
  const [name = '', ...others] = await readdir(directory);
  expect(others).toEqual([]);
  return join(directory, name);
}

describe('what apply has removed', () => {
  test('is shown by a dry run, and put back, field by field', async () => {
    const { fleet, before, server, state, ecsDns } = await fleetWithStale();
    const applied = await ecsDns(APPLY);
    const after = fleet.zone.list();
    const journal = await onlyFileIn(state);

    expect(applied).toMatchObject({
      code: 0,
      stderr: `ecs-dns: what is removed is written to ${journal}; ecs-dns restore puts it back\n`,
    });
    expect(after.length).toBeLessThan(before.length);

    const sent = server.counts()[CHANGE];
    const dry = await ecsDns(['restore', journal, '--dry-run', '--output', 'json']);
    expect({ code: dry.code, stderr: dry.stderr }).toEqual({ code: 0, stderr: '' });
    const { summary, sets } = restoreReportSchema.parse(JSON.parse(dry.stdout));
    expect(summary).toMatchObject({ sets: before.length - after.length, missing: summary.sets, restored: 0 });
    expect(sets.map(({ recordSet }) => recordSet).toSorted(byKey)).toEqual(
      without(before, after).toSorted(byKey),
    );
    expect(server.counts()[CHANGE]).toBe(sent);
    expect(fleet.zone.list()).toEqual(after);

    const restored = await ecsDns(['restore', journal, '--yes']);
    expect({ code: restored.code, stderr: restored.stderr }).toEqual({ code: 0, stderr: '' });
    expect(restored.stdout).toContain(`Put back: ${summary.sets} record sets`);
    expect(fleet.zone.list()).toEqual(before);

    const again = await ecsDns(['restore', journal, '--yes']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('Nothing to put back.');
    expect(fleet.zone.list()).toEqual(before);
  });

  test('is one value of several: the set comes back whole', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 4 });
    const member = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 0) });
    const anywhere = { expected: 'live', reason: 'running' } as const;
    const owner = { host: member.host, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_orders._tcp', owner, [member.port, 9], anywhere);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const state = await temporaryDirectory();
    const fake = { env: { ECS_DNS_JOURNAL: state } };

    expect(await runHere([...APPLY, '--manage', 'zone'], server.url, fake)).toMatchObject({ code: 0 });
    expect(fleet.zone.list()).toHaveLength(before.length);
    expect(fleet.zone.list()).not.toEqual(before);
    const { code, stdout } = await runHere(
      ['restore', await onlyFileIn(state), '--yes', '--output', 'json'],
      server.url,
      fake,
    );

    expect(code).toBe(0);
    expect(restoreReportSchema.parse(JSON.parse(stdout)).summary).toMatchObject({ reduced: 1, restored: 1 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('and somebody has written anew since stays as they wrote it', async () => {
    const { fleet, before, staleSets, state, ecsDns } = await fleetWithStale();
    await ecsDns(APPLY);
    const [anew, same] = staleSets;
    if (anew === undefined || same === undefined) throw new TypeError('too few sets');
    fleet.zone.put({ ...anew, Weight: 7 });
    fleet.zone.put(same);

    const { code, stdout } = await ecsDns(['restore', await onlyFileIn(state), '--yes']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/1 there, 1 changed since/);
    expect(stdout).toContain('Changed since, and left as it is: 1 record set, removed ');
    expect(fleet.zone.records.get(anew)).toEqual({ ...anew, Weight: 7 });
    expect(without(fleet.zone.list(), [anew])).toEqual(without(before, [anew]));
  });

  test('in several runs comes back from their journals in one file', async () => {
    const { fleet, before, state, ecsDns } = await fleetWithStale();
    await ecsDns([...APPLY, '--manage', '_orders._tcp']);
    const between = fleet.zone.list();
    await ecsDns(APPLY);
    expect(before.length).toBeGreaterThan(between.length);
    expect(between.length).toBeGreaterThan(fleet.zone.list().length);
    const names = (await readdir(state)).toSorted();
    expect(names).toHaveLength(2);
    const texts = await Promise.all(names.map((name) => readFile(join(state, name), 'utf8')));
    const all = join(state, 'all.jsonl');
    await writeFile(all, texts.toReversed().join(''));

    expect(await ecsDns(['restore', all, '--yes'])).toMatchObject({ code: 0 });

    expect(fleet.zone.list()).toEqual(before);
  });
});

function byKey(left: Parameters<typeof recordSetKey>[0], right: Parameters<typeof recordSetKey>[0]): number {
  return recordSetKey(left) < recordSetKey(right) ? -1 : 1;
}

describe('a worker that is killed in the middle of applying', () => {
  test.each<{ what: string; nth: number; effect: FaultEffect; left: number }>([
    { what: 'before the first change arrives', nth: 1, effect: { kind: 'hang' }, left: 100 },
    { what: 'before the second change arrives', nth: 2, effect: { kind: 'hang' }, left: 60 },
    { what: 'once the second one is carried out', nth: 2, effect: { kind: 'apply-then-drop' }, left: 20 },
  ])('$what: its journal brings back all that went', async ({ nth, effect, left }) => {
    const { fleet, before } = fleetOfThreeBatches();
    const server = await serve(fleet.world);
    const state = await temporaryDirectory();
    const env = { ...cliEnv(server.url), ECS_DNS_JOURNAL: state };
    let sent = 0;

    const killed = await runCli(APPLY, env, (child) => {
      const when = () => {
        sent += 1;
        if (sent === nth) child.kill('SIGKILL');
        return sent === nth;
      };
      server.addFault({ operation: CHANGE, when, effect });
    });

    expect(killed.code).toBeNull();
    expect(fleet.zone.list()).toHaveLength(before.length - 100 + left);
    const journal = await onlyFileIn(state);
    const lines = (await readFile(journal, 'utf8')).split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(Array(100).fill('removal'));

    const { code, stdout } = await runCli(['restore', journal, '--yes', '--output', 'json'], env);

    expect(code).toBe(0);
    expect(restoreReportSchema.parse(JSON.parse(stdout)).summary).toMatchObject({
      missing: 100 - left,
      there: left,
      restored: 100 - left,
    });
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a journal that cannot be written', () => {
  test('ends apply with 1 and a line that says what to do, before anything is changed', async () => {
    const { fleet, before, server, state, ecsDns } = await fleetWithStale();
    const file = join(state, 'file');
    await writeFile(file, '');

    const { code, stdout, stderr } = await ecsDns([...APPLY, '--journal', file]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^ecs-dns: journal: \S+\/file cannot be written \(.*\), and nothing is removed without it: set --journal, .*\n$/,
    );
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('does not matter to plan, which writes none', async () => {
    const { state, ecsDns } = await fleetWithStale();

    const { code, stderr } = await ecsDns(['plan', '--zone', ZONE_NAME, ...LIFTED]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(state)).toEqual([]);
  });
});
