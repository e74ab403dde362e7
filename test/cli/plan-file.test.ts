import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { integrityOf } from '../../src/report/plan-file.ts';
import { type PlanFile, planFileSchema } from '../../src/report/plan-file-schema.ts';
import {
  addService,
  addStale,
  listen,
  newFleet,
  serve,
  srvSet,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FakeTerminal, runHere } from './support.ts';

const CHANGES = 'route53:ChangeResourceRecordSets';
const ALL = ['stdin', 'stdout', 'stderr'] as const;
const UNCHECKED = { ECS_DNS_HEALTH_ENABLED: 'false' };

/** Two stale sets of one service, a plan of which is in a file by now, unless the flags say otherwise. */
async function planned(flags: readonly string[] = []) {
  const fleet = newFleet({ machines: 4 });
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  const directory = await temporaryDirectory();
  const path = join(directory, 'plan.json');
  const ecsDns = (args: readonly string[], fake: FakeTerminal = {}) =>
    runHere(args, server.url, { ...fake, env: { ...UNCHECKED, ...fake.env } });
  const made = await ecsDns(['plan', '--zone', ZONE_NAME, '--out', path, ...flags]);
  const before = fleet.zone.list();
  const apply = (args: readonly string[] = [], fake?: FakeTerminal) =>
    ecsDns(['apply', ...(args.includes('--plan') ? [] : ['--plan', path]), '--yes', ...args], fake);
  return { fleet, server, staleSets, before, directory, path, made, ecsDns, apply };
}

async function contentOf(path: string): Promise<PlanFile> {
  return planFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

function staleSetOf([first]: readonly RecordSet[]): RecordSet {
  if (first === undefined) throw new TypeError('there is no stale set');
  return first;
}

describe('a plan in a file', () => {
  test('is carried out exactly, set by set, and its zone need not be named', async () => {
    const { fleet, before, staleSets, apply, made } = await planned();

    const { code, stderr } = await apply();

    expect(made.code).toBe(0);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('holds every change as it was read, and may be read by its owner alone', async () => {
    const { path, directory, staleSets, fleet } = await planned();
    const { zone, groups, places, force, settings } = await contentOf(path);

    expect(groups.map(({ changes }) => changes)).toEqual(
      staleSets.map((recordSet) => [{ action: 'DELETE', recordSet }]),
    );
    expect({ zone, places, force }).toEqual({
      zone: { id: fleet.zone.id, name: `${ZONE_NAME}.` },
      places: [`${fleet.world.account}/us-east-1`],
      force: false,
    });
    expect(settings).toMatchObject({ policy: 'prune', 'health.enabled': false });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['plan.json']);
  });

  test('never grows: what became stale since is not taken, and told', async () => {
    const { fleet, before, staleSets, apply } = await planned();
    const later = addStale(fleet, '_orders._tcp', 1);

    const { code } = await apply();

    expect(code).toBe(0);
    expect(fleet.zone.list()).toHaveLength(before.length - staleSets.length + later.length);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...later]));
  });

  test('under sync it registers what it has, and nothing that came since', async () => {
    const { fleet, server, path, ecsDns } = await planned();
    const cluster = fleet.world.cluster('blue');
    const port = { containerPort: 8080, hostPort: 0 };
    const run = (name: string) => {
      const service = fleet.addService({ name, mode: 'bridge', cluster, portMappings: [port] });
      return fleet.run(service, { machine: fleet.machine(cluster, 0) });
    };
    run('_carts._tcp');
    const sync = ['--zone', ZONE_NAME, '--policy', 'sync'];
    await ecsDns(['plan', ...sync, '--out', path]);
    const { groups } = await contentOf(path);
    run('_users._tcp');

    const { code, stdout } = await ecsDns(['apply', '--yes', '--plan', path, ...sync]);

    expect(code).toBe(0);
    const created = groups.flatMap(({ changes }) => changes.filter(({ action }) => action === 'CREATE'));
    expect(created.map(({ recordSet }) => recordSet.Name)).toContain(`_carts._tcp.${ZONE_NAME}.`);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining(created.map(({ recordSet }) => recordSet)));
    expect(fleet.zone.list().map(({ Name }) => Name)).not.toContain(`_users._tcp.${ZONE_NAME}.`);
    expect(stdout).toContain('a change that a run would make by now is not in it, and not made');
    expect(server.counts()[CHANGES]).toBe(1);
  });

  test('shrinks where a container answers again: what it has of it is left, and the command ends with 3', async () => {
    const fleet = newFleet({ machines: 4 });
    const { live, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
    const containers = await listen(fleet);
    const { server } = { server: await serve(fleet.world) };
    const path = join(await temporaryDirectory(), 'plan.json');
    const [failing] = live;
    if (failing === undefined) throw new TypeError('too few containers');
    await containers.end(failing.task);
    const args = ['--zone', ZONE_NAME, '--health-attempts', '1', '--health-timeout', '5s'];
    await runHere(['plan', ...args, '--out', path], server.url);
    const { groups } = await contentOf(path);
    await containers.start(failing.task);
    const before = fleet.zone.list();

    const { code, stderr } = await runHere(['apply', '--yes', '--plan', path, ...args], server.url);

    expect(groups).toHaveLength(2);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `ecs-dns: apply: not all of the plan was carried out: ${srvSet(fleet, '_orders._tcp', failing).Name} SRV ${failing.host}:${failing.containerId} left as it is: live: healthy\n`,
    });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('is asked for on a terminal, with its own changes and no others', async () => {
    const { fleet, before, apply, path, ecsDns } = await planned();
    addStale(fleet, '_orders._tcp', 1);
    const changed = fleet.zone.list();

    const asked = await ecsDns(['apply', '--plan', path], { tty: ALL, onQuestion: (type) => type('n\n') });

    expect(asked.stderr).toContain(`Remove 2 entries from ${ZONE_NAME}? [y/N]`);
    expect(asked.code).toBe(1);
    expect(fleet.zone.list()).toEqual(changed);
    expect((await apply()).code).toBe(0);
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
  });

  test('without changes does nothing, and is no failure', async () => {
    const { fleet, path, ecsDns, apply } = await planned();
    for (const set of fleet.zone.list().filter(({ Type }) => Type === 'SRV')) fleet.zone.delete(set);
    await ecsDns(['plan', '--zone', ZONE_NAME, '--out', path]);
    const before = fleet.zone.list();

    expect(await contentOf(path)).toMatchObject({ groups: [], stops: [] });
    expect((await apply()).code).toBe(0);
    expect(fleet.zone.list()).toEqual(before);
  });
});

