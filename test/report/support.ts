import type { ChangeGroup, ChangeOutcome } from '../../src/model/change.ts';
import type { Entry } from '../../src/model/entry.ts';
import {
  type IncompleteScope,
  type Inventory,
  NO_UNKNOWN_HOSTS,
  type Notice,
} from '../../src/model/inventory.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../../src/model/record-set.ts';
import type { Withheld } from '../../src/model/registration.ts';
import type { Evidence, Judgement, JudgementOf } from '../../src/model/verdict.ts';
import type { GuardrailName } from '../../src/plan/guard/guardrail.ts';
import type { NetworkSelfTest } from '../../src/plan/judge/network-self-test.ts';
import { buildReport, type ReportOptions } from '../../src/report/build-report.ts';
import { renderText } from '../../src/report/render-text.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { RunResult } from '../../src/run/run.ts';

export const ZONE = { id: 'Z1', name: 'discovery.internal.' };

/** The weighted SRV set of the `index`th container of a service. */
export function srvSet(index: number, fields: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: '_calc._tcp.discovery.internal.',
    Type: 'SRV',
    SetIdentifier: `ip-10-0-0-${index}:00000000000${index}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `1 1 3276${index} ip-10-0-0-${index}` }],
    ...fields,
  };
}

/** The first value of a set as an entry; its name is one that Route 53 would not print. */
export function entryOf(recordSet: RecordSet, value = valuesOf(recordSet)[0] ?? ''): Entry {
  const { Type: type, SetIdentifier: setIdentifier } = recordSet;
  return { recordSet, name: 'normalised', type, setIdentifier, value };
}

export function stale(recordSet: RecordSet, evidence: Evidence = {}, value?: string): JudgementOf<'stale'> {
  return { entry: entryOf(recordSet, value), evidence, verdict: 'stale', reason: 'task-gone' };
}

export function unhealthy(recordSet: RecordSet, evidence: Evidence = {}): JudgementOf<'unhealthy'> {
  return { entry: entryOf(recordSet), evidence, verdict: 'unhealthy', reason: 'http-status' };
}

export function live(recordSet: RecordSet): JudgementOf<'live'> {
  return { entry: entryOf(recordSet), evidence: { status: 200 }, verdict: 'live', reason: 'healthy' };
}

export function unverified(recordSet: RecordSet, evidence: Evidence = {}): JudgementOf<'unverified'> {
  return { entry: entryOf(recordSet), evidence, verdict: 'unverified', reason: 'address-unknown' };
}

export function foreign(recordSet: RecordSet): JudgementOf<'foreign'> {
  return { entry: entryOf(recordSet), evidence: {}, verdict: 'foreign', reason: 'not-weighted' };
}

export function scope(name: string, error = 'AccessDenied: not you'): IncompleteScope {
  return { scope: name, operation: 'ecs:ListTasks', error, hides: 'endpoints' };
}

/** The group that removes a set, or leaves `staying` of its values. */
export function groupOf(set: RecordSet, staying: readonly string[] = []): ChangeGroup {
  return {
    key: recordSetKey(set),
    changes: [
      { action: 'DELETE', recordSet: set },
      ...(staying.length === 0 ? [] : [{ action: 'CREATE' as const, recordSet: withValues(set, staying) }]),
    ],
    removed: valuesOf(set).filter((value) => !staying.includes(value)),
    reasons: ['task-gone'],
    after: [],
  };
}

/** What a run came to; everything that is not given is empty. */
export interface Given {
  readonly judgements?: readonly Judgement[];
  readonly heldBack?: readonly (readonly [
    JudgementOf<'stale' | 'unhealthy' | 'unverified'>,
    GuardrailName,
    string,
  ])[];
  readonly groups?: readonly ChangeGroup[];
  readonly removals?: number;
  readonly incomplete?: readonly IncompleteScope[];
  readonly unreadUnknownHosts?: readonly IncompleteScope[];
  /** What the confirmation could not read. */
  readonly unconfirmed?: readonly IncompleteScope[];
  readonly unreadGrace?: readonly IncompleteScope[];
  readonly notices?: readonly Notice[];
  /** Of the plan. */
  readonly planNotices?: readonly Notice[];
  readonly withheld?: readonly Withheld[];
  readonly networkSelfTest?: NetworkSelfTest;
  readonly outcomes?: readonly (readonly [ChangeGroup, ChangeOutcome])[];
  readonly zone?: RunResult['zone'];
  readonly stops?: RunResult['stops'];
  readonly durationMs?: number;
}

export function runResult(given: Given = {}): RunResult {
  const { groups = [], outcomes, durationMs = 812 } = given;
  const heldBack = (given.heldBack ?? []).map(([judgement, guardrail, detail]) => ({
    judgement,
    guardrail,
    detail,
  }));
  return {
    runId: 'run-1',
    zone: given.zone ?? ZONE,
    plan: {
      judgements: given.judgements ?? [],
      removals: given.removals ?? groups.reduce((sum, { removed }) => sum + removed.length, 0),
      removing: [],
      heldBack,
      notices: given.planNotices ?? [],
      registrations: [],
      registered: 0,
      withheld: given.withheld ?? [],
      groups,
      networkSelfTests: given.networkSelfTest === undefined ? [] : [given.networkSelfTest],
    },
    inventory: inventoryOf(given),
    unknownHosts: { ...NO_UNKNOWN_HOSTS, incomplete: given.unreadUnknownHosts ?? [] },
    services: undefined,
    probeResults: {
      outcomes: new Map(),
      answers: new Map(),
      grace: { periods: new Map(), incomplete: given.unreadGrace ?? [] },
    },
    startedAt: Date.UTC(2030, 0, 2, 3, 4, 5),
    finishedAt: Date.UTC(2030, 0, 2, 3, 4, 5) + durationMs,
    outcomes: outcomes && new Map(outcomes.map(([{ key }, outcome]) => [key, outcome])),
    unconfirmed: given.unconfirmed ?? [],
    stops: given.stops ?? [],
    deregisteredSince: new Map(),
  };
}

function inventoryOf({ incomplete = [], notices = [] }: Given): Inventory {
  return {
    region: 'eu-west-1',
    coverage: 'all-clusters',
    clusters: [],
    hosts: [],
    containers: [],
    endpoints: [],
    incomplete,
    notices,
  };
}

export function reportOf(given: Given = {}, options: Partial<ReportOptions> = {}): Report {
  return buildReport(runResult(given), {
    mode: 'plan',
    awsCalls: {},
    awsThrottled: 0,
    all: false,
    warnings: [],
    ...options,
  });
}

/** The lines of the report for people, with runs of blanks as one. */
export function linesOf(given: Given = {}, options: Partial<ReportOptions> = {}): readonly string[] {
  const text = renderText(reportOf(given, options), { color: false });
  return text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
}
