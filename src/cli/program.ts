import { Command, CommanderError, Option } from 'commander';
import { parseAlternative, type SettingsAlternative } from '../config/compare-settings.ts';
import { decidingSettings } from '../config/deciding-settings.ts';
import { parseSettings, type SettingsSources } from '../config/parse-settings.ts';
import type { FlagValues } from '../config/read-texts.ts';
import { collectTexts, flagValuesOf, optionKey } from '../config/setting-options.ts';
import { FLAGS } from '../config/setting-paths.ts';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { settingsInForce } from '../config/settings-in-force.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import type { Call, Flags } from './call.ts';
import { type CommandSpec, listed, outputsOf } from './command-spec.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './exit-codes.ts';
import { epilogue, GroupedHelp, helpGroupsOf, PROGRAM_EPILOGUE } from './help.ts';
import { idleFlags } from './idle-flags.ts';
import { MannerlyTerminal } from './mannerly-terminal.ts';
import { complain, inform, messagesOf, type Terminal } from './terminal.ts';
import { commandProblem, usageProblems } from './usage-problems.ts';
import { VERSION } from './version.ts';

/** Runs one command line and resolves with the exit code; never rejects, never prints a stack trace. */
export async function runProgram(
  typed: readonly string[],
  given: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let code: number = EXIT.done;
  const terminal = new MannerlyTerminal(given);
  const args = withoutHelpCommand(typed);
  const problem = commandProblem(args, COMMANDS);
  if (problem !== undefined) {
    complain(problem, terminal);
    return EXIT.error;
  }
  const program = createProgram(terminal);
  for (const spec of COMMANDS) {
    const command = addCommand(program, spec, args.includes('--all'));
    command.action(async () => {
      code = await runSpec(spec, command, {
        args: args.slice(args.indexOf(spec.name) + 1),
        terminal,
        signal,
      });
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.error;
    complain(signal.aborted ? 'stopped' : messagesOf(error), terminal);
    return EXIT.error;
  }
}

/** `help plan` is `plan --help`. */
function withoutHelpCommand([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return first === 'help' ? [...others, '--help'] : [first, ...others];
}

const NARROWEST = 40;
const WIDEST = 100;

function createProgram(terminal: Terminal): Command {
  const { columns = 80 } = terminal.stdout;
  const program = new Command('ecs-dns')
    .description('Keeps the DNS-based service discovery of Amazon ECS true.')
    .usage('<command> [options]')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: () => Math.max(NARROWEST, Math.min(columns, WIDEST)),
      getErrHelpWidth: () => Math.max(NARROWEST, Math.min(columns, WIDEST)),
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text) => complain(oneLine(text).replace(/^error: /, ''), terminal),
    })
    .helpCommand(false)
    .addHelpText('after', PROGRAM_EPILOGUE);
  // They come last: what a newcomer looks for is a command.
  const layout = { subcommandTerm, visibleOptions: () => [] };
  program.createHelp = () => Object.assign(new GroupedHelp(new Map()), layout);
  return program;
}

/** Without options, which every command has. */
function subcommandTerm(command: Command): string {
  return command.name();
}

/** Takes every setting's flag, of which its help shows those that it uses. */
function addCommand(program: Command, spec: CommandSpec, isAll: boolean): Command {
  const { name, group, summary, description, argument } = spec;
  const subject = argument === undefined ? '' : ` <${argument.name}>`;
  const command = program
    .command(name)
    .helpGroup(`${group}:`)
    .summary(summary)
    .description(description)
    .usage(`[options]${subject}`)
    .helpOption('-h, --help', 'print this')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', epilogue(spec, isAll));
  if (argument !== undefined) command.argument(`[${argument.name}]`, argument.description);
  const terms = new Map<string, string>();
  for (const { heading, lines } of helpGroupsOf(spec)) {
    for (const { flags, term, description: words, isRepeatable, visible } of lines) {
      const option = new Option(flags, words).helpGroup(`${heading}:`);
      option.hideHelp(visible === 'never' || (visible === 'with all' && !isAll));
      if (isRepeatable) option.argParser(collectTexts);
      command.addOption(option);
      terms.set(flags, term);
    }
  }
  command.createHelp = () => new GroupedHelp(terms);
  return command;
}

interface Invocation {
  /** What follows the command's name. */
  readonly args: readonly string[];
  readonly terminal: MannerlyTerminal;
  readonly signal: AbortSignal;
}

