import { nearestNames } from './nearest-name.ts';
import {
  CONFIG_VARIABLE,
  FILE_SETTINGS,
  FLAGS,
  TEXT_SETTINGS,
  type TextSetting,
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

const VARIABLES = new Map(TEXT_SETTINGS.map((one) => [one.variable, one]));
const FLAG_WORDS = new Map([...FLAGS].map(([flag, { path }]) => [flag, path.at(-1) ?? '']));

/** Compared without the prefix, whose letters would make every two names look alike. */
const TAILS = new Map([
  ...TEXT_SETTINGS.map(({ variable, path }) => [tailOf(variable), path.at(-1) ?? ''] as const),
  [tailOf(CONFIG_VARIABLE), 'config'] as const,
]);

/** The settings among the environment's variables; any other `ECS_DNS_*` variable is a problem. */
export function readVariables(env: Environment): Source {
  const ours = Object.keys(env).filter((name) => name.startsWith(VARIABLE_PREFIX));
  const given = ours.filter((name) => name !== CONFIG_VARIABLE);
  return readTexts('variable', env, VARIABLES, given, (name) => {
    const inFile = FILE_SETTINGS.find(({ variable }) => variable === name);
    if (inFile !== undefined) return `unset it: ${inFile.name} can only be set in a config file`;
    const [nearest] = nearestNames(tailOf(name), TAILS);
    return nearest === undefined
      ? `unset it, or name a setting, such as ${TEXT_SETTINGS[0]?.variable ?? VARIABLE_PREFIX}`
      : `did you mean ${VARIABLE_PREFIX}${nearest}?`;
  });
}

/** The settings among the flags; a flag that is no setting is a problem. */
export function readFlags(flags: FlagValues): Source {
  return readTexts('flag', flags, FLAGS, Object.keys(flags), (name) => {
    const inFile = FILE_SETTINGS.find(({ flag }) => flag === name);
    if (inFile !== undefined) return `leave it out: ${inFile.name} can only be set in a config file`;
    const [nearest] = nearestNames(name, FLAG_WORDS);
    return nearest === undefined ? 'leave it out' : `did you mean ${nearest}?`;
  });
}

function readTexts(
  kind: 'variable' | 'flag',
  values: FlagValues,
  known: ReadonlyMap<string, TextSetting>,
  given: readonly string[],
  remedyFor: (name: string) => string,
): Source {
  const unknown = given.filter((name) => !known.has(name)).toSorted();
  return {
    written: [...known].flatMap(([name, one]) => {
      const text = values[name];
      if (text === undefined) return [];
      // A flag can be repeated instead, so that its headers keep their commas.
      const isSplit = one.kind === 'headers' && kind === 'variable';
      const texts = isSplit ? splitList([text].flat().map(String)) : [text].flat().map(String);
      const value = typeof text === 'boolean' ? text : TEXT_FORMS[one.kind].read(texts);
      return [{ path: one.path, value, origin: { kind, name } }];
    }),
    problems: unknown.map((name) =>
      problemAt({ kind, name: showName(name) }, { fault: `unknown ${kind}`, remedy: remedyFor(name) }),
    ),
  };
}

function tailOf(variable: string): string {
  return variable.slice(VARIABLE_PREFIX.length);
}
