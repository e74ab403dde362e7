import type { RecordSet } from '../../model/record-set.ts';
import type { HostedZone, Protection } from '../world/hosted-zone.ts';
import { storedName } from '../world/record-name.ts';
import { recordSortKey } from '../world/record-store.ts';
import { type Action, bracketed, type Change } from './batch-change.ts';
import { valueProblems } from './check-values.ts';

/** What a batch would make of the zone: by sort key, the new set, or `null` for one that is gone. */
export type Overlay = Map<string, RecordSet | null>;

/**
 * Plays a batch in its order without touching the zone. Returns what it would leave behind, and
 * every reason for which one of its changes cannot be carried out.
 */
export function playChanges(
  zone: HostedZone,
  changes: readonly Change[],
): { readonly overlay: Overlay; readonly problems: readonly string[] } {
  const overlay: Overlay = new Map();
  const earlier = new Map<string, Action>();
  const problems: string[] = [];
  for (const change of changes) {
    const key = recordSortKey(change.ResourceRecordSet);
    const found = changeProblems(zone, overlay, change, earlier.get(key));
    problems.push(...found);
    if (found.length === 0) overlay.set(key, change.Action === 'DELETE' ? null : change.ResourceRecordSet);
    earlier.set(key, earlier.has(key) ? 'UPSERT' : change.Action);
  }
  return { overlay, problems };
}

function changeProblems(
  zone: HostedZone,
  overlay: Overlay,
  change: Change,
  earlier: Action | undefined,
): readonly string[] {
  const { Action: action, ResourceRecordSet: set } = change;
  const name = storedName(set.Name);
  if (earlier !== undefined && !(earlier === 'DELETE' && action === 'CREATE'))
    return [`The request contains an invalid set of changes for a resource record set '${set.Type} ${name}'`];
  if (name !== zone.name && !name.endsWith(`.${zone.name}`))
    return [`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`];
  const protection = zone.protectionOf(set);
  if (protection !== undefined) return [protectedProblem(action, set, protection)];
  const malformed = valueProblems(set);
  if (malformed.length > 0) return malformed;
  const problem = existenceProblem(action, set, currentSet(zone, overlay, set));
  return problem === undefined ? [] : [problem];
}

/** Route 53 says that it names each protected set, with the comment; the words are the sandbox's own. */
function protectedProblem(action: Action, set: RecordSet, { Comment }: Protection): string {
  const comment = Comment === undefined ? '' : `: ${Comment}`;
  return `Tried to ${action.toLowerCase()} resource record set ${bracketed(set)} but it is protected by a resource record set protection${comment}`;
}

function currentSet(zone: HostedZone, overlay: Overlay, set: RecordSet): RecordSet | undefined {
  const changed = overlay.get(recordSortKey(set));
  return changed === undefined ? zone.records.get(set) : (changed ?? undefined);
}

function existenceProblem(
  action: Action,
  set: RecordSet,
  current: RecordSet | undefined,
): string | undefined {
  if (action === 'CREATE' && current !== undefined)
    return `Tried to create resource record set ${bracketed(set)} but it already exists`;
  if (action !== 'DELETE') return undefined;
  if (current === undefined)
    return `Tried to delete resource record set ${bracketed(set)} but it was not found`;
  if (fingerprint(set) === fingerprint(current)) return undefined;
  return `Tried to delete resource record set ${bracketed(set)} but the values provided do not match the current values`;
}

// Every field counts; only the order of the values and the spelling of the name do not.
function fingerprint(set: RecordSet): string {
  const values = (set.ResourceRecords ?? []).map((record) => record.Value).toSorted();
  return JSON.stringify(sortedFields({ ...set, Name: storedName(set.Name), ResourceRecords: values }));
}

function sortedFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortedFields);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sortedFields(field)]);
}
