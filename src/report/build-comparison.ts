import type { RecordSet } from '../model/record-set.ts';
import type { SettingDifference } from '../model/setting-difference.ts';
import type { RecordDiff, RecordValue } from '../plan/compare.ts';
import { type ComparedItem, isChange } from '../plan/compare.ts';
import type { Compared } from '../run/run.ts';
import { noticesOf, probesOf, reportEntry, reportHeldBack, reportWithheld } from './build-report.ts';
import type { ComparisonReport } from './comparison-schema.ts';
import { type DocumentOptions, headOf } from './document.ts';

type Effects = ComparisonReport['gained'];
type ReportedDiff = Effects['registered'][number];

/** What the report of a comparison is made of, apart from the comparison itself. */
export interface ComparisonReportOptions extends DocumentOptions {
  /** All settings that differ. */
  readonly differences: readonly SettingDifference[];
  /** Whether live records that stay as they are are listed too. */
  readonly all: boolean;
}

/** The report of what a switch of settings would change, in the order of the zone. */
export function buildComparison(compared: Compared, options: ComparisonReportOptions): ComparisonReport {
  const { observation, finishedAt, plan, comparison } = compared;
  const { zone, startedAt, inventory, probeResults } = observation;
  const notices = [...options.differences.flatMap(settingNotice), ...noticesOf(inventory, plan.judgements)];
  const listed = comparison.left.filter(({ verdict }) => options.all || verdict !== 'live');
  return {
    ...headOf({ mode: 'compare', startedAt, finishedAt, readings: observation, notices }, options),
    zone: { id: zone.id, name: zone.name },
    settings: options.differences.filter(({ role }) => role === 'compared').map(reportSetting),
    changes: isChange(comparison),
    summary: summarize(compared),
    gained: byKind(comparison.gained),
    lost: byKind(comparison.lost),
    eitherWay: byKind(comparison.eitherWay),
    left: listed.map(reportEntry),
    entering: comparison.entering.map(reportEntry),
    leaving: comparison.leaving.map(reportEntry),
    heldBack: comparison.heldBack.map((one) => withOther(one, reportHeldBack)),
    withheld: comparison.withheld.map((one) => withOther(one, reportWithheld)),
    ...probesOf({ plan, probeResults }),
  };
}

function summarize({ plan, comparison }: Compared): ComparisonReport['summary'] {
  const { gained, lost, eitherWay, left, entering, leaving, foreign, heldBack, withheld } = comparison;
  const ofKind = (kind: RecordDiff['kind']) => gained.filter((diff) => diff.kind === kind).length;
  return {
    entries: plan.judgements.length,
    registered: ofKind('registered'),
    rewritten: ofKind('rewritten'),
    removed: ofKind('removed'),
    left: left.length,
    leftLive: left.filter(({ verdict }) => verdict === 'live').length,
    foreign: foreign.length,
    entering: entering.length,
    leaving: leaving.length,
    heldBack: heldBack.length,
    withheld: withheld.length,
    lost: lost.length,
    eitherWay: eitherWay.length,
  };
}

function reportSetting({ name, from, to }: SettingDifference): ComparisonReport['settings'][number] {
  const value = (written: unknown) => JSON.parse(JSON.stringify(written));
  return {
    name,
    ...(from === undefined ? {} : { from: value(from) }),
    ...(to === undefined ? {} : { to: value(to) }),
  };
}

/** A flag that was given, and is no part of the comparison. */
function settingNotice({ name, role }: SettingDifference): ComparisonReport['notices'] {
  if (role === 'shared') {
    const detail = 'what is read and asked is read and asked once: the flag counts for both sides';
    return [{ subject: name, detail }];
  }
  return role === 'apart' ? [{ subject: name, detail: 'it changes no record, and is not compared' }] : [];
}

function byKind(diffs: readonly RecordDiff[]): Effects {
  const ofKind = (kind: RecordDiff['kind']) => diffs.filter((diff) => diff.kind === kind).map(reportDiff);
  return { registered: ofKind('registered'), rewritten: ofKind('rewritten'), removed: ofKind('removed') };
}

function reportDiff(diff: RecordDiff): ReportedDiff {
  const reasons = [...diff.reasons];
  switch (diff.kind) {
    case 'registered':
      return { ...identify(diff.to), to: plain(diff.to), reasons };
    case 'removed':
      return { ...identify(diff.from), from: plain(diff.from), reasons };
    case 'rewritten':
      return { ...identify(diff.from), from: plain(diff.from), to: plain(diff.to), reasons };
  }
}

function identify({ recordSet: { Name, Type, SetIdentifier }, value }: RecordValue) {
  return {
    name: Name,
    type: Type,
    ...(SetIdentifier === undefined ? {} : { setIdentifier: SetIdentifier }),
    value,
  };
}

function plain({ recordSet }: RecordValue): NonNullable<ReportedDiff['to']> {
  const { ResourceRecords, ...rest }: RecordSet = recordSet;
  return { ...rest, ResourceRecords: [...(ResourceRecords ?? [])] };
}

function withOther<T, R extends object>(
  { item, eitherWay }: ComparedItem<T>,
  report: (item: T) => R,
): R & { eitherWay: boolean } {
  return { ...report(item), eitherWay };
}
