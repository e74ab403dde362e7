import { coerceTexts, splitList } from './coerce.ts';
import { nearestName } from './nearest-name.ts';
import type { Reading } from './reading.ts';
import {
  CONFIG_VARIABLE,
  FILE_LEAVES,
  TEXT_LEAVES,
  type TextLeaf,
  VARIABLE_PREFIX,
} from './setting-paths.ts';
import { type SettingsProblem, showName } from './settings-error.ts';

/** Environment variables by name, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const KNOWN_VARIABLES = [
  ...TEXT_LEAVES.map(({ variable, path }) => ({ name: variable, lastWord: path.at(-1) ?? '' })),
  { name: CONFIG_VARIABLE, lastWord: 'config' },
];

/** ComparedItem without the prefix, whose letters would make every two names look alike. */
const KNOWN_TAILS = KNOWN_VARIABLES.map(({ name, lastWord }) => ({
  name: name.slice(VARIABLE_PREFIX.length),
  lastWord,
}));

/** The settings among the environment's variables; any other `ECS_DNS_*` variable is a problem. */
export function readVariables(env: Environment): Reading {
  const known = new Set(KNOWN_VARIABLES.map(({ name }) => name));
  const unknown = Object.keys(env).filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name));
  return {
    assignments: TEXT_LEAVES.flatMap((leaf) => {
      const text = env[leaf.variable];
      if (text === undefined) return [];
      return [{ leaf, value: coerceText(leaf, text), origin: { kind: 'variable', name: leaf.variable } }];
    }),
    problems: unknown.toSorted().map(unknownVariable),
  };
}

/** Only here are headers split at commas: a flag can be repeated instead, and keeps its commas. */
function coerceText({ kind }: TextLeaf, text: string): unknown {
  return coerceTexts(kind, kind === 'headers' ? splitList([text]) : [text]);
}

function unknownVariable(name: string): SettingsProblem {
  return {
    setting: undefined,
    origin: { kind: 'variable', name: showName(name) },
    value: undefined,
    fault: 'unknown variable',
    remedy: remedyFor(name),
  };
}

function remedyFor(name: string): string {
  const inFile = FILE_LEAVES.find(({ variable }) => variable === name);
  if (inFile !== undefined) return `unset it: ${inFile.name} can only be set in a config file`;
  const tail = name.slice(VARIABLE_PREFIX.length);
  const nearest = nearestName(tail, tail, KNOWN_TAILS);
  return nearest === undefined
    ? `unset it, or name a setting, such as ${TEXT_LEAVES[0]?.variable ?? VARIABLE_PREFIX}`
    : `did you mean ${VARIABLE_PREFIX}${nearest}?`;
}
