import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { type ComparisonReport, comparisonSchema } from '../../src/report/comparison-schema.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, listen, newFleet, serve, srvSet, ZONE_NAME } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FakeTerminal, runHere } from './support.ts';

const ANY = { expected: 'live', reason: 'healthy' } as const;
const CHANGE = 'route53:ChangeResourceRecordSets';
const UNCHECKED = { ECS_DNS_ZONE: ZONE_NAME, ECS_DNS_HEALTH_ENABLED: 'false' };

/** A fleet in blue, whose agents have registered each machine and every task but `missing` of them. */
function agentsFleet({ live = 4, missing = 0 } = {}): FleetBuilder {
  const fleet = newFleet();
  const { service } = addService(fleet, '_orders._tcp', { live });
  for (const machine of fleet.machinesOf(service.cluster)) {
    fleet.plantHost(machine.privateDnsName, machine.address, ANY);
  }
  for (let i = 0; i < missing; i += 1) fleet.run(service, { machine: fleet.machine(service.cluster, i) });
  return fleet;
}

/** The compare command on a fleet; health checks are off unless variables say otherwise. */
async function compareOn(fleet: FleetBuilder, env: Readonly<Record<string, string>> = {}) {
  const server = await serve(fleet.world);
  const before = fleet.zone.list();
  const fake: FakeTerminal = { env: { ...UNCHECKED, ...env } };
  const ecsDns = (...args: readonly string[]) => runHere(args, server.url, fake);
  const compare = (...args: readonly string[]) => ecsDns('compare', ...args);
  const document = async (...args: readonly string[]): Promise<ComparisonReport> => {
    const { code, stdout, stderr } = await compare(...args, '--output', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return comparisonSchema.strict().parse(JSON.parse(stdout));
  };
  const expectUntouched = () => {
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  };
  return { server, ecsDns, compare, document, expectUntouched };
}

function firstLine({ stdout }: { readonly stdout: string }): string {
  return stdout.slice(0, stdout.indexOf('\n'));
}

describe('from prune to sync', () => {
  test('a zone that the agents have filled is adopted without one change', async () => {
    const { compare, document, expectUntouched } = await compareOn(agentsFleet());

    const result = await compare('--detailed-exitcode');
    const report = await document();

    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    expect(firstLine(result)).toBe(
      'Switching policy from prune to sync would register no entries, remove none, and leave 6 as they are.',
    );
    expect(report).toMatchObject({
      settings: [{ name: 'policy', from: 'prune', to: 'sync' }],
      changes: false,
      summary: { registered: 0, rewritten: 0, removed: 0, left: 6, leftLive: 6, eitherWay: 0 },
    });
    expectUntouched();
  });

  test('what is missing would be registered, exactly as the next run does it', async () => {
    const fleet = agentsFleet({ missing: 3 });
    addService(fleet, '_users._tcp', { stale: 1 });
    const { compare, document, ecsDns, expectUntouched } = await compareOn(fleet);

    const result = await compare('--detailed-exitcode');
    const report = await document('--all');

    expect(result.code).toBe(2);
    expect(firstLine(result)).toBe(
      'Switching policy from prune to sync would register 3 entries, remove none, and leave 7 as they are.',
    );
    expect(result.stdout).toContain('\nA run changes 1 entry in any case.\n');
    expect(result.stdout).toContain('With the switch or without: 1 entry.');
    expect(report.changes).toBe(true);
    expect(report.left).toHaveLength(7);
    const plan = await ecsDns('plan', '--policy', 'sync', '--output', 'json');
    const { changes } = reportSchema.parse(JSON.parse(plan.stdout));
    expect(report.gained.registered.map(({ to }) => to)).toEqual(setsOf(changes, 'CREATE'));
    expect(report.eitherWay.removed.map(({ from }) => from)).toEqual(setsOf(changes, 'DELETE'));
    expectUntouched();
  });

  test('what is not healthy would not be registered, with the reason', async () => {
    const fleet = agentsFleet({ missing: 2 });
    const [, , , , failing] = fleet.world.cluster('blue').tasks.values();
    const binding = failing?.containers[0]?.networkBindings[0];
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    const at = `${machine.address}:${binding?.hostPort}`;
    fleet.behaviours.set(at, { kind: 'status', status: 503 });
    await listen(fleet);
    const { document } = await compareOn(fleet, PROBED);

    const report = await document();

    expect(report.summary).toMatchObject({ registered: 1, withheld: 1, leftLive: 6 });
    expect(report.withheld).toMatchObject([{ reason: 'http-status', eitherWay: false }]);
    expect(report.probes).toEqual({ healthy: 5, unhealthy: 1, indeterminate: 0 });
  });

  test('a weight that was changed by hand would be put right only when that is switched too', async () => {
    const fleet = agentsFleet();
    const [set] = fleet.zone.list().filter(({ Type }) => Type === 'SRV');
    if (set === undefined) throw new TypeError('no set');
    fleet.zone.put({ ...set, Weight: 7 });
    const { compare, document } = await compareOn(fleet);

    expect((await document()).summary).toMatchObject({ rewritten: 0, left: 6 });
    const result = await compare('--correct');

    expect(firstLine(result)).toBe(
      'Switching policy from prune to sync and correct from false to true would register no entries, remove none, rewrite 1, and leave 5 as they are.',
    );
    expect(result.stdout).toContain('Weight 7 → 1');
  });
});

const PROBED = { ECS_DNS_HEALTH_ENABLED: 'true', ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8' };

function setsOf(
  changes: readonly { readonly action: string; readonly recordSet: unknown }[],
  wanted: 'CREATE' | 'DELETE',
): readonly unknown[] {
  return changes.flatMap(({ action, recordSet }) => (action === wanted ? [recordSet] : []));
}

function inOrder(left: string, right: string): number {
  return left < right ? -1 : 1;
}

/** An SRV set that was written by hand. */
function handSet(name: string, ...targets: readonly string[]): RecordSet {
  return {
    Name: `${name}.${ZONE_NAME}.`,
    Type: 'SRV',
    TTL: 60,
    ResourceRecords: targets.map((target) => ({ Value: `1 1 ${target}` })),
  };
}

describe('from one scope of management to another', () => {
  /** One value by hand that leads to what runs, and one that leads to nothing. */
  function fleetWithHandSet() {
    const fleet = agentsFleet();
    const { live } = addService(fleet, '_users._tcp', { live: 1 });
    const [member] = live;
    if (member === undefined) throw new TypeError('no member');
    fleet.zone.delete(srvSet(fleet, '_users._tcp', member));
    fleet.zone.put(handSet('_users._tcp', `${member.port} ${member.host}`, `9 ${member.host}`));
    return fleet;
  }

  test('what becomes managed is told with its verdict, and what of it would go', async () => {
    const fleet = fleetWithHandSet();
    await listen(fleet);
    const { compare, document, expectUntouched } = await compareOn(fleet, PROBED);

    const result = await compare('--policy', 'prune', '--manage', 'zone', '--detailed-exitcode');
    const report = await document('--policy', 'prune', '--manage', 'zone');

    expect(result.code).toBe(2);
    expect(result.stdout.split('\n').slice(0, 2)).toEqual([
      'Switching manage from convention to zone would register no entries, remove 1, and leave 7 as they are.',
      '2 entries would become managed.',
    ]);
    expect(report.entering.map(({ verdict, reason }) => `${verdict} ${reason}`).toSorted(inOrder)).toEqual([
      'live healthy',
      'stale task-gone',
    ]);
    expect(report.gained.removed).toMatchObject([{ value: expect.stringContaining(' 9 ') }]);
    expectUntouched();
  });

  test('what is no longer managed is asked about as today, and its verdict is that of today', async () => {
    const fleet = fleetWithHandSet();
    const apart = fleet.world.addMachine({ address: `127.${OWN_BLOCK}.9.9` });
    fleet.zone.put(handSet('_apart._tcp', `80 ${apart.privateDnsName}`));
    await listen(fleet);
    const { document } = await compareOn(fleet, { ...PROBED, ECS_DNS_MANAGE: 'zone' });

    const report = await document('--policy', 'prune', '--manage', 'convention');

    expect(report.leaving.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      // Because EC2 was asked about its host; otherwise that would be gone.
      ['stale', 'task-gone'],
      ['live', 'healthy'],
      ['stale', 'task-gone'],
    ]);
    expect(report.lost.removed).toMatchObject([{ value: expect.stringContaining(' 9 ') }]);
    expect(report.summary).toMatchObject({ removed: 0, leaving: 3, lost: 1 });
  });
});

describe('back from sync to prune', () => {
  test('what a run registers now would not be registered', async () => {
    const folder = await temporaryDirectory();
    const file = join(folder, 'ecs-dns.yml');
    await writeFile(file, 'policy: sync\n');
    const { compare } = await compareOn(agentsFleet({ missing: 2 }), { ECS_DNS_CONFIG: file });

    const result = await compare('--policy', 'prune', '--detailed-exitcode');

    expect(result.code).toBe(2);
    expect(result.stdout.split('\n').slice(0, 2)).toEqual([
      'Switching policy from sync to prune would register no entries, remove none, and leave 6 as they are.',
      'A run would no longer change 2 entries that it changes now.',
    ]);
    expect(result.stdout).toContain('Only without the switch, registered: 2 entries.');
  });
});

describe('leaves no trace', () => {
  test('with --dry-run, which scripts may say for clarity, no more than without', async () => {
    const { compare, expectUntouched } = await compareOn(agentsFleet({ missing: 1 }));
    const untimed = ({ code, stdout, stderr }: Awaited<ReturnType<typeof compare>>) => ({
      code,
      stderr,
      stdout: stdout.replace(/in [\d.]+m?s/, ''),
    });

    const [without, withFlag] = [await compare(), await compare('--dry-run')];

    expect(without.code).toBe(0);
    expect(untimed(withFlag)).toEqual(untimed(without));
    expectUntouched();
  });

  test('neither in the zone, nor in the journal, the memory, or the bus', async () => {
    const fleet = agentsFleet({ missing: 1 });
    const { staleSets } = addService(fleet, '_users._tcp', { stale: 1 });
    expect(staleSets).toHaveLength(1);
    const folder = await temporaryDirectory();
    const memory = join(folder, 'state.json');
    const { compare, server, expectUntouched } = await compareOn(fleet, {
      ...PROBED,
      ECS_DNS_HEALTH_ATTEMPTS: '1',
      ECS_DNS_STATE: memory,
      ECS_DNS_JOURNAL: join(folder, 'journal'),
      ECS_DNS_EVENT_BUS: 'default',
    });

    expect(await compare()).toMatchObject({ code: 0, stderr: '' });

    expect(await readdir(folder)).toEqual([]);
    expect(Object.keys(server.counts()).filter((name) => !/:(?:List|Describe|Get)/.test(name))).toEqual([]);
    expectUntouched();
  });

  test('nor does it change what is remembered', async () => {
    const fleet = agentsFleet();
    const folder = await temporaryDirectory();
    const memory = join(folder, 'state.json');
    const env = { ...PROBED, ECS_DNS_HEALTH_ATTEMPTS: '1', ECS_DNS_STATE: memory };
    const { compare, ecsDns } = await compareOn(fleet, { ...env, ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: '3' });
    await ecsDns('apply', '--yes', '--health-grace-period', '0s');
    const remembered = await readFile(memory, 'utf8');

    expect(await compare()).toMatchObject({ code: 0 });

    expect(await readFile(memory, 'utf8')).toBe(remembered);
    expect(await readdir(folder)).toEqual(['state.json']);
  });
});

describe('flags that are no part of the comparison', () => {
  test('count for both sides, which is said', async () => {
    const { document } = await compareOn(agentsFleet());

    const report = await document('--clusters', 'blue', '--event-bus', 'default');

    expect(report.settings.map(({ name }) => name)).toEqual(['policy']);
    expect(report.notices).toEqual([
      { subject: 'clusters', detail: expect.stringContaining('counts for both sides') },
      { subject: 'eventBus', detail: expect.stringContaining('changes no record') },
    ]);
  });

  test.each(['text', 'json'])(
    'are told by their names alone where they are secret, in %s',
    async (output) => {
      const { compare } = await compareOn(agentsFleet());

      const { code, stdout, stderr } = await compare(
        '--health-basic-auth=user:hunter2',
        '--health-headers=X-Key: hunter3',
        `--output=${output}`,
      );

      expect(code).toBe(0);
      expect(stdout).toContain('health.basicAuth');
      expect(stdout + stderr).not.toMatch(/hunter/);
    },
  );
});

describe('what ends in an error', () => {
  test.each([
    {
      what: 'nothing to switch to where it is sync already',
      args: ['compare'],
      env: { ECS_DNS_POLICY: 'sync' },
      says: /^ecs-dns: compare: there is nothing to switch: .* policy sync, .*; give .* --manage zone or --policy prune\n$/,
    },
    {
      what: 'only flags that say how to look',
      args: ['compare', '--policy', 'prune', '--clusters', 'blue'],
      env: {},
      says: /nothing to switch: .*\(but for what is not compared: clusters\).* --policy sync or --manage zone\n$/,
    },
    {
      what: 'an unknown flag',
      args: ['compare', '--polcy', 'sync'],
      env: {},
      says: /--polcy: unknown option; did you mean --policy\?/,
    },
    {
      what: 'a bad value in force, which the flag would hide',
      args: ['compare', '--policy', 'sync'],
      env: { ECS_DNS_POLICY: 'snc' },
      says: /^ecs-dns: ECS_DNS_POLICY: "snc" is not valid; write prune or sync\n$/,
    },
  ])('$what, before AWS is asked', async ({ args, env, says }) => {
    const { ecsDns, server } = await compareOn(agentsFleet(), env);

    const { code, stdout, stderr } = await ecsDns(...args);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(server.log).toEqual([]);
  });

  test('a fleet that cannot be read', async () => {
    const { compare, server } = await compareOn(agentsFleet());
    server.addFault({
      operation: 'ecs:ListTasks',
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });

    const { code, stderr } = await compare('--detailed-exitcode');

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: nothing could be read from ECS \(ecs:ListTasks: .*\n$/);
  });
});

test('shows control characters as what they are', async () => {
  const fleet = agentsFleet();
  fleet.zone.put(handSet('_x._tcp', '80 \u001b[2Jhost'));
  const { compare } = await compareOn(fleet);

  const { stdout } = await compare('--manage', 'zone');

  expect(stdout).toContain('\\u001b[2Jhost');
  expect(stdout).not.toContain('\u001b');
});
