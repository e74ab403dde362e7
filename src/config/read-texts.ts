import { type KnownName, nearestNames } from './nearest-name.ts';
import {
  CONFIG_VARIABLE,
  FILE_LEAVES,
  TEXT_LEAVES,
  type TextLeaf,
  VARIABLE_PREFIX,
} from './setting-paths.ts';
import { problemAt, showName } from './settings-error.ts';
import type { Source } from './settings-tree.ts';
import { splitList, TEXT_FORMS } from './text-values.ts';

/** Environment variables by name, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a flag holds once the command line is parsed: its texts, or true or false for a bare one. */
export type FlagValue = string | boolean | readonly string[];

/** Flags by their full name: `{ '--health-timeout': '2s' }`. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;

const VARIABLES = new Map(TEXT_LEAVES.map((leaf) => [leaf.variable, leaf]));

/** Compared without the prefix, whose letters would make every two names look alike. */
const KNOWN_TAILS = [...knownNames(VARIABLES), { name: CONFIG_VARIABLE, lastWord: 'config' }].map(
  ({ name, lastWord }) => ({ name: tailOf(name), lastWord }),
);

/** The full flags come last: where both are given, the full name wins over the short one. */
const FLAGS = new Map([
  ...TEXT_LEAVES.flatMap((leaf) => (leaf.shortFlag === undefined ? [] : [[leaf.shortFlag, leaf] as const])),
  ...TEXT_LEAVES.map((leaf) => [leaf.flag, leaf] as const),
]);

/** The settings among the environment's variables; any other `ECS_DNS_*` variable is a problem. */
export function readVariables(env: Environment): Source {
  const names = Object.keys(env).filter(
    (name) => name.startsWith(VARIABLE_PREFIX) && name !== CONFIG_VARIABLE,
  );
  return readTexts('variable', env, VARIABLES, names, remedyForVariable);
}

/** The settings among the flags; a flag that is no setting is a problem. */
export function readFlags(flags: FlagValues): Source {
  return readTexts('flag', flags, FLAGS, Object.keys(flags), remedyForFlag);
}

function readTexts(
  kind: 'variable' | 'flag',
  values: FlagValues,
  known: ReadonlyMap<string, TextLeaf>,
  given: readonly string[],
  remedyFor: (name: string) => string,
): Source {
  const unknown = given.filter((name) => !known.has(name)).toSorted();
  return {
    written: [...known].flatMap(([name, leaf]) => {
      const text = values[name];
      if (text === undefined) return [];
      const value = typeof text === 'boolean' ? text : valueFor(leaf, kind, [text].flat());
      return [{ path: leaf.path, value, origin: { kind, name } }];
    }),
    problems: unknown.map((name) =>
      problemAt({ kind, name: showName(name) }, { fault: `unknown ${kind}`, remedy: remedyFor(name) }),
    ),
  };
}

/** Headers are split at commas in a variable alone: a flag can be repeated instead, and keeps its commas. */
function valueFor(leaf: TextLeaf, source: 'variable' | 'flag', texts: readonly string[]): unknown {
  const isSplit = leaf.kind === 'headers' && source === 'variable';
  return TEXT_FORMS[leaf.kind].read(isSplit ? splitList(texts) : texts);
}

function remedyForVariable(name: string): string {
  const inFile = FILE_LEAVES.find(({ variable }) => variable === name);
  if (inFile !== undefined) return `unset it: ${inFile.name} can only be set in a config file`;
  const [nearest] = nearestNames(tailOf(name), tailOf(name), KNOWN_TAILS);
  return nearest === undefined
    ? `unset it, or name a setting, such as ${TEXT_LEAVES[0]?.variable ?? VARIABLE_PREFIX}`
    : `did you mean ${VARIABLE_PREFIX}${nearest}?`;
}

function remedyForFlag(flag: string): string {
  const inFile = FILE_LEAVES.find((leaf) => leaf.flag === flag);
  if (inFile !== undefined) return `leave it out: ${inFile.name} can only be set in a config file`;
  const [nearest] = nearestNames(flag, flag, knownNames(FLAGS));
  return nearest === undefined ? 'leave it out' : `did you mean ${nearest}?`;
}

function knownNames(settings: ReadonlyMap<string, TextLeaf>): readonly KnownName[] {
  return [...settings].map(([name, { path }]) => ({ name, lastWord: path.at(-1) ?? '' }));
}

function tailOf(variable: string): string {
  return variable.slice(VARIABLE_PREFIX.length);
}
