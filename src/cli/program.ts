import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseAlternative } from '../config/compare-settings.ts';
import { decidingSettings } from '../config/deciding-settings.ts';
import { parseSettings, type SettingsSources } from '../config/parse-settings.ts';
import { collectTexts, flagValuesOf, settingOptions } from '../config/setting-options.ts';
import type { Settings } from '../config/settings.ts';
import { settingsInForce } from '../config/settings-in-force.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import type { Call, Flags } from './call.ts';
import { checkCommand } from './check-command.ts';
import { EXIT } from './exit-codes.ts';
import { runCommand } from './run-command.ts';
import type { SandboxFlags } from './sandbox-command.ts';
import { complain, messagesOf, type Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

interface CommandSpec {
  readonly name: string;
  readonly description: string;
  readonly argument?: readonly [name: string, description: string];
  /** Those that are no settings. */
  readonly options?: readonly (readonly [flags: string, description: string, byDefault?: string])[];
  /** Which forms of `--output` it prints besides text and JSON. */
  readonly outputs?: readonly Settings['output'][];
  /** What only one command needs is loaded on demand, and makes no other command slower. */
  readonly run: (call: Call) => Promise<number>;
}

const RUN_OPTIONS = [
  ['--all', 'list live entries in the report too'],
  ['--force', 'lift removal budget, panic threshold, network self-test and inventory-shrunk for this run'],
] as const;

/** In the order of the help. */
const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'plan',
    description: 'Shows what a run would change, and why; changes nothing.',
    options: [
      ...RUN_OPTIONS,
      ['--out <file>', 'write the plan to a file, for apply --plan'],
      ['--detailed-exitcode', 'exit with 2 when there are changes'],
      ['--expect-no-changes', 'the same, and say so in one line'],
    ],
    outputs: ['html', 'markdown'],
    run: (call) => runCommand('plan', call),
  },
  {
    name: 'apply',
    description:
      'Removes what is stale or unhealthy, with --policy sync registers what is missing; asks first on a terminal.',
    options: [
      ...RUN_OPTIONS,
      ['--plan <file>', 'carry out the plan in the file, and nothing else'],
      ['--yes', 'apply without asking'],
    ],
    outputs: ['html', 'markdown'],
    run: (call) => runCommand('apply', call),
  },
  {
    name: 'restore',
    description: 'Puts back what a journal says was removed, as far as it was not changed since.',
    argument: ['<journal>', 'a file that apply or watch has written, or the log of the Lambda'],
    options: [
      ['--dry-run', 'show what would be put back, and change nothing'],
      ['--yes', 'put it back without asking'],
    ],
    run: async (call) => (await import('./restore-command.ts')).restoreCommand(call),
  },
  {
    name: 'watch',
    description: 'Applies again and again without asking, until it is stopped by a signal.',
    options: [
      ['--cron <expression>', 'when to run, such as "*/5 * * * *"; wins over --every'],
      [
        '--listen <address>',
        'serve a status page, /metrics, /healthz and /readyz: :7979 for this machine, 0.0.0.0:7979 for all',
      ],
      ['--grace <duration>', 'how long a run under way may go on after SIGTERM', '30s'],
    ],
    run: async (call) => (await import('./watch-command.ts')).watchCommand(call),
  },
  {
    name: 'agent',
    description:
      'Follows the container engine of one host: registers what starts, removes what ends, of this host alone.',
    options: [
      ['--sync', 'hold the host against the zone once, and exit'],
      ['--remove', 'take all of this host out of the zone, and exit'],
      [
        '--listen <address>',
        'serve a status page, /metrics, /healthz and /readyz: :7979 for this machine, 0.0.0.0:7979 for all',
      ],
      ['--grace <duration>', 'how long a pass under way may go on after SIGTERM', '5s'],
    ],
    run: async (call) => (await import('./agent-command.ts')).agentCommand(call),
  },
  {
    name: 'check',
    description: 'Probes a service, or one address and port, now, and shows every attempt.',
    argument: ['<service or address:port>', 'such as _orders._tcp, 10.0.1.2:8080 or [fd00::1]:8080'],
    run: checkCommand,
  },
  {
    name: 'explain',
    description: 'Shows everything that leads to the verdict of one entry; changes nothing.',
    argument: ['<name or set identifier>', 'such as _orders._tcp, or ip-10-0-1-2.ec2.internal:0123456789ab…'],
    run: async (call) => (await import('./explain-command.ts')).explainCommand(call),
  },
  {
    name: 'compare',
    description:
      'Shows what switching settings, from file and variables to the flags, would change; changes nothing.',
    options: [
      ['--dry-run', 'for scripts that want to say so: nothing is changed without it either'],
      ['--all', 'list live records that stay as they are too'],
      ['--detailed-exitcode', 'exit with 2 when the switch would change something'],
    ],
    run: async (call) => (await import('./compare-command.ts')).compareCommand(call),
  },
  {
    name: 'doctor',
    description:
      'Looks at everything that a run needs, and says what to do about what is missing; changes nothing.',
    run: async (call) => (await import('./doctor-command.ts')).doctorCommand(call),
  },
  {
    name: 'iam',
    description: 'Prints the IAM policy that the settings need, as JSON.',
    options: [
      ['--read-only', 'only what `plan` needs'],
      ['--agent', 'only what `agent` needs'],
      ['--account <id>', 'the account, to name it in ARNs (any)'],
    ],
    // It is JSON whatever the setting says.
    outputs: ['html', 'markdown'],
    run: async (call) => (await import('./iam-command.ts')).iamCommand(call),
  },
];

