import { checkCommand } from './check-command.ts';
import { ALL, checkAccount, FORCE, grace, LISTEN, ONLY, YES } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { runCommand } from './run-command.ts';
import { SANDBOX } from './sandbox-spec.ts';

const DONE = 'done';
const ERROR = 'an error; nothing was changed';
const UNREAD = 'an error, or nothing could be read from ECS';
const LOOK = 'Look, and change nothing';
const CHANGE = 'Change the zone';

/** In the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'plan',
    group: LOOK,
    summary: 'what a run would change, and why',
    description: 'Shows what a run would change, and why; changes nothing.',
    examples: [
      ['plan --zone servicediscovery.internal', 'what would be removed'],
      ['plan --zone servicediscovery.internal --policy sync', 'and what would be registered'],
    ],
    options: [
      ALL,
      ONLY,
      { flags: '--name <pattern>', description: 'list only what has a name like this, such as "_orders*"' },
      FORCE,
      { flags: '--out <file>', description: 'write the plan to a file, for apply --plan' },
      { flags: '--detailed-exitcode', description: 'exit with 2 when there are changes' },
      { flags: '--expect-no-changes', description: 'the same, and say so in one line' },
    ],
    exitCodes: {
      0: DONE,
      1: UNREAD,
      2: 'there are changes (with --detailed-exitcode or --expect-no-changes)',
    },
    outputs: ['html', 'markdown'],
    run: (call) => runCommand('plan', call),
  },
  {
    name: 'explain',
    group: LOOK,
    summary: 'why an entry stays or goes',
    description: 'Shows everything that leads to the verdict of one entry; changes nothing.',
    examples: [
      ['explain _orders._tcp --zone servicediscovery.internal', 'the entries of a name'],
      ["explain '_*' --only unhealthy --zone servicediscovery.internal", 'all that are unhealthy'],
    ],
    argument: {
      name: 'name or set identifier',
      description:
        "a name such as _orders._tcp, a pattern such as '_orders*', or a set identifier such as ip-10-0-1-2.ec2.internal:0123…",
    },
    options: [ONLY],
    exitCodes: { 0: DONE, 1: 'an error, or the zone has no such entry' },
    outputs: ['html', 'markdown'],
    run: async (call) => (await import('./explain-command.ts')).explainCommand(call),
  },
  {
    name: 'compare',
    group: LOOK,
    summary: 'what other settings would change',
    description:
      'Shows what the switch from file and variables to the flags would change, with policy sync unless a flag names another; changes nothing.',
    policy: 'sync',
    examples: [
      ['compare --zone servicediscovery.internal', 'what the switch to sync would change'],
      ['compare --config ecs-dns.yml --policy prune --manage zone', 'what a wider scope would change'],
    ],
    options: [
      {
        flags: '--dry-run',
        description: 'for scripts that want to say so: nothing is changed without it either',
      },
      { flags: '--all', description: 'list live records that stay as they are too' },
      { flags: '--detailed-exitcode', description: 'exit with 2 when the switch would change something' },
    ],
    exitCodes: { 0: DONE, 1: UNREAD, 2: 'the switch would change something (with --detailed-exitcode)' },
    outputs: ['html', 'markdown'],
    run: async (call) => (await import('./compare-command.ts')).compareCommand(call),
  },
  {
    name: 'check',
    group: LOOK,
    summary: 'probes a service, or one address, now',
    description: 'Probes a service, or one address and port, now, and shows every attempt.',
    examples: [
      ['check _orders._tcp --zone servicediscovery.internal', 'all that runs of a service'],
      ['check 10.0.1.2:8080 --health-path /ready', 'one address'],
    ],
    argument: {
      name: 'service or address:port',
      description: 'a service such as _orders._tcp, or an address such as 10.0.1.2:8080 or [fd00::1]:8080',
    },
    options: [],
    zone: 'not needed for an address',
    exitCodes: { 0: 'all of it is healthy', 1: 'an error, or not healthy' },
    run: checkCommand,
  },
  {
    name: 'apply',
    group: CHANGE,
    summary: 'removes what is stale or unhealthy; asks first',
    description:
      'Removes what is stale or unhealthy, with --policy sync registers what is missing; asks first on a terminal.',
    examples: [
      ['apply --zone servicediscovery.internal', 'shows the plan, asks, and applies it'],
      ['apply --zone servicediscovery.internal --yes --output json', 'from cron'],
    ],
    options: [
      ALL,
      FORCE,
      { flags: '--plan <file>', description: 'carry out the plan in the file, and nothing else' },
      { flags: YES, description: 'apply without asking' },
    ],
    exitCodes: {
      0: DONE,
      1: 'an error, nothing could be read from ECS, or the answer was no',
      3: 'some changes failed, or were in conflict',
    },
    outputs: ['html', 'markdown'],
    run: (call) => runCommand('apply', call),
  },
  {
    name: 'watch',
    group: CHANGE,
    summary: 'applies again and again, until stopped',
    description: 'Applies again and again without asking, until it is stopped by a signal.',
    examples: [
      ['watch --zone servicediscovery.internal --every 5m --listen :7979', 'with metrics for Prometheus'],
    ],
    options: [
      {
        flags: '--cron <expression>',
        description: 'when to run, such as "*/5 * * * *"; wins over --every',
        check: async (text) => (await import('../watch/schedule.ts')).cronSchedule(text),
      },
      LISTEN,
      grace('30s', 'run'),
    ],
    exitCodes: { 0: 'stopped by a signal', 1: 'an error before the first run' },
    run: async (call) => (await import('./watch-command.ts')).watchCommand(call),
  },
  {
    name: 'agent',
    group: CHANGE,
    summary: 'follows the container engine of one host',
    description:
      'Follows the container engine of one host: registers what starts, removes what ends, of this host alone.',
    examples: [
      ['agent --zone servicediscovery.internal', 'on each host'],
      ['agent --zone servicediscovery.internal --remove', 'when a host is taken down'],
    ],
    options: [
      { flags: '--sync', description: 'hold the host against the zone once, and exit' },
      { flags: '--remove', description: 'take all of this host out of the zone, and exit' },
      LISTEN,
      grace('5s', 'pass'),
    ],
    exitCodes: {
      0: DONE,
      1: 'an error, or engine or zone could not be read',
      3: 'with --sync and --remove: some changes failed, or were in conflict',
    },
    run: async (call) => (await import('./agent-command.ts')).agentCommand(call),
  },
  {
    name: 'restore',
    group: CHANGE,
    summary: 'puts back what a run removed; asks first',
    description: 'Puts back what a journal says was removed, as far as it was not changed since.',
    examples: [
      ['restore ~/.local/state/ecs-dns/journal/2026….jsonl', 'shows what is missing, asks, and puts it back'],
    ],
    argument: {
      name: 'journal',
      description: 'a file that apply or watch has written, or the log of the Lambda',
    },
    options: [
      { flags: '--dry-run', description: 'show what would be put back, and change nothing' },
      { flags: YES, description: 'put it back without asking' },
    ],
    zone: 'that of the journal',
    exitCodes: {
      0: DONE,
      1: 'an error, or the answer was no',
      3: 'some changes failed, or were in conflict',
    },
    run: async (call) => (await import('./restore-command.ts')).restoreCommand(call),
  },
  {
    name: 'doctor',
    group: 'Set up',
    summary: 'what is missing, and what to do about it',
    description:
      'Looks at everything that a run needs, and says what to do about what is missing; changes nothing.',
    examples: [['doctor --zone servicediscovery.internal', 'credentials, rights, the way to a container']],
    options: [],
    exitCodes: { 0: 'nothing fails', 1: 'an error, or a finding fails' },
    run: async (call) => (await import('./doctor-command.ts')).doctorCommand(call),
  },
  {
    name: 'iam',
    group: 'Set up',
    summary: 'prints the IAM policy that the settings need',
    description: 'Prints the IAM policy that the settings need, as JSON.',
    examples: [['iam --zone Z0123456789ABC --policy sync', 'without a call to AWS']],
    options: [
      { flags: '--read-only', description: 'only what `plan` needs' },
      { flags: '--agent', description: 'only what `agent` needs' },
      {
        flags: '--account <id>',
        description: 'the account, to name it in ARNs; any unless given',
        check: checkAccount,
      },
    ],
    exitCodes: { 0: DONE, 1: ERROR },
    // It is JSON whatever the setting says.
    outputs: ['html', 'markdown'],
    run: async (call) => (await import('./iam-command.ts')).iamCommand(call),
  },
  SANDBOX,
];