/** Plans a fleet, and what happens to the plan, the zone or the command then; with what is said of it. */
type Planned = Awaited<ReturnType<typeof planned>>;
interface Refusal {
  readonly what: string;
  readonly flags?: readonly string[];
  readonly change?: (planned: Planned) => unknown;
  readonly args?: readonly string[];
  /** In place of a number of seconds there is an N. */
  readonly says: (planned: Planned) => string;
}

const ANEW = 'make a new one with ecs-dns plan --out';
const rewrite =
  (edit: (text: string) => string) =>
  async ({ path }: Planned) => {
    await writeFile(path, edit(await readFile(path, 'utf8')));
  };
const nameOf = ({ Name, Type, SetIdentifier = '' }: RecordSet) =>
  `${Name} ${Type} ${SetIdentifier.replace(/(:.{12}).*/, '$1…')}`;

describe('a plan is refused as a whole, in one line with its remedy', () => {
  test.each<Refusal>([
    {
      what: 'of a zone in which a set has gone',
      change: ({ fleet, staleSets }) => fleet.zone.delete(staleSetOf(staleSets)),
      says: ({ staleSets }) =>
        `plan file: the zone has changed since: ${nameOf(staleSetOf(staleSets))} is gone: make a new plan`,
    },
    {
      what: 'of a zone in which a set was changed by hand',
      change: ({ fleet, staleSets }) => fleet.zone.put({ ...staleSetOf(staleSets), TTL: 99 }),
      says: ({ staleSets }) =>
        `plan file: the zone has changed since: ${nameOf(staleSetOf(staleSets))} was changed: make a new plan`,
    },
    {
      what: 'of another zone, by its name',
      args: ['--zone', 'other.internal'],
      says: ({ path, fleet }) =>
        `${path}: it is of ${fleet.zone.id} (${ZONE_NAME}.), and the settings name other.internal: correct the zone, or leave it out`,
    },
    {
      what: 'of another zone of the same name',
      args: ['--zone', ZONE_NAME],
      change: ({ fleet }) => {
        fleet.world.hostedZones.delete(fleet.zone.id);
        fleet.world.addHostedZone({ id: 'Z0TWIN', name: ZONE_NAME, private: true });
      },
      says: ({ fleet }) =>
        `plan file: it is of ${fleet.zone.id} (${ZONE_NAME}.), and the settings name Z0TWIN (${ZONE_NAME}.): correct the zone, or leave it out`,
    },
    {
      what: 'that was edited',
      change: rewrite((text) => text.replace('"TTL": 0', '"TTL": 1')),
      says: ({ path }) => `${path}: it was changed after it was made: ${ANEW}`,
    },
    {
      what: 'that is nested more deeply than a stack',
      change: rewrite((text) => {
        const depth = 200_000;
        return text.replace('"settings": {', `"settings": { "a": ${'['.repeat(depth)}${']'.repeat(depth)},`);
      }),
      says: ({ path }) => `${path}: it was changed after it was made: ${ANEW}`,
    },
    {
      what: 'in which a field stands twice',
      change: rewrite((text) => text.replace('"groups": [', '"groups": [], "groups": [')),
      says: ({ path }) => `${path}: it was changed after it was made: ${ANEW}`,
    },
    {
      what: 'that has a field more',
      change: rewrite((text) => text.replace('{', '{ "extra": 1,')),
      says: ({ path }) => `${path}: it was changed after it was made: ${ANEW}`,
    },
    {
      what: 'that is too old',
      args: ['--guardrails-max-plan-age', '1s'],
      change: async ({ path }) => {
        // Whatever the time is: one second has passed since then.
        const file = await contentOf(path);
        await writeFile(path, remade({ ...file, startedAt: '2026-01-01T00:00:00.000Z' }));
      },
      says: ({ path }) =>
        `${path}: it was read at 2026-01-01T00:00:00.000Z, N ago, and guardrails.maxPlanAge is 1s: make a new plan, or allow more with --guardrails-max-plan-age`,
    },
    {
      what: 'that was read in the future',
      change: async ({ path }) => {
        const file = await contentOf(path);
        await writeFile(path, remade({ ...file, startedAt: '2999-01-01T00:00:00.000Z' }));
      },
      says: ({ path }) =>
        `${path}: it was read at 2999-01-01T00:00:00.000Z, which is yet to come: set the clocks right, and make a new plan`,
    },
    {
      what: 'that is cut off',
      change: ({ path }) => truncate(path, 1000),
      says: ({ path }) => `${path}: it is cut off, or no JSON any more: ${ANEW}`,
    },
    {
      what: 'that is no plan, but JSON',
      change: ({ path }) => writeFile(path, '{"version":1,"mode":"plan"}'),
      says: ({ path }) => `${path}: it is no plan: name a file that ecs-dns plan --out has written`,
    },
    {
      what: 'that is no JSON',
      change: ({ path }) => writeFile(path, 'yes\n'),
      says: ({ path }) => `${path}: it is no plan: name a file that ecs-dns plan --out has written`,
    },
    {
      what: 'of a newer version of the format',
      change: rewrite((text) => text.replace('"version": 1', '"version": 2')),
      says: ({ path }) =>
        `${path}: it has version 2 of its format, and this release knows 1: apply it with the release that has made it ("0.1.0"), or ${ANEW}`,
    },
    {
      what: 'that is not there',
      args: ['--plan', '/nonexistent/plan.json'],
      says: () =>
        '/nonexistent/plan.json: there is no such file: name one that ecs-dns plan --out has written',
    },
    {
      what: 'that was made without --force, and is to be applied with it',
      args: ['--force'],
      says: ({ path }) => `${path}: it was made without --force: leave it out, or make a new plan with it`,
    },
    {
      what: 'that was made with --force, and is to be applied without',
      flags: ['--force'],
      says: ({ path }) =>
        `${path}: it was made with --force: apply it with --force, or make a new plan without`,
    },
    {
      what: 'that was made with other settings',
      args: ['--policy', 'sync', '--guardrails-min-endpoints', '2'],
      says: ({ path }) =>
        `${path}: it was made with policy prune, which is sync now (and so it is with guardrails.minEndpoints): use the settings of the plan, or make a new one`,
    },
    {
      what: 'of clusters in another account',
      change: async ({ path }) => {
        await writeFile(path, remade({ ...(await contentOf(path)), places: ['999999999999/us-east-1'] }));
      },
      says: ({ fleet }) =>
        `plan file: it was made from clusters in 999999999999/us-east-1, and these credentials read ${fleet.world.account}/us-east-1: use those of the plan, or make a new one`,
    },
  ])('$what', async ({ flags, change, args = [], says }) => {
    const all = await planned(flags);
    await change?.(all);
    const before = all.fleet.zone.list();

    const { code, stdout, stderr } = await all.apply(args);

    expect({ code, stdout, stderr: stderr.replace(/\S+ ago/, 'N ago') }).toEqual({
      code: 1,
      stdout: '',
      stderr: `ecs-dns: ${says(all)}\n`,
    });
    expect(all.server.counts()[CHANGES]).toBeUndefined();
    expect(all.fleet.zone.list()).toEqual(before);
  });
});

