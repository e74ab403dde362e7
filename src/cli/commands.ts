import { LOG_FORMATS, LOG_LEVELS } from '../model/log-level.ts';
import { RunError } from '../model/run-error.ts';
import type { Call } from './call.ts';
import { checkCommand } from './check-command.ts';
import { type CommandSpec, listed, type OwnOption, QUIET } from './command-spec.ts';
import { readVerdicts } from './report-filter.ts';
import { runCommand } from './run-command.ts';

const ALL: OwnOption = { flags: '--all', description: 'list live entries in the report too' };
const ONLY: OwnOption = {
  flags: '--only <verdicts>',
  description: 'list only entries of these verdicts, such as unhealthy,stale',
  check: readVerdicts,
};
const FORCE: OwnOption = {
  flags: '--force',
  description: 'lift removal budget, panic threshold, network self-test and inventory-shrunk for this run',
};
const LISTEN: OwnOption = {
  flags: '--listen <address>',
  description:
    'serve a status page, /metrics, /healthz and /readyz: :7979 for this machine, 0.0.0.0:7979 for all',
  check: async (text) => (await import('../watch/listen-address.ts')).readListenAddress(text),
};
const YES = '--yes';

function grace(byDefault: string, what: string): OwnOption {
  return {
    flags: '--grace <duration>',
    description: `how long a ${what} under way may go on after SIGTERM`,
    byDefault,
    check: async (text) => (await import('./watch-command.ts')).readGrace(text),
  };
}

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
  {
    name: 'sandbox',
    group: 'Try out',
    summary: 'the main job on a local look-alike of AWS',
    description: 'Runs the main job on a local look-alike of AWS with a sample fleet; needs no account.',
    examples: [
      ['sandbox', 'plan, apply and plan again'],
      ['sandbox --examples', 'a portal that finds its services by DNS, and a page that stops them'],
      ['sandbox --serve --churn 10', 'a fleet for watch --events to follow'],
      ['sandbox --serve --dns 5300', 'its records for dig and other clients to resolve'],
    ],
    options: [
      { flags: '--serve', description: 'keep the sandbox running, and print how to reach it' },
      {
        flags: '--examples',
        description:
          'run the example services as processes, the worker next to them, and print their addresses',
      },
      {
        flags: '--without-worker',
        description: 'with --examples: register nothing, and print how a worker of your own gets there',
      },
      {
        flags: '--churn <seconds>',
        description: 'with --serve: how often a task stops and another takes its place',
        check: (text) => wholeNumber('--churn', text, { from: 1 }),
      },
      {
        flags: '--predecessor <system>',
        description: 'with --serve: a zone as another system left it, such as host-agent-1.4',
      },
      wholeNumberOption('--seed', 'another fleet of the same kind'),
      wholeNumberOption('--clusters', 'how many clusters', '3', 1),
      wholeNumberOption('--instances', 'how many container instances, and one more', '9', 1),
      wholeNumberOption(
        '--tasks',
        'how many tasks, and some of special cases; beyond 2000 no container listens',
        '48',
      ),
      {
        flags: '--policy <policy>',
        description: 'prune, or sync: begin with nothing registered, and register it',
        byDefault: 'prune',
        check: (text) => oneOf('--policy', text, ['prune', 'sync']),
      },
      {
        flags: '--port <number>',
        description: 'the port of the AWS APIs; any free one unless given',
        check: (text) => wholeNumber('--port', text, { to: 65_535 }),
      },
      {
        flags: '--dns <port>',
        description:
          'with --serve or --examples: answer DNS from the zones, over UDP and TCP; 0 for any free port',
        check: (text) => wholeNumber('--dns', text, { to: 65_535 }),
      },
      {
        flags: '--quotas <which>',
        description: "AWS's request quotas: none, current, or older, which is Route 53's 5 a second too",
        byDefault: 'none',
        check: (text) => oneOf('--quotas', text, ['none', 'current', 'older']),
      },
      {
        flags: '--log-format <format>',
        description: 'with --serve or --examples: how what happens is told on stderr: text or json',
        byDefault: 'text',
        check: (text) => oneOf('--log-format', text, LOG_FORMATS),
      },
      {
        flags: '--log-level <level>',
        description:
          'with --serve or --examples: what is told: debug, info, warn or error; info unless given',
        check: (text) => oneOf('--log-level', text, LOG_LEVELS),
      },
      QUIET,
      wholeNumberOption('--latency-ms', 'how long every answer takes on its way', '0'),
    ],
    exitCodes: { 0: 'it ended as it should', 1: 'an error, or it did not' },
    run: runSandbox,
  },
];

function checkAccount(text: string): void {
  if (/^\d{12}$/.test(text)) return;
  throw new RunError('usage', `--account: ${JSON.stringify(text)} is no account id; write its twelve digits`);
}

function wholeNumberOption(flag: string, description: string, byDefault?: string, from = 0): OwnOption {
  return {
    flags: `${flag} <number>`,
    description: byDefault === undefined ? description : `${description} (default ${byDefault})`,
    check: (text) => wholeNumber(flag, text, { from }),
  };
}

const MAX_NUMBER = 999_999_999;

function wholeNumber(
  flag: string,
  text: string,
  { from = 0, to = MAX_NUMBER }: { readonly from?: number; readonly to?: number },
): void {
  if (/^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to) return;
  const range = to === MAX_NUMBER ? `of ${from} or more` : `from ${from} to ${to}`;
  throw new RunError('usage', `${flag}: ${JSON.stringify(text)} is not valid; write a whole number ${range}`);
}

function oneOf(flag: string, text: string, words: readonly string[]): void {
  if (words.includes(text)) return;
  throw new RunError('usage', `${flag}: ${JSON.stringify(text)} is not valid; write ${listed(words)}`);
}

/** Nothing that runs in production pulls the sandbox in, and the container image leaves it out. */
async function runSandbox(call: Call): Promise<number> {
  const { sandboxCommand } = await import('./sandbox-command.ts').catch((error: unknown) => {
    if (Reflect.get(Object(error), 'code') !== 'ERR_MODULE_NOT_FOUND') throw error;
    const remedy = 'run it from the package: npx ecs-dns-reconciler sandbox';
    throw new RunError('usage', `sandbox: it is not part of the container image; ${remedy}`, error);
  });
  return sandboxCommand(call);
}