/** Runs one command line and resolves with the exit code; never rejects, never prints a stack trace. */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(terminal);
  for (const spec of COMMANDS) {
    const command = addCommand(program, spec);
    command.action(async () => {
      code = await spec.run(callOf(spec, command, terminal, signal));
    });
  }
  addSandbox(program).action(async (flags: SandboxFlags) => {
    // Loaded on demand: nothing that runs in production may pull the sandbox in.
    const { sandboxCommand } = await import('./sandbox-command.ts');
    code = await sandboxCommand(flags, terminal, signal);
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.error;
    complain(signal.aborted ? 'stopped' : messagesOf(error), terminal);
    return EXIT.error;
  }
}

function createProgram(terminal: Terminal): Command {
  return new Command('ecs-dns')
    .description('Keeps the DNS-based service discovery of Amazon ECS true.')
    .version(VERSION)
    .exitOverride()
    .configureHelp({ subcommandTerm })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text) => complain(oneLine(text).replace(/^error: /, ''), terminal),
    })
    .showSuggestionAfterError();
}

/** Without `[options]`, which every command has: so much is left of 80 columns that descriptions wrap at blanks. */
function subcommandTerm(command: Command): string {
  const subjects = command.registeredArguments.map((one) => ` <${one.name()}>`);
  return `${command.name()}${subjects.join('')}`;
}

/** Its own options come first, then those of all settings, which are the same for every command. */
function addCommand(program: Command, { name, description, argument, options = [] }: CommandSpec): Command {
  const command = program.command(name).description(description);
  if (argument !== undefined) command.argument(...argument);
  for (const [flags, words, byDefault] of options) command.option(flags, words, byDefault);
  command.option('--config <file>', 'a settings file, YAML or JSON (ECS_DNS_CONFIG)');
  for (const one of settingOptions()) {
    const option = new Option(one.flags, one.description);
    if (one.isRepeatable) option.argParser(collectTexts);
    command.addOption(option);
  }
  return command;
}

function callOf(spec: CommandSpec, command: Command, terminal: Terminal, signal: AbortSignal): Call {
  const { env } = terminal;
  const [subject = ''] = command.args;
  const flags = command.opts<Flags>();
  const sources: SettingsSources = { file: flags.config, env, flags: flagValuesOf(command.opts()) };
  return {
    subject,
    flags,
    settings: (zoneId) => printed(parseSettings({ ...sources, zoneId }), spec),
    alternative: () => {
      const found = parseAlternative(sources);
      printed(found.alternative, spec);
      return found;
    },
    deciding: () => decidingSettings(sources),
    settingsInForce: () => settingsInForce(sources),
    terminal,
    signal,
  };
}

/** Refuses a form that the command does not print, before it does anything. */
function printed(settings: Settings, { name, outputs = [] }: CommandSpec): Settings {
  const forms: readonly Settings['output'][] = ['text', 'json', ...outputs];
  if (forms.includes(settings.output)) return settings;
  const others = `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`;
  throw new RunError('usage', `output: "${settings.output}" is no form that ${name} prints; write ${others}`);
}

function addSandbox(program: Command): Command {
  const policy = new Option('--policy <policy>', 'sync: begin with nothing registered, and register it');
  const quotas = new Option(
    '--quotas <which>',
    "AWS's request quotas: none, today's, or also Route 53's 5 a second",
  );
  return program
    .command('sandbox')
    .description('Runs the main job on a local look-alike of AWS with a sample fleet; needs no account.')
    .option('--serve', 'keep the sandbox running, and print how to reach it', false)
    .option(
      '--churn <seconds>',
      'with --serve: how often a task stops and another takes its place',
      positiveNumber,
    )
    .option(
      '--predecessor <system>',
      'with --serve: a zone as another system left it, such as host-agent-1.4',
    )
    .option('--seed <number>', 'another fleet of the same kind', wholeNumber)
    .option('--clusters <number>', 'how many clusters (3)', wholeNumber)
    .option('--instances <number>', 'how many container instances (9)', wholeNumber)
    .option('--tasks <number>', 'how many tasks (48); beyond 2000 no container listens', wholeNumber)
    .addOption(policy.choices(['prune', 'sync']).default('prune'))
    .option('--port <number>', 'the port of the AWS APIs (any free one)', portNumber)
    .addOption(quotas.choices(['none', 'current', 'older']).default('none'))
    .option('--latency-ms <number>', 'how long every answer takes on its way (0)', wholeNumber);
}

const MAX_PORT = 65_535;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Every 0 seconds would be without end. */
function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return number;
}

function portNumber(text: string): number {
  const number = wholeNumber(text);
  if (number > MAX_PORT) throw new InvalidArgumentError(`It must be a port: 0 to ${MAX_PORT}.`);
  return number;
}
