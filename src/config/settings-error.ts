import { printable } from '../model/printable.ts';

/** Where a value was written, or `none` when it was written nowhere. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly key?: string; readonly line?: number }
  | { readonly kind: 'object'; readonly key?: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'none' };

/** One thing that is wrong with the settings, and what would be right. */
export interface SettingsProblem {
  /** The dotted name of the setting (or what stands in its place); `undefined` for a whole file. */
  readonly setting: string | undefined;
  readonly origin: Origin;
  /** The value as messages show it; `undefined` when there is none or when it may be a secret. */
  readonly value: string | undefined;
  readonly fault: string;
  readonly remedy: string;
}

/** A problem of this origin; without a setting it is one of a whole source, without a value none is shown. */
export function problemAt(
  origin: Origin,
  { setting, value, fault, remedy }: Pick<SettingsProblem, 'fault' | 'remedy'> & Partial<SettingsProblem>,
): SettingsProblem {
  return { setting, origin, value, fault, remedy };
}

/** The settings can't be used; `problems` holds all there are, `message` one line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'invalid-settings';
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

const MAX_SHOWN = 120;

/** A value as one printable line: as JSON, shortened when long. */
export function showValue(value: unknown): string {
  const json = JSON.stringify(value, showUnrepresentable) ?? String(value);
  const line = printable(json);
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN)}…`;
}

/** A name as the user wrote it; quoted when it holds more than names are made of. */
export function showName(name: string): string {
  return /^[\w./$@+:[\]-]{1,120}$/.test(name) ? name : showValue(name);
}

function describeProblem({ setting, origin, value, fault, remedy }: SettingsProblem): string {
  const subject = value === undefined ? fault : `${value} ${fault}`;
  return printable(`${describeOrigin(origin, setting)}: ${subject}; ${remedy}`);
}

function describeOrigin(origin: Origin, setting: string | undefined): string {
  if (origin.kind === 'none') return setting ?? 'settings';
  if (origin.kind === 'object') return origin.key ?? 'settings';
  if (origin.kind !== 'file') return origin.name;
  const place = origin.line === undefined ? origin.file : `${origin.file}, line ${origin.line}`;
  return origin.key === undefined ? place : `${place}: ${origin.key}`;
}

/** JSON has no word for these and would print null, which is not what was written. */
function showUnrepresentable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
