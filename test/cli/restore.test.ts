import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { restoreReportSchema } from '../../src/report/restore-report-schema.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FakeTerminal, runHere } from './support.ts';

const ALL = ['stdin', 'stdout', 'stderr'] as const;
const CHANGE = 'route53:ChangeResourceRecordSets';

/** A zone from which apply has removed two entries, the journal of it, and the command. */
async function afterApply() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  const folder = await temporaryDirectory();
  const state = join(folder, 'state');
  const ecsDns = (args: readonly string[], fake: FakeTerminal = {}) =>
    runHere(args, server.url, { ...fake, env: { ECS_DNS_JOURNAL: state, ...fake.env } });
  const applied = await ecsDns(['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled']);
  const journal = join(state, (await readdir(state))[0] ?? '');
  const after = fleet.zone.list();
  expect(applied).toMatchObject({ code: 0 });
  expect(after).toEqual(without(before, staleSets));
  const changes = () => server.counts()[CHANGE] ?? 0;
  return { fleet, zone: fleet.zone, staleSets, before, after, server, changes, folder, journal, ecsDns };
}

describe('restore on a terminal', () => {
  test('shows what would come back, asks, and puts it back on yes', async () => {
    const { zone, before, journal, ecsDns } = await afterApply();

    const { code, stdout, stderr } = await ecsDns(['restore', journal], {
      tty: ALL,
      env: { NO_COLOR: '1' },
      onQuestion: (type) => type('y\n'),
    });

    expect(code).toBe(0);
    expect(stderr).toContain('To put back: 2 record sets, removed ');
    expect(stderr).toContain(`Put 2 record sets back into ${ZONE_NAME}? [y/N]`);
    expect(stdout).toMatch(/ 2 put back, .*\n\nPut back: 2 record sets\.\n$/);
    expect(stdout).not.toContain('_orders');
    expect(zone.list()).toEqual(before);
  });

  test('changes nothing on no, and ends with 1', async () => {
    const { zone, after, changes, journal, ecsDns } = await afterApply();

    const { code, stdout, stderr } = await ecsDns(['restore', journal], {
      tty: ALL,
      onQuestion: (type) => type('n\n'),
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/restore: cancelled, nothing was changed\n$/);
    expect(changes()).toBe(1);
    expect(zone.list()).toEqual(after);
  });

  test.each([{ flag: '--dry-run' }, { flag: '--yes' }])('does not ask with $flag', async ({ flag }) => {
    const { journal, ecsDns } = await afterApply();

    const { code, stderr } = await ecsDns(['restore', journal, flag], { tty: ALL });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('does not ask when there is nothing to put back', async () => {
    const { zone, staleSets, journal, ecsDns } = await afterApply();
    for (const set of staleSets) zone.put(set);

    const { code, stdout, stderr } = await ecsDns(['restore', journal], { tty: ALL });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Nothing to put back.');
  });
});

describe('restore without a terminal', () => {
  test('is an error without --yes, before the zone is read', async () => {
    const { server, changes, journal, ecsDns } = await afterApply();
    const asked = server.log.length;

    const result = await ecsDns(['restore', journal]);

    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^ecs-dns: restore: there is no terminal to ask on: pass --yes .*\n$/);
    expect(server.log).toHaveLength(asked);
    expect(changes()).toBe(1);
  });

  test('tells of the file before it asks for a terminal', async () => {
    const { ecsDns } = await afterApply();

    const { code, stderr } = await ecsDns(['restore', '/nowhere']);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: \/nowhere: there is no such file: .*\n$/);
  });

  test('prints a document with --output json, and nothing else', async () => {
    const { zone, staleSets, journal, ecsDns } = await afterApply();
    const [anew] = staleSets;
    if (anew !== undefined) zone.put({ ...anew, Weight: 9 });

    const { code, stdout, stderr } = await ecsDns(['restore', journal, '--yes', '--output', 'json']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = restoreReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({
      version: 1,
      mode: 'restore',
      dryRun: false,
      zone: { id: zone.id, name: `${ZONE_NAME}.` },
      summary: { sets: 2, missing: 1, changed: 1, restored: 1, conflicts: 0, failed: 0 },
      notices: [],
      awsCalls: { 'route53:GetHostedZone': 1, 'route53:ListResourceRecordSets': 1, [CHANGE]: 1 },
    });
    expect(report.sets.find(({ state }) => state === 'changed')).toMatchObject({
      recordSet: anew,
      there: { Weight: 9 },
      reasons: ['task-gone'],
      removal: { status: 'applied' },
    });
    expect(report.sets.find(({ state }) => state === 'missing')).toMatchObject({ status: 'applied' });
  });

  test('ends with 3 when a set is in conflict, and puts back the others', async () => {
    const { zone, staleSets, before, server, journal, ecsDns } = await afterApply();
    const [first, second] = staleSets;
    if (first === undefined || second === undefined) throw new TypeError('too few sets');
    const anew = { ...first, Weight: 9 };
    const write = () => void zone.put(anew);
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'before', before: write } });

    const { code, stdout } = await ecsDns(['restore', journal, '--yes']);

    expect(code).toBe(3);
    expect(stdout).toContain('1 put back, 1 not put back');
    expect(stdout).toContain('already exists');
    expect(zone.records.get(first)).toEqual(anew);
    expect(without(zone.list(), [first])).toEqual(without(before, [first]));
  });

  test('ends with 3 when nothing may be changed', async () => {
    const { zone, after, server, journal, ecsDns } = await afterApply();
    server.addFault({ operation: CHANGE, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    const { code, stdout } = await ecsDns(['restore', journal, '--yes']);

    expect(code).toBe(3);
    expect(stdout).toContain('0 put back, 2 not put back');
    expect(zone.list()).toEqual(after);
  });

  test('finds out after a lost reply that all came back', async () => {
    const { zone, before, server, journal, ecsDns } = await afterApply();
    server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'apply-then-drop' } });

    expect(await ecsDns(['restore', journal, '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(zone.list()).toEqual(before);
  });
});

describe('the zone', () => {
  test('may be given, by its name too, when it is the same', async () => {
    const { zone, before, journal, ecsDns } = await afterApply();

    expect(await ecsDns(['restore', journal, '--yes', '--zone', ZONE_NAME])).toMatchObject({ code: 0 });
    expect(zone.list()).toEqual(before);
  });

  test('that the settings name has to be the one of the journal', async () => {
    const { fleet, zone, after, changes, journal, ecsDns } = await afterApply();
    const other = fleet.world.addHostedZone({ name: 'other.internal' });

    const { code, stdout, stderr } = await ecsDns(['restore', journal, '--yes'], {
      env: { ECS_DNS_ZONE: 'other.internal' },
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `ecs-dns: zone: the settings name ${other.id} (other.internal.), but the journal holds removals from ${zone.id} (${ZONE_NAME}.): correct the zone, or leave it out\n`,
    );
    expect(changes()).toBe(1);
    expect(zone.list()).toEqual(after);
  });

  test('has to be named where the journal holds several; the others are told of', async () => {
    const { zone, before, journal, folder, ecsDns } = await afterApply();
    const text = await readFile(journal, 'utf8');
    const [line = ''] = text.split('\n');
    const foreign = line.replace(zone.id, 'Z0OTHER');
    const both = join(folder, 'both.jsonl');
    await writeFile(both, `${text}${foreign}\n`);

    const unnamed = await ecsDns(['restore', both, '--yes']);
    const named = await ecsDns(['restore', both, '--yes', '--zone', zone.id]);

    expect(unnamed.code).toBe(1);
    expect(unnamed.stderr).toContain(`removals from several zones: ${zone.id}, Z0OTHER\n`);
    expect(unnamed.stderr).toMatch(/zone: required, but not set; set --zone/);
    expect(named.code).toBe(0);
    expect(named.stdout).toContain('1 removal from other zones: restore Z0OTHER by itself');
    expect(zone.list()).toEqual(before);
  });
});

describe('the journal', () => {
  test('whose last line was cut off by a crash restores the rest, and says so', async () => {
    const { zone, staleSets, after, journal, ecsDns } = await afterApply();
    const [first = '', second = ''] = (await readFile(journal, 'utf8')).split('\n');
    await writeFile(journal, `${first}\n${second.slice(0, -20)}`);

    const { code, stdout } = await ecsDns(['restore', journal, '--yes']);

    expect(code).toBe(0);
    expect(stdout).toContain('line 2 of the journal, its last one, is cut off');
    expect(zone.list()).toHaveLength(after.length + 1);
    expect(staleSets.filter((set) => zone.records.get(set) !== undefined)).toHaveLength(1);
  });

  test.each<[string, string, RegExp]>([
    ['is not there', 'nowhere.jsonl', /nowhere\.jsonl: there is no such file: name one that apply/],
    [
      'is a directory',
      '.',
      /: it is a directory: name one of the files in it; the newest is the last by name/,
    ],
  ])('that %s is an error of one line', async (_, name, message) => {
    const { folder, ecsDns } = await afterApply();

    const { code, stdout, stderr } = await ecsDns(['restore', join(folder, name), '--yes']);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ecs-dns: .*\n$/);
    expect(stderr).toMatch(message);
  });

  test('with a line that cannot be understood is an error that names it, and nothing is changed', async () => {
    const { zone, after, journal, ecsDns } = await afterApply();
    await writeFile(journal, (await readFile(journal, 'utf8')).replace('"version":1', '"version":7'));

    const { code, stderr } = await ecsDns(['restore', journal, '--yes']);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: \S+\.jsonl, line 1: it has the version 7, .*\n$/);
    expect(zone.list()).toEqual(after);
  });

  test('shows control characters as what they are', async () => {
    const { journal, ecsDns } = await afterApply();
    const [line = ''] = (await readFile(journal, 'utf8')).split('\n');
    const record: { recordSet: RecordSet } = JSON.parse(line);
    const nasty = { ...record, recordSet: { ...record.recordSet, Name: '\u001b[2J_x._tcp.zone.' } };
    await writeFile(journal, JSON.stringify(nasty));

    const { stdout } = await ecsDns(['restore', journal, '--dry-run']);

    expect(stdout).toContain('\\u001b[2J_x._tcp.zone.');
    expect(stdout).not.toContain('\u001b');
  });
});
