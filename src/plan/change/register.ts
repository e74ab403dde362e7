import type { ChangeGroup } from '../../model/change.ts';
import { nameKey, recordSetKey } from '../../model/record-set.ts';
import { type DesiredRecord, isWithheldReason, type Withheld } from '../../model/registration.ts';
import { targetKey } from '../../model/srv-value.ts';
import { endpointCount } from '../guard/endpoint-count.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** A desired record with the verdict that it would get. */
export interface JudgedRecord extends Judged {
  readonly desired: DesiredRecord;
}

/**
 * Registers the desired records that would be live, and the addresses that they need. `judged` has the entries of
 * the zone that stay.
 *
 * | the desired record would be                   | and                                          | it is      |
 * |-----------------------------------------------|----------------------------------------------|------------|
 * | live                                          | all that it requires is there, or registered | registered |
 * |                                               | else                                         | withheld   |
 * | … the address of a target                     | nothing that is registered points at it      | left out   |
 * | unverified, and its service trusts it         | as for live; its host is not drained, and it | registered |
 * |                                               | has not just failed outside its grace period |            |
 * | leading to a host that is being drained       | its name has and gets nothing better, of all | registered |
 * |                                               | that runs                                    |            |
 * | withheld by the plan that was approved        |                                              | withheld   |
 * | anything else                                 |                                              | withheld   |
 */
export function register(
  desiredRecords: readonly JudgedRecord[],
  judged: readonly Judged[],
  {
    isPart = false,
    unapproved = NONE,
  }: { readonly isPart?: boolean; readonly unapproved?: Unapproved | undefined } = {},
) {
  const sets = new Set(judged.map(({ judgement }) => recordSetKey(judgement.entry.recordSet)));
  const open = desiredRecords.filter((one) => !isTarget(one) && !unapproved.has(placeOf(one)));
  const sound = open.filter(isSound);
  const served = new Set([...judged.filter(answerRule(judged)), ...sound].map(nameOf));
  const drained = open.filter(
    (one) => !isPart && one.judgement.verdict === 'draining' && !served.has(nameOf(one)),
  );
  const targets = new Set(
    desiredRecords
      .filter((one) => isTarget(one) && mayStand(one))
      .map(({ desired }) => recordSetKey(desired.recordSet)),
  );
  const admitted = [...sound, ...drained].filter(({ desired }) =>
    desired.requires.every((key) => sets.has(key) || targets.has(key)),
  );
  const needed = new Set(admitted.flatMap(({ desired }) => desired.after));
  const placed = new Set<JudgedRecord>(admitted);
  const registrations = desiredRecords.filter((one) => {
    const { desired } = one;
    if (!isTarget(one)) return placed.has(one);
    const key = recordSetKey(desired.recordSet);
    return targets.has(key) && (desired.isNeeded || needed.has(key));
  });
  const left = desiredRecords.filter((one) => !isTarget(one) && !placed.has(one));
  return { registrations, withheld: left.map((one) => withholdUnsound(one, unapproved.get(placeOf(one)))) };
}

/** What an approved plan withholds, with its reasons: by `placeOf`. */
export type Unapproved = ReadonlyMap<string, Withheld['reason']>;

const NONE: Unapproved = new Map();

/** Name, type and value of a record. */
export function placeOf({ judgement: { entry } }: Judged): string {
  return targetKey(entry.name, entry.type, entry.value);
}

function isTarget({ desired }: JudgedRecord): boolean {
  return desired.role === 'target';
}

/** The address of a target is right however what runs there is; only entries that are sound lead clients to it. */
function mayStand({ judgement: { verdict } }: JudgedRecord): boolean {
  return verdict !== 'foreign' && verdict !== 'stale';
}

/** Whether a record would be registered, as far as its own verdict tells. */
export function isSound({ desired, judgement, match }: JudgedRecord): boolean {
  if (judgement.verdict === 'live') return true;
  if (!desired.isTrusted || judgement.verdict !== 'unverified' || match.kind !== 'endpoint') return false;
  // Neither is to come that goes as soon as a check passes, nor that goes as soon as one more fails.
  return match.endpoint.container.host?.isDraining !== true && judgement.reason !== 'below-threshold';
}

/** Tells which entries may be what their name is resolved for. */
export function answerRule(judged: readonly Judged[]): (one: Judged) => boolean {
  const counts = endpointCount(judged);
  return (one) => {
    const { verdict } = one.judgement;
    return (verdict === 'live' || verdict === 'unverified') && counts(one);
  };
}

export function nameOf({ judgement: { entry } }: Judged): string {
  return nameKey(entry.name, entry.type);
}

/** `before` is why the plan that was approved withholds it: by now it may be sound. */
function withholdUnsound(one: JudgedRecord, before: Withheld['reason'] | undefined): Withheld {
  const { reason, verdict } = one.judgement;
  if (before !== undefined && before !== reason && isSound(one))
    return isWithheldReason(before)
      ? withhold(one, before)
      : withhold(one, 'not-approved', unapprovedAs(before));
  const detail = verdict === 'live' ? 'the address that it points at cannot be registered' : undefined;
  return withhold(one, reason, detail);
}

/** Says why what could be registered by now is not. */
export function unapprovedAs(before: Withheld['reason']): string {
  return `the plan withholds it: ${before}`;
}

/** What a desired record is called while it is not registered. */
export function withhold(
  { judgement: { entry, evidence } }: JudgedRecord,
  reason: Withheld['reason'],
  detail?: string,
): Withheld {
  const { recordSet, type, value } = entry;
  return { name: recordSet.Name, type, value, reason, detail, evidence };
}

/** The changes that registering asks for: one set each, those first that others come after. */
export function registrationGroups(registrations: readonly JudgedRecord[]): readonly ChangeGroup[] {
  const created = new Set(registrations.map(({ desired }) => recordSetKey(desired.recordSet)));
  return registrations.map(({ desired: { recordSet, after } }) => ({
    key: recordSetKey(recordSet),
    changes: [{ action: 'CREATE', recordSet }],
    removed: [],
    reasons: ['missing'],
    after: after.filter((key) => created.has(key)),
  }));
}