describe('where a plan is written', () => {
  test('a plan takes the place of another', async () => {
    const { path, ecsDns } = await planned();
    const { runId } = await contentOf(path);

    expect((await ecsDns(['plan', '--zone', ZONE_NAME, '--out', path])).code).toBe(0);
    expect((await contentOf(path)).runId).not.toBe(runId);
  });

  test('nothing else is overwritten, and nothing is asked of AWS before that is said', async () => {
    const { directory, server, ecsDns } = await planned();
    const other = join(directory, 'notes.txt');
    await writeFile(other, 'notes\n');
    server.clearLog();

    const { code, stderr } = await ecsDns(['plan', '--zone', ZONE_NAME, '--out', other]);

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ecs-dns: --out ${other}: there is a file that is no plan: name another, or remove it\n`,
    });
    expect(await readFile(other, 'utf8')).toBe('notes\n');
    expect(server.log).toEqual([]);
  });

  test.each<[string, string, (directory: string) => string]>([
    ['a directory', '.', () => 'it is a directory: name a file'],
    [
      'a place that is not there',
      'missing/plan.json',
      (directory) => `there is no directory ${directory}/missing: create it, or name a file elsewhere`,
    ],
    [
      'a place within a file',
      'plan.json/other.json',
      (directory) => `${directory}/plan.json is no directory: name a file elsewhere`,
    ],
  ])('not to %s', async (_, name, fault) => {
    const { directory, ecsDns } = await planned();
    const out = join(directory, name);

    const { code, stderr } = await ecsDns(['plan', '--zone', ZONE_NAME, '--out', out]);

    expect({ code, stderr }).toEqual({ code: 1, stderr: `ecs-dns: --out ${out}: ${fault(directory)}\n` });
  });

  test('nothing is written where nothing could be read', async () => {
    const { directory, server, ecsDns } = await planned();
    server.addFault({
      operation: 'ecs:ListClusters',
      effect: { kind: 'error', code: 'AccessDeniedException', status: 400 },
    });
    const out = join(directory, 'other.json');

    expect((await ecsDns(['plan', '--zone', ZONE_NAME, '--out', out])).code).toBe(1);
    expect(await readdir(directory)).toEqual(['plan.json']);
  });
});

test('--output markdown prints the plan as a comment, and the file is written all the same', async () => {
  const { path, ecsDns } = await planned();

  const args = ['plan', '--zone', ZONE_NAME, '--out', path, '--output', 'markdown'];
  const { code, stdout, stderr } = await ecsDns(args);

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `ecs-dns: the plan is in ${path}; ecs-dns apply --plan carries out exactly that\n`,
  });
  expect(stdout).toContain(`### ecs-dns plan: \`${ZONE_NAME}.\``);
  expect(stdout).toContain('| To remove | 2 |');
});

test('--expect-no-changes is --detailed-exitcode that says why', async () => {
  const { ecsDns, apply } = await planned();
  const plan = ['plan', '--zone', ZONE_NAME, '--expect-no-changes'];

  const changes = await ecsDns(plan);
  await apply();
  const none = await ecsDns(plan);

  expect({ code: changes.code, stderr: changes.stderr }).toEqual({
    code: 2,
    stderr:
      'ecs-dns: plan: changes although none were expected: 2 removals, 0 registrations, 2 changes in all\n',
  });
  expect({ code: none.code, stderr: none.stderr }).toEqual({ code: 0, stderr: '' });
});

/** The same with a digest that fits: what only its own content speaks against. */
function remade({ integrity: _, ...content }: PlanFile): string {
  return JSON.stringify({ ...content, integrity: integrityOf(content) });
}
