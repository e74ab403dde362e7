import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RecordSet, withValues } from '../../src/model/record-set.ts';
import { type Report, reportSchema } from '../../src/report/report-schema.ts';
import { checkExpectations } from '../../src/sandbox/fleet/check-expectations.ts';
import { type Fleet, generateFleet } from '../../src/sandbox/fleet/generate-fleet.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { cliEnv, listen, runCli, serve, ZONE_NAME } from './support.ts';

const HEALTH = [
  '--health-allow=127.0.0.0/8',
  '--health-timeout=1s',
  '--health-interval=1ms',
  '--health-attempts=2',
];

/** The sample fleet with its containers, and the command on it. */
async function openSample(env: Readonly<Record<string, string>> = { ECS_DNS_ZONE: ZONE_NAME }) {
  const fleet = generateFleet({ block: OWN_BLOCK, now: Date.now() });
  await listen({ world: fleet.world, behaviours: new Map(fleet.behaviours) });
  const server = await serve(fleet.world);
  return {
    fleet,
    server,
    before: fleet.zone.list(),
    ecsDns: (...args: readonly string[]) => runCli([...args, ...HEALTH], { ...cliEnv(server.url), ...env }),
  };
}

/** What the zone has to hold after a run, told from what was planted and nothing else. */
function expectedSets({ zone, planted }: Fleet): readonly RecordSet[] {
  const going = new Set(
    planted
      .filter(({ expected, heldBack }) => ['stale', 'unhealthy'].includes(expected) && heldBack === undefined)
      .map(({ name, type, setIdentifier, value }) => `${name} ${type} ${setIdentifier} ${value}`),
  );
  return zone.list().flatMap((set) => {
    const values = (set.ResourceRecords ?? []).map(({ Value }) => Value);
    const staying = values.filter(
      (value) => !going.has(`${set.Name} ${set.Type} ${set.SetIdentifier} ${value}`),
    );
    if (staying.length === values.length) return [set];
    return staying.length === 0 ? [] : [withValues(set, staying)];
  });
}

function read(stdout: string): Report {
  return reportSchema.parse(JSON.parse(stdout));
}

describe('ecs-dns plan', () => {
  test('prints one report document and nothing else, and changes nothing', async () => {
    const { fleet, before, ecsDns, server } = await openSample();

    const { code, stdout, stderr } = await ecsDns('plan', '--output', 'json', '--all');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = read(stdout);
    expect(checkExpectations(fleet.planted, report)).toEqual([]);
    expect(report).toMatchObject({ version: 1, mode: 'plan', zone: { id: fleet.zone.id }, incomplete: [] });
    expect(new Set(report.changes.map(({ status }) => status))).toEqual(new Set(['planned']));
    expect(fleet.zone.list()).toEqual(before);
    expect(server.counts()).toEqual(report.awsCalls);
  });

  test('says in words what goes, what stays, and why, without colours', async () => {
    const { fleet, ecsDns } = await openSample();
    const removed = fleet.planted.filter(
      ({ expected, heldBack }) => ['stale', 'unhealthy'].includes(expected) && heldBack === undefined,
    );

    const { code, stdout, stderr } = await ecsDns('plan', '--detailed-exitcode');

    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toContain(`To remove: ${removed.length} entries`);
    const lines = stdout.split('\n');
    const lineOf = ({ name, value }: (typeof fleet.planted)[number]) =>
      lines.find(
        (one) =>
          one.includes(` ${name.replace(`.${ZONE_NAME}.`, '')} `) &&
          one.includes(value.replace('.ec2.internal', '')),
      );
    for (const planted of removed) {
      const { expected, reason } = planted;
      const line = lineOf(planted);
      expect(line).toMatch(/^ {2}- /);
      expect(line).toContain(`${expected}: ${reason}`);
    }
    for (const planted of fleet.planted.filter((one) => one.heldBack)) {
      expect(lineOf(planted)).toMatch(new RegExp(`^ {2}! .*(${planted.heldBack?.join('|')})`));
    }
    expect(stdout).not.toContain('\u001b');
  });
});

describe('ecs-dns apply', () => {
  test('leaves the zone with just what is live, foreign, unverified or held back, set by set', async () => {
    const { fleet, ecsDns } = await openSample();
    const expected = expectedSets(fleet);

    const applied = await ecsDns('apply', '--yes', '--output', 'json');

    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    const { summary, changes } = read(applied.stdout);
    expect(summary).toMatchObject({ applied: changes.length, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(expected);

    const again = await ecsDns('plan', '--detailed-exitcode');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('Nothing to remove.');
  });

  test('without a terminal and without --yes does not send a single request', async () => {
    const { server, ecsDns } = await openSample();

    const { code, stdout, stderr } = await ecsDns('apply');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ecs-dns: .*--yes.*\n$/);
    expect(server.log).toEqual([]);
  });
});

describe('settings from everywhere', () => {
  test('the flag wins over the variable, and the variable over the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-main-job-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ecs-dns.yml');
    writeFileSync(
      file,
      [
        `zone: ${ZONE_NAME}`,
        'output: text',
        'clusters: [storefront, payments, analytics]',
        'health: { enabled: true, attempts: 1 }',
        'guardrails: { removalBudgetPercent: 0 }',
      ].join('\n'),
    );
    const { ecsDns } = await openSample({
      ECS_DNS_CONFIG: file,
      ECS_DNS_OUTPUT: 'text',
      ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100',
      ECS_DNS_CLUSTERS: 'payments',
    });

    const plan = await ecsDns('plan', '--output=json', '--no-health-enabled', '--clusters', 'storefront');

    expect(plan.code).toBe(0);
    expect(plan.stderr).toMatch(/^(ecs-dns: --health-\S+ has no effect: health\.enabled is false\n)+$/);
    const { summary, heldBack, awsCalls } = read(plan.stdout);
    expect(awsCalls).toMatchObject({ 'ecs:ListTasks': 1 });
    expect(summary.unhealthy).toBe(0);
    expect(summary.removals).toBeGreaterThan(0);
    expect(heldBack.map(({ guardrail }) => guardrail)).not.toContain('removal-budget');
  });
});
