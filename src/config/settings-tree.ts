import { nameOf, SECTION_NAMES } from './setting-paths.ts';
import type { Origin, SettingsProblem } from './settings-error.ts';

type Tree = Record<string, unknown>;

/** A path in the settings, list indexes included. */
export type Path = readonly (string | number)[];

/** Whether what is at `inner` is at `outer` or a part of it. */
export function isBelow(outer: Path, inner: Path): boolean {
  return outer.every((key, depth) => inner[depth] === key);
}

/** One value as a source writes it: of a setting, of a key that is none, or in place of a section. */
export interface Written {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: Origin;
  /** In a file: the line, counted from 1, of the key or list item at a path; `undefined` behind an alias. */
  readonly lineOf?: (path: Path) => number | undefined;
}

/** What one source holds: its values, and what of it makes no sense. */
export interface Source {
  readonly written: readonly Written[];
  readonly problems: readonly SettingsProblem[];
  /** Whether it could not be read, and may hold what seems to be missing. */
  readonly isUnread?: boolean;
}

/** Whether a value is a plain object: a date, a map or any other instance has fields of its own, or none to see. */
export function isMapping(value: unknown): value is Readonly<Tree> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // That of another realm is as plain as this one's.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The values of a mapping: a section is entered, everything else is one value. */
export function readMapping(
  mapping: Readonly<Tree>,
  from: Pick<Written, 'origin' | 'lineOf'>,
  path: readonly string[] = [],
): readonly Written[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const at = [...path, key];
    if (SECTION_NAMES.has(nameOf(at)) && isMapping(value)) return readMapping(value, from, at);
    return value === undefined ? [] : [{ path: at, value, ...from }];
  });
}

/**
 * Which of the written values are in force; the others are overridden, or stand where a
 * section should. The weakest comes first: of one setting the last value counts.
 */
export function inForceOf(sources: readonly Source[]): readonly Written[] {
  const written = sources.flatMap((source) => source.written);
  const values = written.filter(({ path }) => !SECTION_NAMES.has(nameOf(path)));
  return [...new Map(values.map((one) => [JSON.stringify(one.path), one])).values()];
}

/** Builds the nested mapping that paths and their values describe; of one path the last value stays. */
export function buildTree(values: Iterable<Pick<Written, 'path' | 'value'>>): Readonly<Tree> {
  const root = emptyTree();
  for (const { path, value } of values) {
    const branch = path.slice(0, -1).reduce((tree, key) => {
      tree[key] ??= emptyTree();
      return tree[key] as Tree;
    }, root);
    branch[path.at(-1) ?? ''] = value;
  }
  return root;
}

/** Without a prototype, so that a file's `__proto__` is a key like any other. */
function emptyTree(): Tree {
  return Object.create(null);
}
