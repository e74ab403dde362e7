import { type ApprovedGroup, type ApprovedPlan, groupText } from '../model/approved-plan.ts';
import { addedSets, type ChangeGroup, type ChangeOutcome, deletedSets, takenSets } from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import type { Notice } from '../model/inventory.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../model/record-set.ts';
import type { TaskStop } from '../model/task-stop.ts';
import { isRemovableVerdict } from '../model/verdict.ts';
import { closed } from './parts.ts';
import type { Plan } from './plan.ts';
import type { StopPlan } from './stops.ts';

type Outcomes = ReadonlyMap<string, ChangeOutcome> | undefined;

/**
 * The plan without what the approved one has not, to the last field: it may lose changes for safety's sake, and never
 * gains one. What has to come after a change that the approved one has not is left out with it; the order is this plan's.
 */
export function withinApproved(plan: Plan, approved: ApprovedPlan): Plan {
  const known = new Set(approved.groups.map(groupText));
  const groups = closed(plan.groups.filter((group) => known.has(groupText(group))));
  const stops = plan.stops.map(stopRule(approved));
  if (groups.length === plan.groups.length) return { ...plan, stops };
  const kept = new Set(groups);
  const dropped = plan.groups.filter((group) => !kept.has(group));
  const taken = new Set(groups.flatMap(deletedSets).map(recordSetKey));
  const removing = plan.removing.filter(({ judgement: { entry } }) =>
    taken.has(recordSetKey(entry.recordSet)),
  );
  const added = new Set(groups.flatMap(addedValues));
  const isAdded = (set: RecordSet) => valuesOf(set).every((value) => added.has(valueKey(set, value)));
  const registrations = plan.registrations.filter(({ desired }) => isAdded(desired.recordSet));
  const lost = plan.registrations.length - registrations.length;
  const registered = plan.registered - lost - dropped.filter(isNewCname).length;
  const notices = [...plan.notices, unapproved(dropped.length)];
  return { ...plan, groups, stops, removing, removals: removing.length, registrations, registered, notices };
}

function addedValues(group: ApprovedGroup): readonly string[] {
  return addedSets(group).flatMap(({ recordSet, values }) =>
    values.map((value) => valueKey(recordSet, value)),
  );
}

/** As withheld records are told, too. */
function valueKey({ Name, Type }: RecordSet, value: string): string {
  return `${Name} ${Type} ${value}`;
}

function isNewCname({ changes: [first, ...others] }: ChangeGroup): boolean {
  return first?.action === 'CREATE' && first.recordSet.Type === 'CNAME' && others.length === 0;
}

function unapproved(count: number): Notice {
  const detail = `${count === 1 ? 'a change' : `${count} changes`} that a run would make by now ${count === 1 ? 'is' : 'are'} not in it, and not made`;
  return { subject: 'plan file', detail };
}

function stopRule({ stops }: ApprovedPlan): (stop: StopPlan) => StopPlan {
  const known = new Set(stops.map(({ task }) => task));
  return (stop) => {
    if (stop.kind === 'held' || known.has(stop.task)) return stop;
    const { cluster, service, task, reason, httpStatus, names } = stop;
    const detail = 'it is not in the plan file';
    return { kind: 'held', cluster, service, task, reason, httpStatus, names, detail };
  };
}

/** What of an approved plan was not carried out, and why: a run would not do it any more, or it was too late. */
export function leftOf(
  { groups, stops }: ApprovedPlan,
  plan: Plan,
  outcomes: Outcomes,
  stopped: readonly TaskStop[],
): readonly Notice[] {
  const done = new Map(plan.groups.map((group) => [groupText(group), outcomes?.get(group.key)]));
  const why = reasonRule(plan);
  const left = groups.flatMap((group): readonly Notice[] => {
    const outcome = done.get(groupText(group));
    if (outcome !== undefined && outcome.status !== 'unsent') return [];
    return [{ subject: subjectOf(group), detail: outcome?.detail ?? why(group) }];
  });
  const byTask = new Map(stopped.map((stop) => [stop.task, stop]));
  const running = stops.flatMap(({ task }): readonly Notice[] => {
    const stop = byTask.get(task);
    if (stop?.status === 'stopped' || stop?.status === 'failed') return [];
    return [{ subject: task, detail: `not stopped: ${stop?.detail ?? 'it does not fail any more'}` }];
  });
  return [...left, ...running];
}

function subjectOf({ changes: [first] }: ApprovedGroup): string {
  const { Name = '', Type = '', SetIdentifier }: Partial<RecordSet> = first?.recordSet ?? {};
  return [Name, Type, ...(SetIdentifier === undefined ? [] : [SetIdentifier])].join(' ');
}

const OTHERWISE =
  'a run would not change it so any more, or only after a change that is not in the plan file';

/** Says why a change is not made any more, by what a run makes of its entries now. */
function reasonRule({ judgements, heldBack, withheld }: Plan): (group: ApprovedGroup) => string {
  const verdicts = new Map(
    judgements
      .filter(({ verdict }) => !isRemovableVerdict(verdict))
      .map(({ entry, verdict, reason }) => [entryKey(entry), `${verdict}: ${reason}`]),
  );
  const held = new Map(
    heldBack.map(({ judgement, guardrail, detail }) => [
      entryKey(judgement.entry),
      `held back by ${guardrail}: ${detail}`,
    ]),
  );
  const missing = new Map(
    withheld.map(({ name, type, value, reason }) => [`${name} ${type} ${value}`, reason]),
  );
  return (group) => {
    const taken = takenSets(group).flatMap(({ recordSet, values }) =>
      values.map((value) => entryKey({ recordSet, value })),
    );
    const objections = [
      ...taken.flatMap((key) => held.get(key) ?? []),
      ...addedValues(group).flatMap((key) => missing.get(key) ?? []),
      ...taken.flatMap((key) => verdicts.get(key) ?? []),
    ];
    return `left as it is: ${objections[0] ?? OTHERWISE}`;
  };
}
