import { type Checkup, checkHealth } from './check-health.ts';
import type { ProbeOptions } from './health/prober.ts';
import { normalizeName } from './model/dns-name.ts';
import { entriesOf, sortEntries } from './model/entry.ts';
import type { HealthCheck, ServiceRule } from './model/health-check.ts';
import { type HealthThresholds, nextHistory } from './model/health-history.ts';
import { type Inventory, NO_STRANGERS, type StrangerLookup } from './model/inventory.ts';
import type { Manage } from './model/manage.ts';
import type { Zone } from './model/zone.ts';
import type { ChangeGroup } from './plan/changes.ts';
import { graceRule } from './plan/grace.ts';
import type { GuardrailLimits } from './plan/guardrails/guardrail.ts';
import { checkResolver } from './plan/health-checks.ts';
import { type Judged, judgeEntries } from './plan/judge.ts';
import { type Matched, matchEntries } from './plan/match.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { healthRecords } from './plan/remember.ts';
import { strangersOf } from './plan/strangers-of.ts';
import { suspectVantage } from './plan/vantage.ts';
import type { Ports } from './ports.ts';
import type { ChangeOutcome } from './zone/apply-changes.ts';
import type { ApplyBounds } from './zone/zone-port.ts';

/** How the health of endpoints is found out. Durations in milliseconds. */
export interface HealthOptions extends HealthCheck, HealthThresholds {
  readonly enabled: boolean;
  readonly gracePeriodMs: number;
  readonly trustEcs: boolean;
  readonly services: readonly ServiceRule[];
}

/** What a run may do and how far it may go. */
export interface RunOptions {
  readonly manage: Manage;
  readonly health: HealthOptions;
  readonly limits: GuardrailLimits;
  /** A dry run leaves no trace: nothing is applied, and nothing is remembered. */
  readonly dryRun: boolean;
  /** Asked once the plan is made, when it has changes and the run is no dry one; only true lets them be applied. */
  readonly approve: (preview: RunPreview) => Promise<boolean>;
  readonly progress?: (step: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds by which the run has to be over: what is not done by then is left alone. */
  readonly deadline?: number | undefined;
}

/** How far a step of the run has come: clusters read, or endpoints probed, of how many. */
export interface Progress {
  readonly step: 'inventory' | 'probe';
  readonly done: number;
  readonly total: number;
}

/** What is known before anything is changed. */
export interface RunPreview {
  readonly zone: Zone;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly strangers: StrangerLookup;
  readonly checkup: Checkup;
}

/** How a run ended. */
export interface RunResult extends RunPreview {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** One outcome a change group, by its key; `undefined` when nothing was to be applied. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
}

/**
 * One run: zone → inventory → match → probe → judge → plan → journal → apply. The zone is read first, so that a
 * record can only point at a container that was there before the inventory was taken; the other way
 * round, every record registered in between would look stale. Throws a `RunError` before anything is
 * changed; all that fails later is a value in the result.
 */
export async function reconcile(ports: Ports, options: RunOptions): Promise<RunResult> {
  const { signal } = options;
  const startedAt = ports.clock.now();
  const zone = await ports.zone.find(signal);
  const recordSets = await ports.zone.read(zone, signal);
  const inventory = await ports.inventory.take(reportTo(options, 'inventory'), signal);

  const zoneName = normalizeName(zone.name);
  const entries = sortEntries(entriesOf(recordSets));
  const matched = matchEntries({ zoneName, manage: options.manage, recordSets, entries, inventory });
  const rule = { ...options.health, checkOf: checkResolver(options.health, options.health.services) };
  const [strangers, checkup] = await Promise.all([
    lookUpStrangers(matched, inventory, ports, signal),
    checkHealth(matched, rule, ports, probeOptions(options, startedAt), signal),
  ]);

  const { limits, health } = options;
  const graceOf = graceRule(health.gracePeriodMs, checkup.grace);
  const facts = { ...rule, ...checkup, graceOf, strangers, thresholds: health, now: ports.clock.now() };
  const judged = judgeEntries(matched, facts);
  const vantage = suspectVantage(checkup.outcomes, limits.panicPercent);
  const plan = makePlan({ judged, inventory, strangers, limits, suspectVantage: vantage });

  const preview = { zone, plan, inventory, strangers, checkup };
  const mayApply = !options.dryRun && plan.groups.length > 0;
  const approved = mayApply && (await options.approve(preview));
  const outcomes = approved ? await applyJournaled(zone, plan.groups, ports, options) : undefined;
  if (!options.dryRun) await remember(judged, checkup, ports, options);
  return { ...preview, startedAt, finishedAt: ports.clock.now(), outcomes };
}

/** Nothing is sent before the journal has it: after a crash between any two calls it still tells all that went. */
async function applyJournaled(
  zone: Zone,
  groups: readonly ChangeGroup[],
  ports: Ports,
  bounds: ApplyBounds,
): Promise<ReadonlyMap<string, ChangeOutcome>> {
  await ports.journal.write(zone, groups);
  const outcomes = await ports.zone.apply(zone, groups, bounds);
  await ports.journal.settle(outcomes);
  return outcomes;
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

function remember(
  judged: readonly Judged[],
  { history }: Checkup,
  { memory }: Ports,
  { health, signal }: RunOptions,
): Promise<void> {
  return memory.save(nextHistory(healthRecords(judged, history), health), signal);
}
