import { nearestNames } from '../config/nearest-name.ts';
import { normalizeName, relativeName, writtenName } from '../model/dns-name.ts';
import { type Entry, entriesOf } from '../model/entry.ts';
import { printable } from '../model/printable.ts';
import type { RecordSet } from '../model/record-set.ts';
import { RunError } from '../model/run-error.ts';
import type { Zone } from '../model/zone.ts';
import { isWildcardOf, selectionOf } from '../plan/explain.ts';

/** That a zone has nothing of what is to be explained, and what was most likely meant. */
export function entryNotFound(selector: string, zone: Zone, recordSets: readonly RecordSet[]): RunError {
  const entries = entriesOf(recordSets);
  const zoneName = normalizeName(zone.name);
  const hint = nearestEntry(selector, entries, zoneName) ?? nearestPattern(selector, entries, zoneName);
  const advice = hint === undefined ? '`ecs-dns plan --all` lists what it has' : `did you mean ${hint}?`;
  return new RunError(
    'entry-not-found',
    printable(`explain: ${zone.name} has no ${describeSelector(selector, zoneName)}; ${advice}`),
  );
}

function describeSelector(selector: string, zoneName: string): string {
  if (isWildcardOf(selector, zoneName)) return `wildcard "${selector}"`;
  return selector.includes('*')
    ? `entry of a name that matches "${selector}"`
    : `entry of the name or set identifier "${selector}"`;
}

/** A name or identifier that is nearly the same, or else one that holds it. */
function nearestEntry(selector: string, entries: readonly Entry[], zoneName: string): string | undefined {
  const names = entries.map(({ name }) => relativeName(name, zoneName));
  const identifiers = entries.flatMap(({ setIdentifier }) => setIdentifier ?? []);
  // Each as reports write it.
  const known = new Map([
    ...names.map((name) => [name, writtenName(name)] as const),
    ...identifiers.map((identifier) => [identifier, identifier] as const),
  ]);
  const asked = relativeName(normalizeName(selector), zoneName);
  const all = [...known.keys()];
  const [near] = nearestNames(asked, new Map(all.map((name) => [name, name])));
  const isWord = asked !== '' && !asked.includes('*');
  const holding = isWord ? all.find((name) => name.toLowerCase().includes(asked)) : undefined;
  const found = known.get(near ?? holding ?? '');
  return found === undefined ? undefined : forShell(found);
}

/** A pattern that has entries: the same one where it was taken for a wildcard of DNS, or a wider one. */
function nearestPattern(selector: string, entries: readonly Entry[], zoneName: string): string | undefined {
  if (!selector.includes('*')) return undefined;
  const core = relativeName(normalizeName(selector), zoneName).replace(/^[*.]+|[*.]+$/g, '');
  const patterns = [...(isWildcardOf(selector, zoneName) ? [`*${selector}`] : []), `*${core}*`];
  const found = patterns.find((pattern) => entries.some(selectionOf(pattern, zoneName)));
  return found === undefined ? undefined : `the pattern ${forShell(found)}`;
}

/** A shell would take a backslash or a `*` for its own. */
function forShell(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text}'`;
}
