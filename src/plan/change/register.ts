import type { ChangeGroup } from '../../model/change.ts';
import { recordSetKey } from '../../model/record-set.ts';
import type { DesiredRecord, Withheld } from '../../model/registration.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** A desired record with the verdict that it would get. */
export interface JudgedDesired extends Judged {
  readonly desired: DesiredRecord;
}

/** What is registered, and what is not although it runs. */
export interface Registered {
  readonly registrations: readonly JudgedDesired[];
  readonly withheld: readonly Withheld[];
}

/** What registering looks at in addition to the desired records. */
export interface RegisterInput {
  readonly desiredRecords: readonly JudgedDesired[];
  /** The entries of the zone. */
  readonly judged: readonly Judged[];
  /** Keys of the record sets of the zone. */
  readonly hasSet: (key: string) => boolean;
}

/**
 * Registers the desired records that would be live, and the addresses that they need.
 *
 * | the desired's record would be                   | and                                          | it is      |
 * |-----------------------------------------------|----------------------------------------------|------------|
 * | live                                          | all that it requires is there, or registered | registered |
 * |                                               | else                                         | withheld   |
 * | … the address of a target                      | nothing that is registered points at it      | left out   |
 * | unverified, and its service trusts it         | as for live; its host is not drained, and it | registered |
 * |                                               | has not just failed outside its grace period |            |
 * | leading to a host that is being drained       | its name has and gets nothing better         | registered |
 * | anything else                                 |                                              | withheld   |
 */
export function register({ desiredRecords, judged, hasSet }: RegisterInput): Registered {
  const sound = desiredRecords.filter((one) => !isTarget(one) && isSound(one));
  const served = new Set([...judged.filter(leadsSomewhere), ...sound].map(nameOf));
  const drained = desiredRecords.filter((one) => isDrained(one) && !served.has(nameOf(one)));
  const targets = new Set(
    desiredRecords
      .filter((one) => isTarget(one) && mayStand(one))
      .map(({ desired }) => recordSetKey(desired.recordSet)),
  );
  const admitted = [...sound, ...drained].filter(({ desired }) =>
    desired.requires.every((key) => hasSet(key) || targets.has(key)),
  );
  const needed = new Set(admitted.flatMap(({ desired }) => desired.after));
  const going = new Set<JudgedDesired>(admitted);
  const registrations = desiredRecords.filter((one) => {
    const { desired } = one;
    if (!isTarget(one)) return going.has(one);
    const key = recordSetKey(desired.recordSet);
    return targets.has(key) && (desired.isNeeded || needed.has(key));
  });
  const left = desiredRecords.filter((one) => !isTarget(one) && !going.has(one));
  return { registrations, withheld: left.map(withhold) };
}

function isTarget({ desired }: JudgedDesired): boolean {
  return desired.role === 'target';
}

/** The address of a target is right however what runs there is; only entries that are sound lead clients to it. */
function mayStand({ judgement: { verdict } }: JudgedDesired): boolean {
  return verdict !== 'foreign' && verdict !== 'stale';
}

function isSound({ desired, judgement, match }: JudgedDesired): boolean {
  if (judgement.verdict === 'live') return true;
  if (!desired.isTrusted || judgement.verdict !== 'unverified' || match.kind !== 'endpoint') return false;
  // Neither is to come that goes as soon as a check passes, nor that goes as soon as one more fails.
  return match.endpoint.container.host?.isDraining !== true && judgement.reason !== 'below-threshold';
}

function isDrained({ judgement: { verdict } }: JudgedDesired): boolean {
  return verdict === 'draining';
}

/** Whether an entry may be what its name is resolved for. */
function leadsSomewhere({ judgement: { verdict } }: Judged): boolean {
  return verdict === 'live' || verdict === 'unverified';
}

function nameOf({ judgement: { entry } }: Judged): string {
  return `${entry.name} ${entry.type}`;
}

function withhold({ judgement: { entry, reason, verdict, evidence } }: JudgedDesired): Withheld {
  const { recordSet, type, value } = entry;
  const detail = verdict === 'live' ? 'the address that it points at cannot be registered' : undefined;
  return { name: recordSet.Name, type, value, reason, detail, evidence };
}

/** For what is healthy, but one too many for its name. */
export function withholdForRoom({ judgement: { entry, evidence } }: JudgedDesired): Withheld {
  const { recordSet, type, value } = entry;
  return { name: recordSet.Name, type, value, reason: 'set-limit', detail: undefined, evidence };
}

/** The changes that registering asks for: one set each, those first that others come after. */
export function registrationGroups(registrations: readonly JudgedDesired[]): readonly ChangeGroup[] {
  const created = new Set(registrations.map(({ desired }) => recordSetKey(desired.recordSet)));
  return registrations.map(({ desired: { recordSet, after } }) => ({
    key: recordSetKey(recordSet),
    changes: [{ action: 'CREATE', recordSet }],
    removed: [],
    reasons: ['missing'],
    after: after.filter((key) => created.has(key)),
  }));
}
