import { AGENT_FORMS, agentFormOf } from '../../model/agent-form.ts';
import { normalizeName, writtenName } from '../../model/dns-name.ts';
import type { Routing } from '../../model/inventory.ts';
import { parseManagedIdentifier } from '../../model/managed-identifier.ts';
import { Multimap } from '../../model/multimap.ts';
import { nameKey, type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import { targetKey } from '../../model/srv-value.ts';
import { isOfContainers } from '../match/managed.ts';
import { addressOwner } from '../match/managed-addresses.ts';

/** What the zone has under each name, and what is about to be added to it. Names normalised. */
export type ZoneIndex = ReturnType<typeof indexZone>;

/** Indexes a zone; every look-up is constant in its size. */
export function indexZone(recordSets: readonly RecordSet[]) {
  const byKey = new Multimap<string, RecordSet>();
  const values = new Set<string>();
  const identifiers = new Set<string>();
  const add = (set: RecordSet) => {
    const name = normalizeName(set.Name);
    byKey.add(nameKey(name, set.Type), set);
    identifiers.add(recordSetKey(set));
    for (const value of valuesOf(set)) values.add(targetKey(name, set.Type, value));
  };
  for (const set of recordSets) add(set);
  /** The record sets of a name and type, those of the zone before those that were added. */
  const sets = (name: string, type: string) => byKey.get(nameKey(name, type));
  return {
    sets,
    add,
    /** The TTL that all sets of a name and type share; an alias has none. `undefined` where no set has one. */
    ttl: (name: string, type: string) => sets(name, type).find(({ TTL }) => TTL !== undefined)?.TTL,
    /** That of the sets of a name and type which this worker manages, and which all share one; `undefined` without such a set. */
    routing: (name: string, type: string) => {
      const own = sets(name, type).find(isManaged);
      return own && routingOf(own);
    },
    hasIdentifier: (name: string, type: string, setIdentifier: string) =>
      identifiers.has(recordSetKey({ Name: name, Type: type, SetIdentifier: setIdentifier })),
    /** Whether a record set of the name and type has the value, however it is spelled. */
    hasValue: (name: string, type: string, value: string) => values.has(targetKey(name, type, value)),
    /** Why no set of a routing can stand there; `undefined` where one can. */
    obstacle: (name: string, type: string, routing: Routing): string | undefined => {
      if (sets(name, 'CNAME').length > 0)
        return `${writtenName(name)} has a CNAME record, next to which none can stand`;
      const other = sets(name, type).find((set) => routingOf(set) !== routing);
      return (
        other &&
        `${writtenName(name)} has a record of type ${type} that is not ${routing}${nameWriter(other)}`
      );
    },
  };
}

/** Whose a set looks to be that is in the way of others. */
function nameWriter(set: RecordSet): string {
  const form = agentFormOf(set);
  return form === undefined ? '' : `: ${valuesOf(set).join(', ')}, as ${AGENT_FORMS[form].writer} has it`;
}

/** How Route 53 answers with a set; `undefined` for every way that is none of ours. */
export function routingOf(set: RecordSet): Routing | undefined {
  if (set.Weight !== undefined) return 'weighted';
  return set.MultiValueAnswer === true ? 'multivalue' : undefined;
}

/** Whether a set is one of a container, a task or many, whichever tool has written it. */
function isManaged(set: RecordSet): boolean {
  if (addressOwner(set) !== undefined || isMultiValue(set)) return true;
  return isOfContainers(set) && parseSetIdentifier(set.SetIdentifier) !== undefined;
}

/** Whether a set is ours and has all values of its name. */
export function isMultiValue({ SetIdentifier }: RecordSet): boolean {
  return parseManagedIdentifier(SetIdentifier)?.kind === 'multi-value';
}
