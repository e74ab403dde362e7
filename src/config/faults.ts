import type { z } from 'zod';
import { nearestNames } from './nearest-name.ts';
import {
  findSetting,
  nameOf,
  RULE_SETTINGS,
  SECTION_NAMES,
  SETTINGS,
  type Setting,
} from './setting-paths.ts';
import { type Origin, problemAt, type SettingsProblem, showName, showValue } from './settings-error.ts';
import { isBelow, type Path, type Written } from './settings-tree.ts';
import { isHeaderName } from './value-types.ts';

const KNOWN_NAMES = [...SECTION_NAMES, ...SETTINGS.map(({ name }) => name)];
const KNOWN_KEYS = new Map(KNOWN_NAMES.map((name) => [name, name.slice(name.lastIndexOf('.') + 1)]));

/** How these are written leaves no doubt about the type. */
const UNHINTED: ReadonlySet<string> = new Set(['duration', 'headers', 'rules']);

/** The places that zod's issues tell of, each once. */
export function faultsOf(error: z.core.$ZodError | undefined): readonly Path[] {
  const paths = error?.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...pathOf(issue), key])
      : [deepestPath(issue)],
  );
  return [...new Map(paths?.map((path) => [JSON.stringify(path), path])).values()];
}

/** The deepest place that any reading of the value finds fault with: an item rather than its list. */
function deepestPath(issue: z.core.$ZodIssue): Path {
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().map(deepestPath) : [];
  const deepest = inner.reduce<Path>((best, path) => (path.length > best.length ? path : best), []);
  return [...pathOf(issue), ...deepest];
}

function pathOf({ path }: z.core.$ZodIssue): Path {
  return path.map((key) => (typeof key === 'symbol' ? String(key) : key));
}

/** What is wrong with a written value; `path` leads from the value to the fault in it. */
export function describeFault(path: Path, written: Written): SettingsProblem {
  const name = nameOf(written.path);
  const setting = findSetting(name);
  if (setting?.kind === 'rules' && path.length > 0) return faultInRule(setting, path, written);
  if (setting !== undefined) return faultyValue(setting, [], path, written);
  return SECTION_NAMES.has(name) ? notASection(name, written) : unknownSetting(written);
}

export function missing(setting: string, origin: Origin, remedy: string): SettingsProblem {
  return problemAt(origin, { setting, fault: 'required, but not set', remedy });
}

/** What is wrong in a list of rules, in the words of the settings that the rules override. */
function faultInRule(list: Setting, [index = 0, key, ...inside]: Path, written: Written): SettingsProblem {
  const rule = `${list.name}[${index}]`;
  if (key === undefined) {
    const wanted = { ...list, name: rule, allowed: 'match and the settings that differ' };
    return faultyValue(wanted, [index], [], written);
  }
  const [name, at] = [`${rule}.${key}`, [index, key]];
  const known = RULE_SETTINGS.get(list.name) ?? [];
  const setting = known.find((one) => one.name === key);
  if (setting === undefined) {
    const names = known.map((one) => one.name);
    const near = nearestNames(`${key}`, new Map(names.map((one) => [one, one]))).slice(0, 1);
    const meant = near.map((one) => `${rule}.${one}`);
    return unknown(name, originAt(written, name, at), meant, rule, names);
  }
  if (valueAt(written.value, at) === undefined) {
    return missing(name, originAt(written, name, [index]), `write ${setting.allowed}`);
  }
  return faultyValue({ ...setting, name }, at, inside, written);
}

/** `at` leads from what was written to the setting's value, `inside` from there to what is faulty. */
function faultyValue(setting: Setting, at: Path, inside: Path, written: Written): SettingsProblem {
  const { name, isSecret, allowed } = setting;
  const part = valueAt(written.value, [...at, ...inside]);
  const hint = written.origin.kind === 'file' ? yamlHint(setting, inside, part) : '';
  const shown = isSecret
    ? { fault: 'the value (not shown) is not valid' }
    : { value: showValue(part), fault: 'is not valid' };
  const origin = originAt(written, name + suffixOf(inside), at);
  return problemAt(origin, { setting: name, ...shown, remedy: `write ${allowed}${hint}` });
}

/** A part of a value has a name of its own; a malformed header name may be a misplaced secret. */
function suffixOf([key]: Path): string {
  if (typeof key === 'number') return `[${key}]`;
  return key !== undefined && isHeaderName(key) ? `.${key}` : '';
}

/** YAML gives values a type by how they are written, which is easily overlooked. */
function yamlHint({ kind }: Setting, inside: Path, part: unknown): string {
  const isWhole = inside.length === 0;
  if (kind === 'number' || kind === 'boolean') return typeof part === 'string' ? ', without quotes' : '';
  if (kind === 'list' && isWhole) return ', as a list';
  if (kind === 'switch-or-list' && isWhole && typeof part === 'string') {
    return part === 'true' || part === 'false' ? ', without quotes' : ', as a list';
  }
  const isBare = typeof part === 'number' || typeof part === 'boolean';
  return isBare && !UNHINTED.has(kind) ? ', in quotes' : '';
}

function unknownSetting(written: Written): SettingsProblem {
  const name = written.path.join('.');
  const section = written.path.slice(0, -1);
  const inside = SETTINGS.filter(({ path }) => isBelow(section, path));
  const keys = new Set(inside.map(({ path }) => path[section.length] ?? ''));
  const near = nearestNames(name, KNOWN_KEYS, { lastWord: written.path.at(-1) });
  return unknown(name, originAt(written, name), near, section.join('.'), keys);
}

/** Only the key is shown: what stands behind an unknown key may be anything, a secret as well. */
function unknown(
  setting: string,
  origin: Origin,
  near: readonly string[],
  section: string,
  keys: Iterable<string>,
): SettingsProblem {
  const [nearest = ''] = near;
  const dot = nearest.lastIndexOf('.');
  const remedy =
    nearest === ''
      ? `the settings${section === '' ? '' : ` of ${section}`} are ${[...keys].join(', ')}`
      : nearest === setting
        ? `write ${nearest.slice(dot + 1)} below ${nearest.slice(0, dot)}`
        : `did you mean ${near.join(' or ')}?`;
  return problemAt(origin, { setting, fault: 'unknown setting', remedy });
}

function notASection(setting: string, written: Written): SettingsProblem {
  const isList = typeof written.value === 'object' && written.value !== null;
  const shown = isList
    ? { fault: 'a list is not valid' }
    : { value: showValue(written.value), fault: 'is not valid' };
  const remedy = `write the settings of ${setting} below it, or leave it out`;
  return problemAt(originAt(written, setting), { setting, ...shown, remedy });
}

/** The origin with the name that something has there and, for a part of a value, its line. */
export function originAt({ origin, path, lineOf }: Written, name: string, part: Path = []): Origin {
  if (origin.kind !== 'file' && origin.kind !== 'object') return origin;
  const line = part.length === 0 ? undefined : lineOf?.([...path, ...part]);
  return { ...origin, key: showName(name), ...(line === undefined ? {} : { line }) };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : part),
    value,
  );
}
