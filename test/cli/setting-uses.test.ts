import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hostSettings } from '../../src/agent/host-settings.ts';
import type { Call, Flags } from '../../src/cli/call.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { MannerlyTerminal } from '../../src/cli/mannerly-terminal.ts';
import {
  type CommandName,
  SETTING_COMMANDS,
  SETTING_USES,
  type SettingName,
} from '../../src/cli/setting-uses.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { SETTINGS } from '../../src/config/setting-paths.ts';
import type { Settings } from '../../src/config/settings.ts';
import { addService, cliEnv, newFleet, ZONE_NAME } from '../end-to-end/support.ts';
import { startTestServer, type TestServer } from '../sandbox/test-server.ts';
import { runHere, terminalOf } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-setting-uses-'));
let server: TestServer;

beforeAll(async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  server = await startTestServer(fleet.world);
  const journal = join(folder, 'journal');
  const args = ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled', '--journal', journal];
  expect(await runHere(args, server.url)).toMatchObject({ code: 0 });
  addService(fleet, '_users._tcp', { live: 4, stale: 1 });
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

test('every setting has its line, and no other name has one', () => {
  expect(Object.keys(SETTING_USES).toSorted()).toEqual(SETTINGS.map(({ name }) => name).toSorted());
});

test('every setting has an effect on some command, and every command uses the zone and a time limit', () => {
  for (const [name, { commands, brief }] of Object.entries(SETTING_USES)) {
    expect({ name, commands }).not.toEqual({ name, commands: [] });
    expect(brief).not.toMatch(/[A-Z]\w+\.$|`|\.$/);
  }
  for (const command of SETTING_COMMANDS) {
    expect(SETTING_USES.zone.commands).toContain(command);
    expect(SETTING_USES.timeout.commands).toContain(command);
  }
});

/** What the settings are called once they are read, where that is not their name. */
const READ_AS: ReadonlyMap<string, string> = new Map([
  ['everyMs', 'every'],
  ['timeoutMs', 'timeout'],
  ['health.timeoutMs', 'health.timeout'],
  ['health.intervalMs', 'health.interval'],
  ['health.budgetMs', 'health.budget'],
  ['health.gracePeriodMs', 'health.gracePeriod'],
  ['guardrails.budgetDelayMs', 'guardrails.budgetDelay'],
  ['guardrails.maxPlanAgeMs', 'guardrails.maxPlanAge'],
]);
const SECTIONS: ReadonlySet<string> = new Set([
  'records',
  'hosts',
  'notices',
  'agent',
  'health',
  'guardrails',
  'log',
]);

/** Settings that take down what is read of them. */
function watched(settings: Settings, read: Set<string>): Settings {
  const wrap = <T extends object>(part: T, prefix: string): T =>
    new Proxy(part, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof key === 'symbol') return value;
        const name = `${prefix}${key}`;
        if (SECTIONS.has(name)) return wrap(Object(value), `${name}.`);
        read.add(READ_AS.get(name) ?? name);
        return value;
      },
    });
  return wrap(settings, '');
}

/** Runs a command as the program does, and tells which settings it has read. */
async function settingsReadBy(name: CommandName): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  for (const enabled of [true, false]) await runWith(name, enabled, read);
  return read;
}

async function runWith(name: CommandName, enabled: boolean, read: Set<string>): Promise<void> {
  const subject = name === 'restore' ? journalFile() : (SUBJECTS[name] ?? '');
  const flags: Flags = name === 'restore' ? { dryRun: true } : { yes: true };
  const settings = watched(
    parseSettings({
      zone: ZONE_NAME,
      policy: 'sync',
      stopUnhealthyTasks: true,
      eventBus: 'default',
      notices: { topic: 'arn:aws:sns:us-east-1:123456789012:ecs-dns', webhook: 'http://127.0.0.1:9/' },
      health: { enabled, allow: ['127.0.0.0/8'], trustEcs: true },
      journal: 'none',
      state: join(folder, 'state.json'),
    }),
    read,
  );
  for (const [variable, value] of Object.entries(cliEnv(server.url))) vi.stubEnv(variable, value);
  const terminal = new MannerlyTerminal(terminalOf({}).terminal);
  const alternative = { inForce: settings, alternative: settings, differences: [SWITCH] };
  const call: Call = {
    subject,
    flags,
    settings: () => terminal.heeding(settings),
    alternative: () => {
      terminal.heeding(settings);
      return alternative;
    },
    deciding: () => ({}),
    settingsInForce: () => [],
    terminal,
    signal: new AbortController().signal,
  };
  await COMMANDS.find((spec) => spec.name === name)?.run(call);
  vi.unstubAllEnvs();
}

/** That of the run in the beginning. */
function journalFile(): string {
  const directory = join(folder, 'journal');
  return join(directory, readdirSync(directory)[0] ?? 'none');
}

const SWITCH = { name: 'policy', role: 'compared', from: 'prune', to: 'sync' } as const;

/** Read where everything is put together, and of no effect: the worker is made whole, whatever it is for. */
const PUT_TOGETHER: ReadonlySet<SettingName> = new Set([
  'eventBus',
  'eventFormat',
  'journal',
  'state',
  'stopUnhealthyTasks',
  'stopLimit',
  'addresses',
  'records.ipv6',
  'guardrails.maxPlanAge',
  'health.concurrency',
  'health.budget',
  'health.allow',
  // A check is made of all that `health` has.
  'health.gracePeriod',
  'health.trustEcs',
  'health.trustTargetGroups',
  'health.unhealthyThreshold',
  'health.healthyThreshold',
]);

const SUBJECTS: Readonly<Partial<Record<CommandName, string>>> = {
  explain: '_orders._tcp',
  check: '_orders._tcp',
};

/** `watch` is `apply` again and again; `agent` needs a container engine. */
const RUN_HERE = ['plan', 'apply', 'compare', 'explain', 'check', 'restore', 'doctor', 'iam'] as const;

describe('a command reads no setting but those that it is said to use', () => {
  test.each(RUN_HERE)('%s', async (name) => {
    const read = await settingsReadBy(name);
    const used = (one: string) =>
      SETTING_USES[one as SettingName].commands.some((command) => command === name);
    const unsaid = [...read].filter((one) => !used(one) && !PUT_TOGETHER.has(one as SettingName));
    expect(unsaid).toEqual([]);
  });
});

describe('a command reads every setting that it is said to use', () => {
  test.each(RUN_HERE)('%s', async (name) => {
    const read = await settingsReadBy(name);
    const said = (Object.keys(SETTING_USES) as SettingName[]).filter((one) =>
      SETTING_USES[one].commands.some((command) => command === name),
    );
    expect(said.filter((one) => !read.has(one))).toEqual([]);
  });
});

test('what the agent does not use is the same to it whatever is set', () => {
  const other: Readonly<Record<string, unknown>> = {
    policy: 'prune',
    manage: 'zone',
    cname: true,
    addresses: 'public',
    stopUnhealthyTasks: true,
    state: join(folder, 'state.json'),
  };
  for (const [name, value] of Object.entries(other)) {
    expect(SETTING_USES[name as SettingName].commands).not.toContain('agent');
    const [plain, changed] = [{}, { [name]: value }].map((given) =>
      hostSettings(parseSettings({ zone: ZONE_NAME, ...given }), 'h.internal'),
    );
    expect({ name, settings: changed }).toEqual({ name, settings: plain });
  }
});
