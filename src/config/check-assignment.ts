import { z } from 'zod';
import type { WrittenValue } from './reading.ts';
import type { Setting } from './setting-paths.ts';
import { type Origin, type SettingsProblem, showValue } from './settings-error.ts';
import { isHeaderName } from './value-schemas.ts';

/** The fault of a value that may be a secret. */
export const HIDDEN_FAULT = 'the value (not shown) is not valid';

/** What a switch is in a file once it stands in quotes. */
const SWITCH_TEXTS: ReadonlySet<string> = new Set(['true', 'false']);

type Path = readonly PropertyKey[];

/** What the schema has against one value: nothing, or one problem for each faulty part of it. */
export function checkAssignment(written: WrittenValue): readonly SettingsProblem[] {
  const result = z.safeParse(written.leaf.schema, written.value);
  if (result.success) return [];
  const paths = new Map(result.error.issues.map(faultyPath).map((path) => [path.join('.'), path]));
  return [...paths.values()].map((path) => describe(written, path));
}

/** The deepest place that any reading of the value finds fault with: an item rather than its list. */
function faultyPath(issue: z.core.$ZodIssue): Path {
  if (issue.code !== 'invalid_union') return issue.path;
  const inner = issue.errors.flat().map(faultyPath);
  const deepest = inner.reduce<Path>((best, path) => (path.length > best.length ? path : best), []);
  return [...issue.path, ...deepest];
}

function describe({ leaf, value, origin }: WrittenValue, path: Path): SettingsProblem {
  const part = valueAt(value, path);
  return {
    setting: leaf.name,
    origin: originAt(leaf, origin, path),
    value: leaf.isSecret === true ? undefined : showValue(part),
    fault: leaf.isSecret === true ? HIDDEN_FAULT : 'is not valid',
    remedy: `write ${leaf.allowed}${typeHint(leaf, origin, path, part)}`,
  };
}

/** In a file a part of a setting has a place of its own; a malformed header name may be a misplaced secret. */
function originAt(leaf: Setting, origin: Origin, path: Path): Origin {
  const [key] = path;
  if (origin.kind !== 'file') return origin;
  if (typeof key === 'number') return { ...origin, key: `${leaf.name}[${key}]` };
  return typeof key === 'string' && isHeaderName(key) ? { ...origin, key: `${leaf.name}.${key}` } : origin;
}

/** YAML gives values a type by how they are written, which is easily overlooked. */
function typeHint(leaf: Setting, origin: Origin, path: Path, part: unknown): string {
  if (origin.kind !== 'file' || leaf.kind === 'headers' || leaf.kind === 'rules') return '';
  if (leaf.kind === 'number' || leaf.kind === 'boolean') {
    return typeof part === 'string' ? ', without quotes' : '';
  }
  if (leaf.kind === 'list' && path.length === 0) return ', as a list';
  if (leaf.kind === 'switch-or-list' && typeof part === 'string' && path.length === 0) {
    return SWITCH_TEXTS.has(part) ? ', without quotes' : ', as a list';
  }
  const isBare = typeof part === 'number' || typeof part === 'boolean';
  return isBare && leaf.kind !== 'duration' ? ', in quotes' : '';
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : part),
    value,
  );
}
