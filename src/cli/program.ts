import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseAlternative } from '../config/compare-settings.ts';
import { parseSettings, type SettingsSources } from '../config/parse-settings.ts';
import { collectTexts, flagValuesOf, settingOptions } from '../config/setting-options.ts';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import type { RunMode } from '../report/report-schema.ts';
import { checkCommand } from './check-command.ts';
import { EXIT } from './exit-codes.ts';
import { runCommand } from './run-command.ts';
import type { SandboxFlags } from './sandbox-command.ts';
import { complain, type Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Runs one command line and resolves with the exit code; never rejects, never prints a stack trace. */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(terminal, async (run) => {
    code = await run(signal);
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, terminal, signal);
  }
}

type Conduct = (run: (signal: AbortSignal) => Promise<number>) => Promise<void>;

function createProgram(terminal: Terminal, conduct: Conduct): Command {
  const program = new Command('ecs-dns')
    .description('Keeps the DNS-based service discovery of Amazon ECS true.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text) =>
        complain(
          text
            .trim()
            .replace(/^error: /, '')
            .replace(/\s+/g, ' '),
          terminal,
        ),
    })
    .showSuggestionAfterError();
  program.addCommand(runSubcommand('plan', terminal, conduct).copyInheritedSettings(program));
  program.addCommand(runSubcommand('apply', terminal, conduct).copyInheritedSettings(program));
  program.addCommand(restoreSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(watchSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(checkSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(explainSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(compareSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(doctorSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(iamSubcommand(terminal, conduct).copyInheritedSettings(program));
  program.addCommand(sandboxSubcommand(terminal, conduct).copyInheritedSettings(program));
  return program;
}

const DESCRIPTIONS: Readonly<Record<RunMode, string>> = {
  plan: 'Shows what a run would change, and why; changes nothing.',
  apply:
    'Removes what is stale or unhealthy, with --policy sync registers what is missing; asks first on a terminal.',
};

function restoreSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('restore')
    .description('Puts back what a journal says was removed, as far as it was not changed since.')
    .argument('<journal>', 'a file that apply or watch has written, or the log of the Lambda')
    .option('--dry-run', 'show what would be put back, and change nothing')
    .option('--yes', 'put it back without asking');
  addSettingOptions(command);
  return command.action((path: string, options: Record<string, unknown>) =>
    conduct(async (signal) => {
      const { restoreCommand } = await import('./restore-command.ts');
      const flags = { dryRun: options['dryRun'] === true, yes: options['yes'] === true };
      const settingsFor = (zoneId: string | undefined) => settingsOf(options, terminal, zoneId);
      return restoreCommand(path, flags, settingsFor, terminal, signal);
    }),
  );
}

function watchSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('watch')
    .description('Applies again and again without asking, until it is stopped by a signal.')
    .option('--cron <expression>', 'when to run, such as "*/5 * * * *"; wins over --every')
    .option('--listen <address>', 'serve /metrics, /healthz and /readyz, such as :7979 or 127.0.0.1:7979')
    .option('--grace <duration>', 'how long a run under way may go on after SIGTERM', '30s');
  addSettingOptions(command);
  return command.action((options: Record<string, unknown>) =>
    conduct(async (signal) => {
      // Loaded on demand: what it needs makes no other command slower.
      const { watchCommand } = await import('./watch-command.ts');
      const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
      const flags = { cron: text('cron'), listen: text('listen'), grace: text('grace') ?? '' };
      return watchCommand(flags, settingsOf(options, terminal), terminal, signal);
    }),
  );
}

function checkSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('check')
    .description('Probes a service, or one address and port, now, and shows every attempt.')
    .argument('<service or address:port>', 'such as _orders._tcp, 10.0.1.2:8080 or [fd00::1]:8080');
  addSettingOptions(command);
  return command.action((subject: string, options: Record<string, unknown>) =>
    conduct(async (signal) => checkCommand(subject, settingsOf(options, terminal), terminal, signal)),
  );
}

function explainSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('explain')
    .description('Shows everything that leads to the verdict of one entry; changes nothing.')
    .argument('<name or set identifier>', 'such as _orders._tcp, or ip-10-0-1-2.ec2.internal:0123456789ab…');
  addSettingOptions(command);
  return command.action((selector: string, options: Record<string, unknown>) =>
    conduct(async (signal) => {
      const { explainCommand } = await import('./explain-command.ts');
      return explainCommand(selector, settingsOf(options, terminal), terminal, signal);
    }),
  );
}

function compareSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('compare')
    .description(
      'Shows what switching settings, from file and variables to the flags, would change; changes nothing.',
    )
    .option('--dry-run', 'for scripts that want to say so: nothing is changed without it either')
    .option('--all', 'list live records that stay as they are too')
    .option('--detailed-exitcode', 'exit with 2 when the switch would change something');
  addSettingOptions(command);
  return command.action((options: Record<string, unknown>) =>
    conduct(async (signal) => {
      const { compareCommand } = await import('./compare-command.ts');
      const flags = {
        detailedExitcode: options['detailedExitcode'] === true,
        all: options['all'] === true,
      };
      return compareCommand(flags, () => parseAlternative(sourcesOf(options, terminal)), terminal, signal);
    }),
  );
}

function doctorSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('doctor').description(
    'Looks at everything that a run needs, and says what to do about what is missing; changes nothing.',
  );
  addSettingOptions(command);
  return command.action((options: Record<string, unknown>) =>
    conduct(async (signal) => {
      const { doctorCommand } = await import('./doctor-command.ts');
      return doctorCommand(settingsOf(options, terminal), terminal, signal);
    }),
  );
}

function iamSubcommand(terminal: Terminal, conduct: Conduct): Command {
  const command = new Command('iam')
    .description('Prints the IAM policy that the settings need, as JSON.')
    .option('--read-only', 'only what `plan` needs')
    .option('--account <id>', 'the account, to name it in ARNs (any)');
  addSettingOptions(command);
  return command.action((options: Record<string, unknown>) =>
    conduct(async (signal) => {
      const { iamCommand } = await import('./iam-command.ts');
      const account = options['account'];
      const flags = {
        readOnly: options['readOnly'] === true,
        account: typeof account === 'string' ? account : undefined,
      };
      return iamCommand(settingsOf(options, terminal), flags, terminal, signal);
    }),
  );
}

/** The flags of all settings, the same for every command that reads them. */
function addSettingOptions(command: Command): void {
  command.option('--config <file>', 'a settings file, YAML or JSON (ECS_DNS_CONFIG)');
  for (const { flags, description, isRepeatable } of settingOptions()) {
    const option = new Option(flags, description);
    if (isRepeatable) option.argParser(collectTexts);
    command.addOption(option);
  }
}

function runSubcommand(mode: RunMode, terminal: Terminal, conduct: Conduct): Command {
  const command = new Command(mode).description(DESCRIPTIONS[mode]);
  command.option('--all', 'list live entries in the report too');
  command.option('--force', 'lift the removal budget and the panic threshold for this run');
  if (mode === 'plan') command.option('--detailed-exitcode', 'exit with 2 when there are changes');
  if (mode === 'apply') command.option('--yes', 'apply without asking');
  addSettingOptions(command);
  return command.action((options: Record<string, unknown>) =>
    conduct((signal) => {
      const runFlags = {
        all: options['all'] === true,
        force: options['force'] === true,
        detailedExitcode: options['detailedExitcode'] === true,
        yes: options['yes'] === true,
      };
      return runCommand(mode, settingsOf(options, terminal), runFlags, terminal, signal);
    }),
  );
}

function settingsOf(options: Record<string, unknown>, terminal: Terminal, zoneId?: string): Settings {
  return parseSettings(sourcesOf(options, terminal, zoneId));
}

function sourcesOf(options: Record<string, unknown>, { env }: Terminal, zoneId?: string): SettingsSources {
  const file = options['config'];
  return {
    ...(typeof file === 'string' ? { file } : {}),
    env,
    flags: flagValuesOf(options),
    zoneId,
  };
}

function sandboxSubcommand(terminal: Terminal, conduct: Conduct): Command {
  return new Command('sandbox')
    .description('Runs the main job on a local look-alike of AWS with a sample fleet; needs no account.')
    .option('--serve', 'keep the sandbox running, untouched, and print how to reach it', false)
    .option('--seed <number>', 'another fleet of the same kind', wholeNumber)
    .option('--clusters <number>', 'how many clusters (3)', wholeNumber)
    .option('--instances <number>', 'how many container instances (9)', wholeNumber)
    .option('--tasks <number>', 'how many tasks (48); beyond 2000 no container listens', wholeNumber)
    .addOption(
      new Option('--policy <policy>', 'sync: begin with nothing registered, and register it')
        .choices(['prune', 'sync'])
        .default('prune'),
    )
    .option('--port <number>', 'the port of the AWS APIs (any free one)', wholeNumber)
    .addOption(
      new Option('--quotas <which>', "AWS's request quotas: none, today's, or also Route 53's 5 a second")
        .choices(['none', 'current', 'older'])
        .default('none'),
    )
    .option('--latency-ms <number>', 'how long every answer takes on its way (0)', wholeNumber)
    .action((flags: SandboxFlags) =>
      conduct(async (signal) => {
        // Loaded on demand: nothing that runs in production may pull the sandbox in.
        const { sandboxCommand } = await import('./sandbox-command.ts');
        return sandboxCommand(flags, terminal, signal);
      }),
    );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function explain(error: unknown, terminal: Terminal, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.error;
  if (signal.aborted) complain('stopped', terminal);
  else if (error instanceof RunError || error instanceof SettingsError) complain(error.message, terminal);
  else complain(`unexpected error: ${oneLine(error)}`, terminal);
  return EXIT.error;
}
