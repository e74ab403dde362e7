import { describeError } from '../aws/aws-error.ts';
import { type ChangeOutcome, isInForce } from '../model/change.ts';
import { groupByCluster, serviceKey } from '../model/cluster.ts';
import { normalizeName } from '../model/dns-name.ts';
import { groupBy } from '../model/multimap.ts';
import type { DeregisteredSince, TaskStop } from '../model/task-stop.ts';
import type { ChangePlan } from '../plan/plan.ts';
import {
  type DueStop,
  deregistrations,
  type FailingTask,
  type StopPlan,
  serviceObjection,
  taskReferencesIn,
} from '../plan/stops.ts';
import { planObjection } from './plan-age.ts';
import type { RunContext } from './run.ts';

/** What would become of the tasks, were nothing else to speak against it. */
export function previewStops(plans: readonly StopPlan[]): readonly TaskStop[] {
  return plans.map((plan) => report(plan, endingOf(plan)));
}

type Ending = Pick<TaskStop, 'status' | 'detail'>;

function report({ cluster, service, task, reason }: FailingTask, ending: Ending): TaskStop {
  return { cluster: cluster.name, service, task, reason, ...ending };
}

function endingOf(plan: StopPlan): Ending {
  return plan.kind === 'held'
    ? { status: 'waiting', detail: plan.detail }
    : { status: 'planned', detail: stopReason(plan) };
}

/** Source: AWS CLI Reference, `ecs stop-task`; later editions name no limit any more. */
const MAX_REASON_LENGTH = 255;

/** What ECS is told, and shows with the stopped task. */
export function stopReason({
  reason,
  httpStatus,
  since,
}: Pick<DueStop, 'reason' | 'httpStatus' | 'since'>): string {
  const how = httpStatus === undefined ? reason : `${reason} ${httpStatus}`;
  const text = `ecs-dns: unhealthy (${how}) and out of DNS since ${new Date(since).toISOString()}`;
  return text.slice(0, MAX_REASON_LENGTH);
}

/** Says why a task is not stopped after all; `undefined` where nothing speaks against it. */
type Objection = (one: DueStop) => string | undefined;
type Step = (left: readonly DueStop[], context: RunContext) => Promise<Objection>;

/** In this order: what costs least first, and the last looks as late as can be. */
const STEPS: readonly Step[] = [askAge, waitForTtl, askServices, readZoneAgain, askTasks, askAge];

/**
 * Stops the tasks of an approved plan, each once all of this still holds: its TTL has passed, nothing of
 * its service speaks against it, the zone has no record of it, and it runs. Nothing that goes wrong here
 * is thrown: it is told of the task, and the next run decides anew.
 */
export async function stopTasks(
  plans: readonly StopPlan[],
  context: RunContext,
): Promise<readonly TaskStop[]> {
  const endings = new Map<StopPlan, Ending>();
  let left = plans.filter((plan) => plan.kind === 'due');
  for (const step of STEPS) {
    if (left.length === 0) break;
    const objection = await step(left, context).catch(unknowable);
    const objections = new Map(left.map((one) => [one, objection(one)]));
    for (const [one, detail] of objections) {
      if (detail !== undefined) endings.set(one, { status: 'waiting', detail });
    }
    left = left.filter((one) => objections.get(one) === undefined);
  }
  for (const one of left) endings.set(one, await stop(one, context));
  return plans.map((plan) => report(plan, endings.get(plan) ?? endingOf(plan)));
}

function unknowable(error: unknown): Objection {
  return () => `could not be confirmed: ${describeError(error)}`;
}

/** How a task is was seen when the run began: it may have recovered since, or another run may know better. */
async function askAge(_: readonly DueStop[], context: RunContext): Promise<Objection> {
  const objection = await planObjection(context);
  return () => objection && `plan-too-old: ${objection}`;
}

/** Of a run's time so much is kept for the last looks and the stopping itself. */
const RESERVE_MS = 5_000;

async function waitForTtl(
  left: readonly DueStop[],
  { ports: { clock }, options: { deadline, signal } }: RunContext,
): Promise<Objection> {
  const latest = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - RESERVE_MS;
  const inTime = left.filter(({ dueAt }) => dueAt <= latest);
  const waitMs = Math.max(...inTime.map(({ dueAt }) => dueAt)) - clock.now();
  if (waitMs > 0) await clock.sleep(waitMs, signal);
  const isLate = clock.now() > latest;
  return ({ dueAt }) => (isLate || dueAt > latest ? 'the run has no time left for it' : undefined);
}

async function askServices(
  left: readonly DueStop[],
  { ports: { stopper }, options: { signal } }: RunContext,
): Promise<Objection> {
  const objections = new Map<string, string | undefined>();
  for (const [cluster, stops] of groupByCluster(left)) {
    const byName = groupBy(stops, ({ service }) => service);
    const names = [...byName].map(([name]) => name);
    const states = await stopper.describeServices(cluster.arn, names, signal);
    for (const [service, ofService] of byName) {
      const objection = serviceObjection(states.get(service), ofService.length);
      objections.set(serviceKey(cluster, service), objection);
    }
  }
  return (one) => objections.get(serviceKey(one.cluster, one.service));
}

async function readZoneAgain(
  left: readonly DueStop[],
  { observation: { zone, recordSets, inventory }, ports, options: { signal } }: RunContext,
): Promise<Objection> {
  const names = new Set(left.flatMap((one) => one.names));
  const fullNames = [...names].map((name) => `${name}.`);
  const fresh = await ports.zone.readNames(zone, fullNames, signal);
  const others = recordSets.filter(({ Name }) => !names.has(normalizeName(Name)));
  const references = taskReferencesIn([...others, ...fresh], normalizeName(zone.name), inventory);
  return ({ task }) => {
    const [first] = references.get(task);
    return first && `${first.Name} ${first.Type} leads to it by now`;
  };
}

async function askTasks(
  left: readonly DueStop[],
  { ports: { stopper }, options: { signal } }: RunContext,
): Promise<Objection> {
  const running = new Map<string, string | undefined>();
  for (const [cluster, stops] of groupByCluster(left)) {
    const tasks = stops.map(({ task }) => task);
    for (const [task, service] of await stopper.findRunning(cluster.arn, tasks, signal)) {
      running.set(task, service);
    }
  }
  return ({ task, service }) => {
    if (!running.has(task)) return 'it no longer runs';
    return running.get(task) === service ? undefined : `it is not a task of ${service}`;
  };
}

async function stop(one: DueStop, { ports: { stopper }, options: { signal } }: RunContext): Promise<Ending> {
  const detail = stopReason(one);
  try {
    signal?.throwIfAborted();
    await stopper.stop(one.cluster.arn, one.task, detail, signal);
    return { status: 'stopped', detail };
  } catch (error) {
    return { status: 'failed', detail: describeError(error) };
  }
}

/** What is known of tasks' records after a run that may have changed the zone. */
export function deregisteredAfter(
  plan: ChangePlan,
  outcomes: ReadonlyMap<string, ChangeOutcome> | undefined,
  { observation, ports: { clock }, options: { stopping, dryRun } }: RunContext,
): DeregisteredSince {
  if (stopping === undefined) return new Map();
  if (dryRun) return stopping.deregisteredSince;
  const applied = plan.groups.flatMap((group) => {
    const outcome = outcomes?.get(group.key);
    const changeId = outcome?.status === 'applied' ? outcome.changeId : undefined;
    return isInForce(outcome) ? [{ group, changeId }] : [];
  });
  return deregistrations(stopping, observation, applied, clock.now());
}