/** Says all that is wrong with a command line at once; a command whose line is right is run. */
async function runSpec(spec: CommandSpec, command: Command, invocation: Invocation): Promise<number> {
  const { args, terminal } = invocation;
  const { lines, meant } = usageProblems(args, spec, COMMANDS);
  const given = command.opts<Record<string, unknown>>();
  const problems = [...lines, ...levelProblems(given), ...(await valueProblems(spec, given))];
  const sources = sourcesOf(command, terminal, meant);
  if (problems.length === 0) return spec.run(callOf(spec, command, sources, invocation));
  complain(
    [...problems, ...(spec.name === 'sandbox' ? [] : settingsProblems(spec, sources, meant))],
    terminal,
  );
  return EXIT.error;
}

/** A level that is given next to the short word for another one would be lost. */
function levelProblems({ quiet, logLevel }: Readonly<Record<string, unknown>>): readonly string[] {
  return quiet === undefined || logLevel === undefined
    ? []
    : ['--quiet and --log-level exclude each other; give one of them'];
}

async function valueProblems(
  { options }: CommandSpec,
  given: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const found = options.map(async ({ flags, check }) => {
    const text = given[optionKey(flags.split(' ')[0] ?? flags)];
    if (check === undefined || typeof text !== 'string') return [];
    try {
      await check(text);
      return [];
    } catch (error) {
      return messagesOf(error);
    }
  });
  return (await Promise.all(found)).flat();
}

/** What is wrong with the settings themselves; a setting whose flag is miswritten does not count as missing, too. */
function settingsProblems(
  { zone }: CommandSpec,
  sources: SettingsSources,
  meant: ReadonlySet<string>,
): readonly string[] {
  try {
    parseSettings({ ...sources, zoneId: zone === undefined ? undefined : ANY_ZONE });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) return messagesOf(error);
    const isMeant = (setting: string | undefined) =>
      [...meant].some((flag) => FLAGS.get(flag)?.name === setting);
    const others = error.problems.filter(
      ({ origin, setting }) => origin.kind !== 'none' || !isMeant(setting),
    );
    return others.length === 0 ? [] : messagesOf(new SettingsError(others));
  }
}

/** Stands for a zone that is not asked for. */
const ANY_ZONE = 'Z0';

function sourcesOf(command: Command, { env }: Terminal, meant: ReadonlySet<string>): SettingsSources {
  const flags = flagValuesOf(command.opts());
  // Without its value a flag says nothing.
  const whole = Object.entries(flags).filter(([flag]) => !meant.has(flag));
  const { config, quiet } = command.opts<Flags>();
  const level: FlagValues = quiet === true ? { '--log-level': 'warn' } : {};
  return {
    file: typeof config === 'string' ? config : undefined,
    env,
    flags: { ...level, ...Object.fromEntries(whole) },
  };
}

function callOf(
  spec: CommandSpec,
  command: Command,
  sources: SettingsSources,
  { args, terminal, signal }: Invocation,
): Call {
  const [subject = ''] = command.args;
  const byDefault = spec.options.flatMap(({ flags, byDefault: value }) =>
    value === undefined ? [] : [[optionKey(flags.split(' ')[0] ?? flags), value]],
  );
  const flags: Flags = { ...Object.fromEntries(byDefault), ...command.opts<Flags>() };
  const names = new Set(args.map((arg) => arg.split('=')[0] ?? arg));
  const values: FlagValues = sources.flags ?? {};
  const tell = (settings: Settings) => {
    for (const line of idleFlags(spec, names, { settings, values, flags })) inform(line, terminal);
  };
  return {
    subject,
    flags,
    settings: (zoneId) => {
      const settings = printed(terminal.heeding(parseSettings({ ...sources, zoneId })), spec);
      tell(settings);
      return settings;
    },
    alternative: () => {
      const alternative: SettingsAlternative = parseAlternative(sources);
      tell(printed(terminal.heeding(alternative.alternative), spec));
      return alternative;
    },
    deciding: () => decidingSettings(sources),
    settingsInForce: () => settingsInForce(sources),
    terminal,
    signal,
  };
}

/** Refuses a form that the command does not print, before it does anything. */
function printed(settings: Settings, spec: CommandSpec): Settings {
  const forms = outputsOf(spec);
  if (forms.includes(settings.output)) return settings;
  throw new RunError(
    'usage',
    `output: "${settings.output}" is no form that ${spec.name} prints; write ${listed(forms)}`,
  );
}
