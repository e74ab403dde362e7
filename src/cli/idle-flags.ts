import type { FlagValues } from '../config/read-texts.ts';
import { FLAGS, findSetting } from '../config/setting-paths.ts';
import type { Settings } from '../config/settings.ts';
import type { Flags } from './call.ts';
import type { CommandSpec } from './command-spec.ts';
import { SETTING_USES, type SettingName } from './setting-uses.ts';

/** Settings that have no effect while another one stands as it does. */
interface IdleRule {
  readonly names: readonly SettingName[];
  readonly isIdle: (settings: Settings) => boolean;
  readonly why: string;
}

const isUnchecked = ({ health }: Settings) =>
  !health.enabled && !health.trustEcs && health.trustTargetGroups === false;
const isPrune = ({ policy }: Settings) => policy === 'prune';
const PROBING = (Object.keys(SETTING_USES) as SettingName[]).filter(
  (name) =>
    name.startsWith('health.') &&
    SETTING_USES[name].commands.some((one) => one === 'check') &&
    name !== 'health.enabled',
);

/** What the agent of a host does is `sync`, whatever the policy says. */
const RULES: readonly IdleRule[] = [
  {
    names: [
      'correct',
      'cname',
      'addresses',
      'hosts.name',
      'records.ttl',
      'records.routing',
      'records.ipv6',
      'health.healthyThreshold',
    ],
    isIdle: isPrune,
    why: 'policy is prune, which writes no records',
  },
  {
    names: ['stopLimit'],
    isIdle: ({ stopUnhealthyTasks }) => stopUnhealthyTasks === false,
    why: 'stopUnhealthyTasks is false',
  },
  { names: ['eventFormat'], isIdle: ({ eventBus }) => eventBus === undefined, why: 'eventBus is not set' },
  {
    names: ['guardrails.budgetDelay'],
    isIdle: ({ state }) => state.kind === 'none',
    why: 'state is not set',
  },
  { names: PROBING, isIdle: ({ health }) => !health.enabled, why: 'health.enabled is false' },
  {
    names: [
      'health.gracePeriod',
      'health.unhealthyThreshold',
      'guardrails.unhealthyBudgetPercent',
      'guardrails.panicPercent',
    ],
    isIdle: isUnchecked,
    why: 'health.enabled and all that health may trust is off, so that nothing is unhealthy',
  },
];

/** Options of a command that have no effect next to another of its options. */
const OWN_RULES: readonly {
  readonly command: CommandSpec['name'];
  readonly idle: readonly string[];
  readonly next: keyof Flags;
}[] = [
  { command: 'watch', idle: ['--every'], next: 'cron' },
  {
    command: 'agent',
    idle: ['--listen', '--every', '--deregister-on-exit', '--agent-deregister-on-exit'],
    next: 'sync',
  },
  {
    command: 'agent',
    idle: ['--listen', '--every', '--grace', '--deregister-on-exit', '--agent-deregister-on-exit'],
    next: 'remove',
  },
  { command: 'restore', idle: ['--yes'], next: 'dryRun' },
];

/**
 * The flags that were given and have no effect, a line each. Of flags alone, because a file and variables serve several
 * commands and policies.
 */
export function idleFlags(
  { name }: Pick<CommandSpec, 'name'>,
  given: ReadonlySet<string>,
  {
    settings,
    values,
    flags,
  }: { readonly settings: Settings; readonly values: FlagValues; readonly flags: Flags },
): readonly string[] {
  const ofSettings = Object.keys(values).flatMap((flag) => {
    const why = whyIdle(name, FLAGS.get(flag)?.name as SettingName | undefined, settings);
    return why === undefined ? [] : [`${writtenAs(flag, given)} has no effect: ${why}`];
  });
  const nextToOthers = OWN_RULES.filter(
    ({ command, next }) => command === name && flags[next] !== undefined,
  ).flatMap(({ idle, next }) =>
    idle.filter((flag) => given.has(flag)).map((flag) => `${flag} has no effect next to ${dashed(next)}`),
  );
  return [...new Set([...ofSettings, ...nextToOthers])];
}

function whyIdle(
  command: CommandSpec['name'],
  name: SettingName | undefined,
  settings: Settings,
): string | undefined {
  if (name === undefined) return undefined;
  if (!SETTING_USES[name].commands.some((one) => one === command)) {
    // The report of a comparison says so itself.
    const isTold = command === 'compare' && findSetting(name)?.role === 'apart';
    return isTold ? undefined : `${command} does not use it`;
  }
  const rule = RULES.find(({ names, isIdle }) => names.includes(name) && isIdle(settings));
  return command === 'agent' && rule?.isIdle === isPrune ? undefined : rule?.why;
}

/** `--no-cname` sets what `--cname` does. */
function writtenAs(flag: string, given: ReadonlySet<string>): string {
  const off = `--no-${flag.slice(2)}`;
  return !given.has(flag) && given.has(off) ? off : flag;
}

function dashed(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
