import type { Change, ChangeGroup, CnameReason } from '../../model/change.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../../model/record-set.ts';
import type { StaleCname } from '../match/cname-status.ts';
import { CNAME_FORM, managedCnameSet } from '../match/managed-cnames.ts';
import type { DesiredCname } from './cname-outcomes.ts';

/** A CNAME where there is none. */
export function creationGroup({ name, key }: DesiredCname, target: string): ChangeGroup {
  const recordSet = managedCnameSet(`${name}.`, key, target);
  return groupOf(recordSet, [{ action: 'CREATE', recordSet }], ['missing']);
}

/** A CNAME of this worker's that goes, and leaves the name without one. */
export function removalGroup({ own: { recordSet }, reason }: StaleCname): ChangeGroup {
  return groupOf(recordSet, [{ action: 'DELETE', recordSet }], [reason]);
}

/** A CNAME of a service that is gone makes room for that of another one, without a moment between. */
export function handoverGroup(
  { own, reason }: StaleCname,
  { key }: DesiredCname,
  target: string,
): ChangeGroup {
  return exchange(own.recordSet, managedCnameSet(own.recordSet.Name, key, target), ['missing', reason]);
}

/** The service is behind another load balancer now. TTL and weight stay, unless they are to be put right. */
export function retargetingGroup(recordSet: RecordSet, target: string, correct: boolean): ChangeGroup {
  const next = withValues(recordSet, [target]);
  return exchange(recordSet, correct ? { ...next, ...CNAME_FORM } : next, ['balancer-replaced']);
}

/** A CNAME of this worker's whose TTL or weight was changed is put right. */
export function correctionGroup(recordSet: RecordSet): ChangeGroup {
  return exchange(recordSet, { ...recordSet, ...CNAME_FORM }, ['corrected']);
}

/** A plain CNAME becomes this worker's own. Its value stays to the letter: it is known to work. */
export function adoptionGroup(recordSet: RecordSet, { key }: DesiredCname): ChangeGroup {
  const own = managedCnameSet(recordSet.Name, key, '');
  return exchange(recordSet, withValues(own, valuesOf(recordSet)), ['adopted']);
}

function exchange(before: RecordSet, after: RecordSet, reasons: readonly CnameReason[]): ChangeGroup {
  const changes = [
    { action: 'DELETE', recordSet: before },
    { action: 'CREATE', recordSet: after },
  ] as const;
  return groupOf(before, changes, reasons);
}

/** Known by the set that it deletes, or else by the one that it creates. */
function groupOf(keyed: RecordSet, changes: readonly Change[], reasons: readonly CnameReason[]): ChangeGroup {
  const valuesUnder = (action: Change['action']) =>
    changes.filter((change) => change.action === action).flatMap(({ recordSet }) => valuesOf(recordSet));
  const created = valuesUnder('CREATE');
  const removed = valuesUnder('DELETE').filter((value) => !created.includes(value));
  return { key: recordSetKey(keyed), changes, removed, reasons, after: [] };
}
