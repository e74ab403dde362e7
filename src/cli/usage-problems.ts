import { nearestNames } from '../config/nearest-name.ts';
import { FLAGS } from '../config/setting-paths.ts';
import { showName, showValue } from '../config/settings-error.ts';
import type { CommandSpec } from './command-spec.ts';
import { type HelpLine, helpGroupsOf } from './help.ts';

/** What is wrong with how a command line is written. */
export interface UsageProblems {
  readonly lines: readonly string[];
  /** The flags that were meant by what is wrong: what they would set is not called missing, too. */
  readonly meant: ReadonlySet<string>;
}

/** What is typed in a hurry has two letters wrong when they have changed places. */
const SLIPS = 2;

type Takes = 'value' | 'maybe' | 'nothing';

const DRY_RUNS: ReadonlySet<string> = new Set(['apply', 'watch', 'agent']);
const HELP_FLAGS: ReadonlySet<string> = new Set(['-h', '--help']);

/** Finds unknown options, values that are missing and arguments that are too many; `args` follow the command's name. */
export function usageProblems(
  args: readonly string[],
  spec: CommandSpec,
  all: readonly CommandSpec[],
): UsageProblems {
  const known = flagsOf(spec);
  const lines: string[] = [];
  const meant = new Set<string>();
  const operands: string[] = [];
  const given = new Map<string, string>();
  let isDoubtful = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!isOption(arg)) {
      operands.push(arg);
      continue;
    }
    const [flag = ''] = arg.split('=');
    const isWhole = flag === arg;
    const next = args[i + 1];
    const takes = known.get(flag)?.takes;
    if (takes === undefined) {
      const near = nearestFlag(flag, known);
      if (near !== undefined) meant.add(near);
      lines.push(unknownOption(flag, spec, all, near));
      // What follows may be its value as well as an argument.
      if (isWhole && next !== undefined && !isOption(next)) {
        isDoubtful = true;
        i++;
      }
    } else if (takes === 'nothing') {
      if (!isWhole) lines.push(`${flag}: it takes no value; write ${flag} alone`);
    } else if (isWhole && next !== undefined && !isOption(next)) {
      lines.push(...secondValue(flag, next, given, known));
      i++;
    } else if (!isWhole) {
      lines.push(...secondValue(flag, arg.slice(flag.length + 1), given, known));
    } else if (takes === 'value') {
      lines.push(missingValue(flag, known.get(flag)?.term ?? flag));
      meant.add(flag);
      // A dash alone does not make it an option.
      if (next !== undefined && !known.has(next.split('=')[0] ?? '')) i++;
    }
  }
  return { lines: [...lines, ...argumentProblems(operands, isDoubtful, spec)], meant };
}

/** What is wrong with the command itself, before any of its options; nothing for a line that has one, or asks for help. */
export function commandProblem(args: readonly string[], all: readonly CommandSpec[]): string | undefined {
  const [first] = args;
  if (first === undefined || [...HELP_FLAGS, '-V', '--version'].includes(first)) return undefined;
  const names = all.map(({ name }) => name);
  if (names.some((name) => name === first)) return undefined;
  const shown = showName(first);
  if (isOption(first)) {
    return `${shown}: there is no command before it; write ecs-dns plan ${shown} … or another that ecs-dns --help lists`;
  }
  const [near] = nearestNames(first, new Map(names.map((name) => [name, name])), { slips: SLIPS });
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  return `${shown}: unknown command; ${hint}ecs-dns --help lists all`;
}

interface KnownFlag {
  readonly takes: Takes;
  readonly isRepeatable: boolean;
  readonly term: string;
}

/** The flags that a command takes, hidden ones and help too. */
function flagsOf(spec: CommandSpec): ReadonlyMap<string, KnownFlag> {
  const lines = helpGroupsOf(spec).flatMap((group) => group.lines);
  const own = lines.map(
    (line) =>
      [
        flagOf(line),
        { takes: takesOf(line), isRepeatable: line.isRepeatable === true, term: line.term },
      ] as const,
  );
  return new Map([
    ...own,
    ...[...HELP_FLAGS].map((flag) => [flag, { takes: 'nothing', isRepeatable: true, term: flag }] as const),
  ]);
}

/** Of two values one would be lost, and it would not be said which. */
function secondValue(
  flag: string,
  value: string,
  given: Map<string, string>,
  known: ReadonlyMap<string, KnownFlag>,
): readonly string[] {
  const before = given.get(flag);
  if (before === undefined) given.set(flag, value);
  if (before === undefined || before === value || known.get(flag)?.isRepeatable === true) return [];
  const [one, other] =
    FLAGS.get(flag)?.isSecret === true ? ['one value', 'another'] : [before, value].map(showValue);
  return [`${flag}: given twice, as ${one} and as ${other}; leave one of them out`];
}

function flagOf({ flags }: HelpLine): string {
  return flags.split(' ')[0] ?? flags;
}

/** Switches show both of their forms, or a value in square brackets. */
function takesOf({ flags, term }: HelpLine): Takes {
  if (!flags.includes(' ')) return 'nothing';
  return term.includes('<') ? 'value' : 'maybe';
}

/** As commander takes it: a number below zero is a value. */
function isOption(arg: string): boolean {
  return /^-./.test(arg) && !/^-(?:\d+|\d*\.\d+)$/.test(arg);
}

function unknownOption(
  flag: string,
  spec: CommandSpec,
  all: readonly CommandSpec[],
  near: string | undefined,
): string {
  const shown = showName(flag);
  const help = `ecs-dns ${spec.name} --help lists all`;
  if (flag === '--dry-run' && DRY_RUNS.has(spec.name)) {
    return `${shown}: ${spec.name} has no such option; ecs-dns plan shows what it would do, and changes nothing`;
  }
  const others = all.filter((one) => flagsOf(one).has(flag)).map(({ name }) => name);
  if (others.length > 0) {
    const have = `${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} it`;
    return `${shown}: ${spec.name} has no such option, ${have}; leave it out`;
  }
  return `${shown}: unknown option; ${near === undefined ? '' : `did you mean ${near}? `}${help}`;
}

function nearestFlag(flag: string, known: ReadonlyMap<string, KnownFlag>): string | undefined {
  const words = [...known.keys()].filter((name) => name.startsWith('--'));
  const lastWords = new Map(words.map((name) => [name, name.slice(name.lastIndexOf('-') + 1)]));
  return nearestNames(flag, lastWords, { slips: SLIPS })[0];
}

function missingValue(flag: string, term: string): string {
  const value = term.slice(term.indexOf(' ') + 1);
  return `${flag}: the value is missing; write ${flag} ${value}, or ${flag}=${value} where it begins with a dash`;
}

function argumentProblems(
  operands: readonly string[],
  isDoubtful: boolean,
  { name, argument }: CommandSpec,
): readonly string[] {
  const most = argument === undefined ? 0 : 1;
  if (argument !== undefined && operands.length === 0 && !isDoubtful) {
    return [`${name}: <${argument.name}> is missing; give ${argument.description}`];
  }
  return operands
    .slice(most)
    .map(
      (extra) =>
        `${name}: ${showValue(extra)} is one argument too many; ${name} takes ${most === 0 ? 'options only' : 'one'}, and what has blanks wants quotes`,
    );
}
