import { type Checkup, checkHealth } from './check-health.ts';
import type { ProbeOptions } from './health/prober.ts';
import { normalizeName } from './model/dns-name.ts';
import { entriesOf, sortEntries } from './model/entry.ts';
import { type Inventory, NO_STRANGERS, type StrangerLookup } from './model/inventory.ts';
import type { RecordSet } from './model/record-set.ts';
import type { Zone } from './model/zone.ts';
import { type CnameFacts, type CnameSurvey, cnameFacts } from './plan/cname-facts.ts';
import type { DecisionFacts } from './plan/decide.ts';
import { checkResolver } from './plan/health-checks.ts';
import { type Matched, matchEntries } from './plan/match.ts';
import { cnameInterest, ownCnames } from './plan/own-cnames.ts';
import { type DraftedRecords, draftRecords } from './plan/register/draft-records.ts';
import { withoutEntries } from './plan/stop/unlisted.ts';
import { strangersOf } from './plan/strangers-of.ts';
import type { Ports } from './ports.ts';
import type { Progress, RunOptions } from './reconcile.ts';

/** Everything that a run finds out before it decides. */
export interface Survey {
  readonly startedAt: number;
  readonly zone: Zone;
  readonly recordSets: readonly RecordSet[];
  /** When all of them had been read, in epoch milliseconds. */
  readonly readAt: number;
  readonly inventory: Inventory;
  readonly strangers: StrangerLookup;
  readonly checkup: Checkup;
  /** What the CNAMEs follow from; `undefined` where none are made. */
  readonly cnames: CnameSurvey | undefined;
  readonly matched: readonly Matched[];
  readonly facts: DecisionFacts;
}

/** Reads the zone, then the inventory; matches them; and asks whatever entries lead to how it is. */
export async function takeSurvey(ports: Ports, options: RunOptions): Promise<Survey> {
  const { signal, health, limits } = options;
  const startedAt = ports.clock.now();
  const zone = await ports.zone.find(signal);
  const recordSets = await ports.zone.read(zone, signal);
  const readAt = ports.clock.now();
  const inventory = await ports.inventory.take(reportTo(options, 'inventory'), signal);

  const cnames = await surveyCnames({ zone, recordSets, inventory }, ports, options);
  const decidedCnames = cnames && cnameFacts(cnames);
  const matched = matchZone({ zone, recordSets, inventory }, options, decidedCnames);
  const drafts = draftMissing({ zone, recordSets, inventory, matched }, options);
  const listed = drafts === undefined ? matched : [...matched, ...drafts.drafted.map((one) => one.matched)];
  const unlisted = findUnlisted(listed, zone, inventory, options);
  const probed = unlisted === undefined ? listed : [...listed, ...unlisted];
  const rule = { ...health, checkOf: checkResolver(health, health.services) };
  const [strangers, checkup] = await Promise.all([
    lookUpStrangers(matched, inventory, ports, signal),
    checkHealth(probed, rule, ports, probeOptions(options, startedAt), signal),
  ]);
  const { gracePeriodMs } = health;
  const now = ports.clock.now();
  const missing = { drafts, unlisted, cnames: decidedCnames };
  const decided = { rule, thresholds: health, gracePeriodMs, limits, ...missing, now };
  const facts = { ...checkup, inventory, strangers, ...decided };
  return { startedAt, zone, recordSets, readAt, inventory, strangers, checkup, cnames, matched, facts };
}

/** Matches every entry of the zone, in the zone's own order. */
export function matchZone(
  { zone, recordSets, inventory }: Pick<Survey, 'zone' | 'recordSets' | 'inventory'>,
  { manage }: Pick<RunOptions, 'manage'>,
  cnames?: CnameFacts,
): readonly Matched[] {
  const zoneName = normalizeName(zone.name);
  const entries = sortEntries(entriesOf(recordSets));
  return matchEntries({ zoneName, manage, recordSets, entries, inventory, fateOf: cnames?.fateOf });
}

/** Reads the load-balanced services, where the policy is to give them CNAMEs. */
async function surveyCnames(
  { zone, recordSets, inventory }: Pick<Survey, 'zone' | 'recordSets' | 'inventory'>,
  ports: Ports,
  { sync, signal }: RunOptions,
): Promise<CnameSurvey | undefined> {
  if (sync === undefined || sync.cname === false) return undefined;
  const { cname, correct } = sync;
  const zoneName = normalizeName(zone.name);
  const isOfInterest = cnameInterest(cname, ownCnames(recordSets, zoneName));
  const services = await ports.inventory.readBalancedServices({ inventory, isOfInterest }, signal);
  return { zoneName, recordSets, services, inventory, cname, correct };
}

/** What is missing, where the policy is to register it. */
function draftMissing(
  { zone, recordSets, inventory, matched }: Pick<Survey, 'zone' | 'recordSets' | 'inventory' | 'matched'>,
  { manage, sync }: RunOptions,
): DraftedRecords | undefined {
  if (sync === undefined) return undefined;
  const zoneName = normalizeName(zone.name);
  const { wishesOf } = sync;
  return draftRecords({ zoneName, manage, recordSets, matched, inventory, options: sync, wishesOf });
}

/** What may be stopped and has neither an entry nor a draft, where anything may be stopped. */
function findUnlisted(
  listed: readonly Matched[],
  zone: Zone,
  inventory: Inventory,
  { stopping }: RunOptions,
): readonly Matched[] | undefined {
  if (stopping === undefined) return undefined;
  return withoutEntries(listed, inventory, normalizeName(zone.name), stopping.mayStop);
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
