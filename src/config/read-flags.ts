import { coerceTexts } from './coerce.ts';
import { nearestName } from './nearest-name.ts';
import type { Assignment, Reading } from './reading.ts';
import { FILE_LEAVES, TEXT_LEAVES } from './setting-paths.ts';
import { type SettingsProblem, showName } from './settings-error.ts';

/** What a flag holds once the command line is parsed: its texts, or true or false for a bare one. */
export type FlagValue = string | boolean | readonly string[];

/** Flags by their full name: `{ '--health-timeout': '2s' }`. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;

/** The full flags come last: where both are given, the full name wins over the short one. */
const LEAF_BY_FLAG = new Map([
  ...TEXT_LEAVES.flatMap((leaf) => (leaf.shortFlag === undefined ? [] : [[leaf.shortFlag, leaf] as const])),
  ...TEXT_LEAVES.map((leaf) => [leaf.flag, leaf] as const),
]);

/** The settings among the flags; a flag that is no setting is a problem. */
export function readFlags(flags: FlagValues): Reading {
  const unknown = Object.keys(flags).filter((flag) => !LEAF_BY_FLAG.has(flag));
  return {
    assignments: [...LEAF_BY_FLAG].flatMap(([name, leaf]): readonly Assignment[] => {
      const value = flags[name];
      if (value === undefined) return [];
      const coerced = typeof value === 'boolean' ? value : coerceTexts(leaf.kind, [value].flat());
      return [{ leaf, value: coerced, origin: { kind: 'flag', name } }];
    }),
    problems: unknown.toSorted().map(unknownFlag),
  };
}

function unknownFlag(flag: string): SettingsProblem {
  return {
    setting: undefined,
    origin: { kind: 'flag', name: showName(flag) },
    value: undefined,
    fault: 'unknown flag',
    remedy: remedyFor(flag),
  };
}

function remedyFor(flag: string): string {
  const inFile = FILE_LEAVES.find((leaf) => leaf.flag === flag);
  if (inFile !== undefined) return `leave it out: ${inFile.name} can only be set in a config file`;
  const known = [...LEAF_BY_FLAG].map(([name, { path }]) => ({ name, lastWord: path.at(-1) ?? '' }));
  const nearest = nearestName(flag, flag, known);
  return nearest === undefined ? 'leave it out' : `did you mean ${nearest}?`;
}
