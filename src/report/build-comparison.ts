import type { Adopted } from '../commands/compare.ts';
import type { SettingDifference } from '../config/compare-settings.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Effect, Placed } from '../plan/change/record-diff.ts';
import { type Compared, isChange } from '../plan/compare.ts';
import {
  reportEntry,
  reportHeldBack,
  reportNotices,
  reportScope,
  reportWithheld,
  tallyProbes,
} from './build-report.ts';
import type { AdoptionReport } from './comparison-schema.ts';

type Effects = AdoptionReport['gained'];
type ReportedEffect = Effects['registered'][number];

/** What the report of an adoption is made of, beside the adoption itself. */
export interface AdoptionReportOptions {
  /** All settings that differ. */
  readonly differences: readonly SettingDifference[];
  /** Whether live records that stay as they are are listed too. */
  readonly all: boolean;
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly awsThrottled: number;
  /** What went wrong beside the survey, a line each. */
  readonly troubles: readonly string[];
}

/** The report of what a switch of settings would change, in the order of the zone. */
export function buildAdoption(adopted: Adopted, options: AdoptionReportOptions): AdoptionReport {
  const { survey, finishedAt, decision, adoption } = adopted;
  const { zone, startedAt, inventory, strangers, checkup } = survey;
  const { plan } = decision;
  const listed = adoption.left.filter(({ verdict }) => options.all || verdict !== 'live');
  return {
    version: 1,
    mode: 'adopt',
    zone: { id: zone.id, name: zone.name },
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt)),
    settings: options.differences.filter(({ role }) => role === 'compared').map(reportSetting),
    changes: isChange(adoption),
    summary: summarize(adopted),
    gained: byKind(adoption.gained),
    lost: byKind(adoption.lost),
    eitherWay: byKind(adoption.eitherWay),
    left: listed.map(reportEntry),
    entering: adoption.entering.map(reportEntry),
    leaving: adoption.leaving.map(reportEntry),
    heldBack: adoption.heldBack.map((one) => beside(one, reportHeldBack)),
    withheld: adoption.withheld.map((one) => beside(one, reportWithheld)),
    incomplete: [
      ...inventory.incomplete,
      ...strangers.incomplete,
      ...(survey.services?.incomplete ?? []),
      ...checkup.grace.incomplete,
    ].map(reportScope),
    notices: [...options.differences.flatMap(settingNotice), ...reportNotices({ inventory, plan }, options)],
    ...(plan.suspectVantage === undefined ? {} : { suspectVantage: { ...plan.suspectVantage } }),
    probes: tallyProbes(checkup.outcomes.values()),
    awsCalls: { ...options.awsCalls },
    awsThrottled: options.awsThrottled,
  };
}

function summarize({ survey, adoption }: Adopted): AdoptionReport['summary'] {
  const { gained, lost, eitherWay, left, entering, leaving, foreign, heldBack, withheld } = adoption;
  const ofKind = (kind: Effect['kind']) => gained.filter((effect) => effect.kind === kind).length;
  return {
    entries: survey.matched.length,
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

function reportSetting({ name, from, to }: SettingDifference): AdoptionReport['settings'][number] {
  const value = (written: unknown) => JSON.parse(JSON.stringify(written));
  return {
    name,
    ...(from === undefined ? {} : { from: value(from) }),
    ...(to === undefined ? {} : { to: value(to) }),
  };
}

/** A flag that was given, and is no part of the comparison. */
function settingNotice({ name, role }: SettingDifference): AdoptionReport['notices'] {
  if (role === 'shared') {
    const detail = 'what is read and asked is read and asked once: the flag counts for both sides';
    return [{ subject: name, detail }];
  }
  return role === 'apart' ? [{ subject: name, detail: 'it changes no record, and is not compared' }] : [];
}

function byKind(effects: readonly Effect[]): Effects {
  const ofKind = (kind: Effect['kind']) => effects.filter((effect) => effect.kind === kind).map(reportEffect);
  return { registered: ofKind('registered'), rewritten: ofKind('rewritten'), removed: ofKind('removed') };
}

function reportEffect(effect: Effect): ReportedEffect {
  const reasons = [...effect.reasons];
  switch (effect.kind) {
    case 'registered':
      return { ...identify(effect.to), to: plain(effect.to), reasons };
    case 'removed':
      return { ...identify(effect.from), from: plain(effect.from), reasons };
    case 'rewritten':
      return { ...identify(effect.from), from: plain(effect.from), to: plain(effect.to), reasons };
  }
}

function identify({ recordSet: { Name, Type, SetIdentifier }, value }: Placed) {
  return {
    name: Name,
    type: Type,
    ...(SetIdentifier === undefined ? {} : { setIdentifier: SetIdentifier }),
    value,
  };
}

function plain({ recordSet }: Placed): NonNullable<ReportedEffect['to']> {
  const { ResourceRecords, ...rest }: RecordSet = recordSet;
  return { ...rest, ResourceRecords: [...(ResourceRecords ?? [])] };
}

function beside<T, R extends object>(
  { item, eitherWay }: Compared<T>,
  report: (item: T) => R,
): R & { eitherWay: boolean } {
  return { ...report(item), eitherWay };
}
