import { normalizeName, parentDomain } from '../../model/dns-name.ts';
import { Multimap } from '../../model/multimap.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';

/** Tells where a name (normalised) leads in the end, as a resolver sees it; `undefined` where the zone does not tell one. */
export type LeadsTo = (name: string) => string | undefined;

/** Resolvers give up after so many, too. */
const MAX_STEPS = 8;

/**
 * Follows the CNAMEs and aliases of a zone.
 *
 * | a name has                                                     | it leads to      |
 * |----------------------------------------------------------------|------------------|
 * | a CNAME or an alias, to one name                               | where that leads |
 * | several of them, addresses as well, or a chain without an end  | nothing for sure |
 * | no record of its own, and a wildcard stands for it             | nothing for sure |
 * | anything else                                                  | itself           |
 */
export function onwardNames(recordSets: readonly RecordSet[]): LeadsTo {
  const onward = new Multimap<string, string>();
  const addressed = new Set<string>();
  const wildcards = new Set<string>();
  for (const set of recordSets) {
    if (!LEADING.has(set.Type)) continue;
    const name = normalizeName(set.Name);
    if (name.startsWith(WILDCARD)) wildcards.add(name);
    const names = namesIn(set);
    for (const one of names) onward.add(name, one);
    if (names.length === 0) addressed.add(name);
  }
  const own = new Set(wildcards.size === 0 ? [] : recordSets.map(({ Name }) => normalizeName(Name)));
  const step = (name: string): string | undefined => {
    const ends = onward.get(name);
    if (ends.length === 0) return !own.has(name) && isCovered(name, wildcards) ? undefined : name;
    const [next, ...others] = new Set(ends);
    return next === name || others.length > 0 || addressed.has(name) ? undefined : next;
  };
  return (start) => {
    let name = start;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const next = step(name);
      if (next === undefined || next === name) return next;
      name = next;
    }
    return undefined;
  };
}

/** The types that lead from a name to an address. */
const LEADING: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
const WILDCARD = '*.';

/**
 * Tells all names (normalised) through which clients may come that follow a name, itself included: where a name has several
 * CNAMEs or aliases, each of them may be the one.
 */
export function namesOnTheWay(recordSets: Iterable<RecordSet>): (start: string) => ReadonlySet<string> {
  const onward = new Multimap<string, string>();
  for (const set of recordSets) {
    const names = LEADING.has(set.Type) ? namesIn(set) : [];
    for (const one of names) onward.add(normalizeName(set.Name), one);
  }
  return (start) => {
    const names = new Set([start]);
    // A set that grows is gone through to its new end.
    for (const name of names) for (const next of onward.get(name)) names.add(next);
    return names;
  };
}

/** The names (normalised) to which a CNAME or an alias leads. */
function namesIn(set: RecordSet): readonly string[] {
  if (set.AliasTarget !== undefined) return [normalizeName(set.AliasTarget.DNSName ?? '')];
  return set.Type === 'CNAME' ? valuesOf(set).map(normalizeName) : [];
}

function isCovered(name: string, wildcards: ReadonlySet<string>): boolean {
  if (wildcards.size === 0) return false;
  for (let parent = parentDomain(name); parent !== ''; parent = parentDomain(parent))
    if (wildcards.has(WILDCARD + parent)) return true;
  return false;
}
