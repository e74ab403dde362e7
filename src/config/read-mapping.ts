import { nearestNames } from './nearest-name.ts';
import { type FileMapping, isMapping } from './read-file.ts';
import type { Reading } from './reading.ts';
import { findSetting, SECTION_NAMES, SETTING_LEAVES } from './setting-paths.ts';
import { type SettingsProblem, showName, showValue } from './settings-error.ts';

type Mapping = Readonly<Record<string, unknown>>;

const KNOWN_KEYS = [...SECTION_NAMES, ...SETTING_LEAVES.map(({ name }) => name)].map((name) => ({
  name,
  lastWord: name.slice(name.lastIndexOf('.') + 1),
}));

/** The settings in a config file's mapping; keys that are none, and sections that are no mapping, are problems. */
export function readMapping(content: FileMapping): Reading {
  return readSection(content.mapping, [], content);
}

function readSection(section: Mapping, path: readonly string[], content: FileMapping): Reading {
  const readings = Object.entries(section).map(([key, value]) => readKey(value, [...path, key], content));
  return {
    assignments: readings.flatMap(({ assignments }) => assignments),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function readKey(value: unknown, path: readonly string[], content: FileMapping): Reading {
  const { file, lineOf } = content;
  // A key with a dot in it is not a path, though it may look like one.
  const name = path.some((key) => key.includes('.')) ? '' : path.join('.');
  const leaf = findSetting(name);
  if (leaf !== undefined) {
    return {
      assignments: [{ leaf, value, origin: { kind: 'file', file, key: name }, lineOf }],
      problems: [],
    };
  }
  if (!SECTION_NAMES.has(name)) return { assignments: [], problems: [unknownKey(path, file)] };
  if (isMapping(value)) return readSection(value, path, content);
  return { assignments: [], problems: [notASection(name, value, file)] };
}

/** Only the key is shown: what stands behind an unknown key may be anything, a secret as well. */
function unknownKey(path: readonly string[], file: string): SettingsProblem {
  const written = path.join('.');
  return {
    setting: written,
    origin: { kind: 'file', file, key: showName(written) },
    value: undefined,
    fault: 'unknown setting',
    remedy: remedyForUnknown(written, path),
  };
}

function remedyForUnknown(written: string, path: readonly string[]): string {
  const near = nearestNames(written, path.at(-1) ?? '', KNOWN_KEYS);
  const [nearest] = near;
  if (nearest === undefined) {
    const section = path.slice(0, -1).join('.');
    return `${section === '' ? 'the settings' : `the settings of ${section}`} are ${keysOf(section).join(', ')}`;
  }
  if (nearest !== written) return `did you mean ${near.join(' or ')}?`;
  const dot = nearest.lastIndexOf('.');
  return `write ${nearest.slice(dot + 1)} below ${nearest.slice(0, dot)}`;
}

/** The keys that may stand directly in a section; the top level is the section with the empty name. */
function keysOf(section: string): readonly string[] {
  const depth = section === '' ? 0 : section.split('.').length;
  const inside = SETTING_LEAVES.filter(({ path }) => path.slice(0, depth).join('.') === section);
  return [...new Set(inside.map(({ path }) => path[depth] ?? ''))];
}

function notASection(name: string, value: unknown, file: string): SettingsProblem {
  const shown = typeof value === 'object' && value !== null ? undefined : showValue(value);
  return {
    setting: name,
    origin: { kind: 'file', file, key: name },
    value: shown,
    fault: shown === undefined ? 'a list is not valid' : 'is not valid',
    remedy: `write the settings of ${name} below it, or leave it out`,
  };
}
