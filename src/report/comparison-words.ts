import { printable } from '../model/printable.ts';
import type { ComparisonReport } from './comparison-schema.ts';
import { entriesText } from './sections.ts';

type ReportedDiff = ComparisonReport['gained']['registered'][number];

/** The answer. `write` makes of a setting's value what the document can hold. */
export function sentence({ settings, summary: counts }: ComparisonReport, write = asItIs): string {
  const switches = settings.map(
    ({ name, from, to }) => `${name} from ${write(written(from))} to ${write(written(to))}`,
  );
  const parts = [
    `register ${noneOr(counts.registered)}`,
    `remove ${counts.removed === 0 ? 'none' : counts.removed}`,
    ...(counts.rewritten === 0 ? [] : [`rewrite ${counts.rewritten}`]),
    ...(counts.left === 0 ? [] : [`leave ${counts.left} as ${counts.left === 1 ? 'it is' : 'they are'}`]),
  ];
  return `Switching ${listed(switches)} would ${listed(parts)}.`;
}

/** What is left because it is in order, and what for other reasons. */
export function whatIsLeft({ summary: { left, leftLive } }: ComparisonReport): string {
  if (left === leftLive) return '';
  const live = leftLive === 0 ? 'none is live' : `${leftLive} ${leftLive === 1 ? 'is' : 'are'} live`;
  return `Of what is left, ${live}; the rest is held back or unverified.`;
}

/** Field by field, in Route 53's own names. */
export function differences(
  from: NonNullable<ReportedDiff['from']>,
  to: NonNullable<ReportedDiff['to']>,
): string {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (field) => shown(from[field]) !== shown(to[field]),
  );
  return fields.map((field) => `${field} ${shown(from[field])} → ${shown(to[field])}`).join(', ');
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  if (!Array.isArray(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const [first] = value;
  return value.length === 1 ? String(first.Value) : `${value.length} values`;
}

export function ending({ settings }: ComparisonReport, write = asItIs): string {
  const names = settings.map(({ name, to }) => `${name}: ${write(written(to))}`);
  return `Nothing was changed. To switch, set ${listed(names)} in the settings of the runs themselves.`;
}

function asItIs(text: string): string {
  return text;
}

function noneOr(count: number): string {
  return count === 0 ? 'no entries' : entriesText(count);
}

/** `a`, `a and b`, `a, b, and c`. */
function listed(parts: readonly string[]): string {
  if (parts.length < 3) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
}

/** A setting's value as a variable would be set to it. */
function written(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.map(written).join(',');
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What else changes: what is managed by then, and what the switch has no part in, or prevents. */
export function whatElse({ summary: { entering, leaving, lost, eitherWay } }: ComparisonReport): string {
  const managed = [
    ...(entering === 0 ? [] : [`${noneOr(entering)} would become managed`]),
    ...(leaving === 0 ? [] : [`${noneOr(leaving)} would no longer be managed`]),
  ];
  const others = [
    ...(managed.length === 0 ? [] : [`${listed(managed)}.`]),
    ...(eitherWay === 0 ? [] : [`A run changes ${entriesText(eitherWay)} in any case.`]),
    ...(lost === 0 ? [] : [`A run would no longer change ${entriesText(lost)} that it changes now.`]),
  ];
  return others.join(' ');
}
