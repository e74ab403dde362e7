import { AGENT_FORM_NAMES, AGENT_FORMS, agentFormOf } from '../model/agent-form.ts';
import { groupBy } from '../model/multimap.ts';
import type { SettingDifference } from '../model/setting-difference.ts';
import type { Judgement } from '../model/verdict.ts';
import { isChange, type RecordDiff } from '../plan/compare.ts';
import type { Compared } from '../run/run.ts';
import {
  identify,
  noticesOf,
  probesOf,
  reportEntry,
  reportHeldBack,
  reportWithheld,
  valuesLast,
} from './build-report.ts';
import type { ComparisonReport } from './comparison-schema.ts';
import { countEach, type DocumentOptions, headOf } from './document.ts';

type Effects = ComparisonReport['gained'];

/** What the report of a comparison is made of, apart from the comparison itself. */
export interface ComparisonReportOptions extends DocumentOptions {
  readonly differences: readonly SettingDifference[];
  /** Whether live records that stay as they are are listed too. */
  readonly all: boolean;
}

/** The report of what a switch of settings would change, in the order of the zone. */
export function buildComparison(compared: Compared, options: ComparisonReportOptions): ComparisonReport {
  const { observation, finishedAt, plan, comparison } = compared;
  const { zone, startedAt, inventory, probeResults } = observation;
  const notices = [
    ...options.differences.flatMap(settingNotice),
    ...noticesOf(inventory, plan.judgements),
    ...plan.notices,
  ];
  const switched = options.differences.filter(({ role }) => role === 'compared');
  const listed = comparison.left.filter(({ verdict }) => options.all || verdict !== 'live');
  return {
    ...headOf({ mode: 'compare', startedAt, finishedAt, readings: observation, notices }, options),
    zone: { id: zone.id, name: zone.name },
    settings: switched.map(({ name, from, to }) => ({ name, from: plain(from), to: plain(to) })),
    changes: isChange(comparison),
    summary: summarize(compared),
    gained: byKind(comparison.gained),
    lost: byKind(comparison.lost),
    eitherWay: byKind(comparison.eitherWay),
    left: listed.map(reportEntry),
    entering: comparison.entering.map(reportEntry),
    leaving: comparison.leaving.map(reportEntry),
    agentForms: countForms(comparison.foreign),
    heldBack: comparison.heldBack.map(({ item, eitherWay }) => ({ ...reportHeldBack(item), eitherWay })),
    withheld: comparison.withheld.map(({ item, eitherWay }) => ({ ...reportWithheld(item), eitherWay })),
    ...probesOf({ plan, probeResults }),
  };
}

function summarize({ plan, comparison }: Compared): ComparisonReport['summary'] {
  const { gained, lost, eitherWay, left, entering, leaving, foreign, heldBack, withheld } = comparison;
  return {
    entries: plan.judgements.length,
    ...countEach(['registered', 'rewritten', 'removed'], gained, 'kind'),
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

/** A set counts once, however many values it has. */
function countForms(foreign: readonly Judgement[]): ComparisonReport['agentForms'] {
  const sets = new Set(foreign.map(({ entry }) => entry.recordSet));
  const byForm = groupBy(sets, agentFormOf);
  return AGENT_FORM_NAMES.flatMap((form) => {
    const recordSets = byForm.get(form).length;
    return recordSets === 0 ? [] : [{ form, writer: AGENT_FORMS[form].writer, recordSets }];
  });
}

function plain(value: unknown): ComparisonReport['settings'][number]['from'] {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
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

function reportDiff(diff: RecordDiff): Effects['registered'][number] {
  const from = diff.kind === 'registered' ? undefined : diff.from;
  const to = diff.kind === 'removed' ? undefined : diff.to;
  const known = diff.kind === 'registered' ? diff.to : diff.from;
  return {
    ...identify(known),
    from: from && valuesLast(from.recordSet),
    to: to && valuesLast(to.recordSet),
    reasons: [...diff.reasons],
  };
}
