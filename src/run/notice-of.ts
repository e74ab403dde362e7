import { addedSets, createdSets, deletedSets, takenSets } from '../model/change.ts';
import type { RecordSet } from '../model/record-set.ts';
import { valuesOf } from '../model/record-set.ts';
import type { NoticeDocument, NoticeKind, NoticeList } from '../publish/notice-schema.ts';
import { type RunResult, runFailure } from './run.ts';

/** So many of a list are told: a notice is to be read. */
const MAX_RECORDS = 10;

export interface NoticeFacts {
  readonly mode: NoticeDocument['mode'];
  /** What is told at all. */
  readonly on: readonly NoticeKind[];
  /** Whether what is held back and what failed is other than in the run before. */
  readonly isNews: boolean;
}

/**
 * What is to be told of a run that came to its end; `undefined` for nothing.
 *
 * | kind      | of a run that applies                        | of a plan, where `drift` is on        |
 * |-----------|----------------------------------------------|---------------------------------------|
 * | removals  | whatever was removed                         | –                                     |
 * | held-back | as soon as it is other than in the run before | –                                    |
 * | failures  | the same                                     | the same                              |
 * | drift     | –                                            | the changes, as soon as they are others |
 */
export function noticeOf(result: RunResult, { mode, on, isNews }: NoticeFacts): NoticeDocument | undefined {
  const isPlan = mode === 'plan';
  const isTold = (kind: NoticeKind) => on.includes(kind) && (!isPlan || on.includes('drift'));
  const parts = {
    ...(isTold('removals') && !isPlan ? removals(result) : {}),
    ...(isTold('held-back') && !isPlan && isNews ? heldBack(result) : {}),
    ...(isTold('failures') && isNews ? failures(result) : {}),
    ...(isTold('drift') && isPlan && isNews ? drift(result) : {}),
  };
  const kinds = [
    ...('removals' in parts ? (['removals'] as const) : []),
    ...('heldBack' in parts ? (['held-back'] as const) : []),
    ...('failures' in parts ? (['failures'] as const) : []),
    ...('drift' in parts ? (['drift'] as const) : []),
  ];
  if (kinds.length === 0) return undefined;
  const { runId, zone, finishedAt } = result;
  return { version: 1, kinds, mode, time: timeOf(finishedAt), runId, zone: zone.name, ...parts };
}

/** What is told of a run that ended before it could do anything. */
export function noticeOfFailure(
  error: unknown,
  { mode, zone, now }: Pick<NoticeFacts, 'mode'> & { readonly zone: string; readonly now: number },
): NoticeDocument {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    version: 1,
    kinds: ['failures'],
    mode,
    time: timeOf(now),
    zone,
    failures: { count: 1, details: [detail] },
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function listOf(records: NoticeList['records']): NoticeList {
  return { count: records.length, records: records.slice(0, MAX_RECORDS) };
}

function recordOf(
  { Name, Type, SetIdentifier }: RecordSet,
  value: string,
  why: string,
): NoticeList['records'][number] {
  const setIdentifier = SetIdentifier === undefined ? {} : { setIdentifier: SetIdentifier };
  return { name: Name, type: Type, ...setIdentifier, value, why };
}

function removals({ plan, outcomes }: RunResult): Pick<NoticeDocument, 'removals'> {
  const records = plan.groups
    .filter(({ key }) => outcomes?.get(key)?.status === 'applied')
    .flatMap((group) =>
      takenSets(group).flatMap(({ recordSet, values }) =>
        values.map((value) => recordOf(recordSet, value, group.reasons.join(', '))),
      ),
    );
  return records.length === 0 ? {} : { removals: listOf(records) };
}

function heldBack({ plan }: RunResult): Pick<NoticeDocument, 'heldBack'> {
  const records = plan.heldBack.map(({ judgement: { entry }, guardrail, detail }) =>
    recordOf(entry.recordSet, entry.value, `${guardrail}: ${detail}`),
  );
  return records.length === 0 ? {} : { heldBack: listOf(records) };
}

function failures(result: RunResult): Pick<NoticeDocument, 'failures'> {
  const { plan, outcomes, stops } = result;
  const whole = runFailure(result);
  const changes = plan.groups.flatMap((group) => {
    const outcome = outcomes?.get(group.key);
    const [first] = [...deletedSets(group), ...createdSets(group)];
    return outcome?.status === 'failed' || outcome?.status === 'conflict'
      ? [`${first?.Name}: ${outcome.status}: ${outcome.detail}`]
      : [];
  });
  const tasks = stops.flatMap(({ task, status, detail }) =>
    status === 'failed' ? [`${task}: ${detail}`] : [],
  );
  const other = whole === undefined || whole.code === 'changes-failed' ? [] : [whole.detail];
  const all = [...other, ...changes, ...tasks];
  return all.length === 0 ? {} : { failures: { count: all.length, details: all.slice(0, MAX_RECORDS) } };
}

function drift({ plan }: RunResult): Pick<NoticeDocument, 'drift'> {
  const records = plan.groups.flatMap((group) => {
    const why = group.reasons.join(', ');
    return [
      ...takenSets(group).map(({ recordSet, values }) =>
        recordOf(recordSet, values.join(', '), `to go: ${why}`),
      ),
      ...addedSets(group).map(({ recordSet, values }) =>
        recordOf(recordSet, values.join(', '), `to come: ${why}`),
      ),
      ...rewritten(group).map((set) => recordOf(set, valuesOf(set).join(', '), `to be written anew: ${why}`)),
    ];
  });
  if (records.length === 0) return {};
  const written = plan.groups.filter((group) => addedSets(group).length > 0 || rewritten(group).length > 0);
  return { drift: { ...listOf(records), removals: plan.removals, written: written.length } };
}

/** The sets of a group that keep their values in another form, such as after a change by hand. */
function rewritten(group: Parameters<typeof takenSets>[0]): readonly RecordSet[] {
  const isOther = takenSets(group).length > 0 || addedSets(group).length > 0;
  return isOther ? [] : createdSets(group);
}
