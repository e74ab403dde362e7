import { type Checkup, checkHealth } from './check-health.ts';
import type { ProbeOptions } from './health/prober.ts';
import { normalizeName } from './model/dns-name.ts';
import { entriesOf, sortEntries } from './model/entry.ts';
import { type Inventory, NO_STRANGERS, type StrangerLookup } from './model/inventory.ts';
import { probeKey } from './model/probe.ts';
import type { RecordSet } from './model/record-set.ts';
import type { Zone } from './model/zone.ts';
import type { DecisionFacts } from './plan/decide.ts';
import { checkResolver } from './plan/health-checks.ts';
import { type ProbeRule, probeTargetOf } from './plan/judge.ts';
import { type Matched, matchEntries } from './plan/match.ts';
import { type DraftedRecords, draftRecords } from './plan/register/draft-records.ts';
import { strangersOf } from './plan/strangers-of.ts';
import type { Ports } from './ports.ts';
import type { Progress, RunOptions } from './reconcile.ts';

/** Everything that a run finds out before it decides. */
export interface Survey {
  readonly startedAt: number;
  readonly zone: Zone;
  readonly recordSets: readonly RecordSet[];
  readonly inventory: Inventory;
  readonly strangers: StrangerLookup;
  readonly checkup: Checkup;
  readonly matched: readonly Matched[];
  readonly facts: DecisionFacts;
}

/** What the zone and the inventory are looked at for: whose entries, what is to be there, and how far to go. */
export type Outlook = Pick<RunOptions, 'manage' | 'sync' | 'limits'>;

type Reading = Pick<Survey, 'zone' | 'recordSets' | 'inventory'>;

/**
 * Reads the zone, then the inventory; matches them; and asks whatever entries lead to how it is. What only
 * the outlook `beside` leads to is asked too, for `surveyAgain`.
 */
export async function takeSurvey(ports: Ports, options: RunOptions, beside?: Outlook): Promise<Survey> {
  const { signal } = options;
  const startedAt = ports.clock.now();
  const zone = await ports.zone.find(signal);
  const recordSets = await ports.zone.read(zone, signal);
  const inventory = await ports.inventory.take(reportTo(options, 'inventory'), signal);

  const reading = { zone, recordSets, inventory };
  const view = viewOf(reading, options);
  const views = beside === undefined ? [view] : [view, viewOf(reading, beside)];
  const [strangers, checkup] = await Promise.all([
    lookUpStrangers(
      views.flatMap(({ matched }) => matched),
      inventory,
      ports,
      signal,
    ),
    checkHealth(views.flatMap(probedIn), probeRule(options), ports, probeOptions(options, startedAt), signal),
  ]);
  const facts = factsOf(view, { inventory, strangers, checkup, now: ports.clock.now() }, options, options);
  return { startedAt, zone, recordSets, inventory, strangers, checkup, matched: view.matched, facts };
}

/**
 * The same survey for another outlook: nothing is read or asked again. Each goes by the probes of its own
 * entries, as if the other had not been there. The outlook has to be one that the survey was taken for.
 */
export function surveyAgain(survey: Survey, outlook: Outlook, options: RunOptions): Survey {
  const { checkup, facts } = survey;
  const view = viewOf(survey, outlook);
  const outcomes = new Map(
    probedIn(view).flatMap(({ match }) => {
      const target = probeTargetOf(match, facts.rule);
      const key = target && probeKey(target);
      const outcome = key === undefined ? undefined : checkup.outcomes.get(key);
      return key === undefined || outcome === undefined ? [] : [[key, outcome] as const];
    }),
  );
  const known = { ...survey, checkup: { ...checkup, outcomes }, now: facts.now };
  return { ...survey, matched: view.matched, facts: factsOf(view, known, outlook, options) };
}

/** What the zone leads to, and what is missing from it. */
interface View {
  readonly matched: readonly Matched[];
  /** `undefined` where nothing is ever registered. */
  readonly drafts: DraftedRecords | undefined;
}

function viewOf(reading: Reading, outlook: Outlook): View {
  const matched = matchZone(reading, outlook);
  return { matched, drafts: draftMissing({ ...reading, matched }, outlook) };
}

function probedIn({ matched, drafts }: View): readonly Matched[] {
  return drafts === undefined ? matched : [...matched, ...drafts.drafted.map((one) => one.matched)];
}

function probeRule({ health }: RunOptions): ProbeRule {
  return { ...health, checkOf: checkResolver(health, health.services) };
}

function factsOf(
  { drafts }: View,
  known: Pick<Survey, 'inventory' | 'strangers' | 'checkup'> & Pick<DecisionFacts, 'now'>,
  { limits }: Outlook,
  options: RunOptions,
): DecisionFacts {
  const { inventory, strangers, checkup, now } = known;
  const { health } = options;
  const { gracePeriodMs } = health;
  const decided = { rule: probeRule(options), thresholds: health, gracePeriodMs, limits, drafts, now };
  return { ...checkup, inventory, strangers, ...decided };
}

/** Matches every entry of the zone, in the zone's own order. */
export function matchZone(
  { zone, recordSets, inventory }: Reading,
  { manage }: Pick<RunOptions, 'manage'>,
): readonly Matched[] {
  const entries = sortEntries(entriesOf(recordSets));
  return matchEntries({ zoneName: normalizeName(zone.name), manage, recordSets, entries, inventory });
}

/** What is missing, where the policy is to register it. */
function draftMissing(
  { zone, recordSets, inventory, matched }: Reading & Pick<Survey, 'matched'>,
  { manage, sync }: Outlook,
): DraftedRecords | undefined {
  if (sync === undefined) return undefined;
  const zoneName = normalizeName(zone.name);
  const { wishesOf } = sync;
  return draftRecords({ zoneName, manage, recordSets, matched, inventory, options: sync, wishesOf });
}

/** Of the time that a run has, so much is kept for applying and reporting; at the most so many milliseconds. */
const APPLY_SHARE = 0.3;
const APPLY_MAX_MS = 15_000;

function probeOptions(options: RunOptions, startedAt: number): ProbeOptions {
  const { deadline } = options;
  const onProgress = reportTo(options, 'probe');
  if (deadline === undefined) return { onProgress };
  return { onProgress, deadline: deadline - Math.min(APPLY_MAX_MS, (deadline - startedAt) * APPLY_SHARE) };
}

function reportTo({ progress }: RunOptions, step: Progress['step']) {
  return (done: number, total: number) => progress?.({ step, done, total });
}

async function lookUpStrangers(
  matched: readonly Matched[],
  inventory: Inventory,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<StrangerLookup> {
  const query = strangersOf(matched, inventory.coverage);
  return query.hostNames.length === 0 ? NO_STRANGERS : ports.inventory.lookUpStrangers(query, signal);
}
