import { type Carried, carryOut } from './carry-out.ts';
import { eventsOf } from './events/events-of.ts';
import { originsOf } from './events/origins.ts';
import type { HealthCheck, ServiceRule } from './model/health-check.ts';
import { type HealthThresholds, nextHistory } from './model/health-history.ts';
import type { IncompleteScope } from './model/inventory.ts';
import type { Manage } from './model/manage.ts';
import type { SyncOptions } from './model/registration.ts';
import type { Absences, TaskStop } from './model/task-stop.ts';
import { decide } from './plan/decide.ts';
import type { GuardrailLimits } from './plan/guardrails/guardrail.ts';
import type { Judged } from './plan/judge.ts';
import type { Plan } from './plan/plan.ts';
import type { WishesOf } from './plan/record-wishes.ts';
import { healthRecords } from './plan/remember.ts';
import type { StopPolicy } from './plan/stop/plan-stops.ts';
import type { Ports } from './ports.ts';
import { absencesAfter, announceStops, decideStops, stopTasks } from './stop-tasks.ts';
import { type Survey, takeSurvey } from './survey.ts';
import type { ChangeOutcome } from './zone/apply-changes.ts';

/** How the health of endpoints is found out. Durations in milliseconds. */
export interface HealthOptions extends HealthCheck, HealthThresholds {
  readonly enabled: boolean;
  readonly gracePeriodMs: number;
  readonly trustEcs: boolean;
  readonly services: readonly ServiceRule[];
}

/** How what is missing is registered. */
export interface SyncPolicy extends SyncOptions {
  /** What a service asks of its records. */
  readonly wishesOf: WishesOf;
  /** Which load-balanced ECS services get a CNAME: all, none, or those whose name matches a pattern (`*`). */
  readonly cname: boolean | readonly string[];
}

/** Which tasks may be stopped, and what earlier runs of the process have seen of them. */
export interface StoppingPolicy extends StopPolicy {
  readonly absences: Absences;
}

/** What a run may do and how far it may go. */
export interface RunOptions {
  readonly manage: Manage;
  readonly health: HealthOptions;
  /** What is registered; `undefined` where the policy is to remove only. */
  readonly sync?: SyncPolicy | undefined;
  /** Which tasks may be stopped; `undefined` where none may. */
  readonly stopping?: StoppingPolicy | undefined;
  readonly limits: GuardrailLimits;
  /** A dry run leaves no trace: nothing is applied, and nothing is remembered. */
  readonly dryRun: boolean;
  /** Asked once the plan is made, when it changes or stops something and the run is no dry one; only true lets it. */
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
export interface RunPreview extends Pick<Survey, 'zone' | 'inventory' | 'strangers' | 'checkup' | 'cnames'> {
  readonly plan: Plan;
  /** The tasks that fail and may be stopped, and what is to become, or became, of them. */
  readonly stops: readonly TaskStop[];
}

/** How a run ended. */
export interface RunResult extends RunPreview {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** One outcome a change group, by its key; `undefined` when nothing was to be applied. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
  /** What the second look, right before applying, could not read. */
  readonly unconfirmed: readonly IncompleteScope[];
  /** What the next run of the process is to know of the records of tasks that may be stopped. */
  readonly absences: Absences;
}

/**
 * One run: zone → inventory → match → probe → judge → plan → confirm → apply → announce → stop. The zone is
 * read first, so that a record can only point at a container that was there before the inventory was taken; the other
 * way round, every record registered in between would look stale. Throws a `RunError` before anything
 * is changed; all that fails later is a value in the result.
 */
export async function reconcile(ports: Ports, options: RunOptions): Promise<RunResult> {
  const survey = await takeSurvey(ports, options);
  const draft = decide(survey.matched, survey.facts);
  const stops = decideStops(draft, survey, options);

  const { zone, inventory, strangers, checkup, cnames, startedAt } = survey;
  const preview = {
    zone,
    inventory,
    strangers,
    checkup,
    cnames,
    plan: draft.plan,
    stops: announceStops(stops),
  };
  const changes = draft.plan.groups.length > 0;
  const mayAct = !options.dryRun && (changes || stops.some(({ kind }) => kind === 'due'));
  const isApproved = mayAct && (await options.approve(preview));
  const done = isApproved && changes ? await carryOut(draft, survey, ports, options) : undefined;

  const { judged, drafts, unlisted, plan } = done?.decision ?? draft;
  if (!options.dryRun) await remember([...judged, ...drafts, ...unlisted], survey, ports, options);
  if (done !== undefined) await announce(done, survey, ports, options);
  const stopped = isApproved ? await stopTasks(stops, survey, ports, options) : preview.stops;
  return {
    ...preview,
    plan,
    stops: stopped,
    startedAt,
    finishedAt: ports.clock.now(),
    outcomes: done?.outcomes,
    unconfirmed: done?.incomplete ?? [],
    absences: absencesAfter(plan, done?.outcomes, survey, ports, options),
  };
}

function remember(
  judged: readonly Judged[],
  { checkup }: Survey,
  { memory }: Ports,
  { health, signal }: RunOptions,
): Promise<void> {
  return memory.save(nextHistory(healthRecords(judged, checkup.history), health), signal);
}

/** Tells the event bus of what was changed, once all else is done: whether it hears of it changes nothing. */
function announce(
  { decision, outcomes }: Carried,
  { zone, inventory: { containers } }: Survey,
  { announcer, clock }: Ports,
  options: RunOptions,
): Promise<void> {
  const { groups, removing } = decision.plan;
  const time = clock.now();
  const events = () => {
    const judgements = removing.map(({ judgement }) => judgement);
    return eventsOf({ zone, groups, outcomes, describe: originsOf({ judgements, containers }), time });
  };
  return announcer.announce(events, options);
}
