import { serviceKey } from '../../model/cluster.ts';
import { durationText } from '../../model/duration.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import { groupBy } from '../../model/multimap.ts';
import type { UnhealthyReason } from '../../model/probe.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { MayStop } from '../desired/unregistered-ports.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { networkDoubt } from '../judge/network-doubt.ts';
import type { NetworkSelfTest } from '../judge/network-self-test.ts';
import { containerOf, type Reachable } from '../match/match-kinds.ts';
import { countedFrom, type ZoneTimes } from './deregistered-since.ts';
import { serviceHealth, type TaskOfService } from './service-health.ts';
import type { TaskReferences } from './task-references.ts';
import { type TtlInput, ttlRule } from './task-ttl.ts';

/** What it is decided by. Times in epoch milliseconds. */
export interface StopInput extends TtlInput, ZoneTimes {
  /** Normalised. */
  readonly zoneName: string;
  /** Of the same zone, with what the run is about to add to it. */
  readonly references: TaskReferences;
  /** Everything that was judged: entries, and what has none. */
  readonly judged: readonly Judged[];
  readonly networkSelfTests: readonly NetworkSelfTest[];
  readonly panicPercent: number;
  /** `limit` tasks of one ECS service may be stopped by a run. */
  readonly policy: TtlInput['policy'] & { readonly mayStop: MayStop; readonly limit: number };
  readonly now: number;
}

/** A task that fails. */
export interface FailingTask extends TaskOfService {
  readonly reason: UnhealthyReason;
  /** The HTTP status that it answers with, where that is how it fails. */
  readonly httpStatus: number | undefined;
  /** The names under which the zone may have it, absolute and normalised. */
  readonly names: readonly string[];
}

/** A task that is stopped once it has been out of DNS for its TTL. */
export interface DueStop extends FailingTask {
  readonly kind: 'due';
  /** Since when no answer leads to it any more, and when the last one is forgotten. */
  readonly since: number;
  readonly dueAt: number;
}

/** A task that is not stopped, and why. */
export interface HeldStop extends FailingTask {
  readonly kind: 'held';
  readonly detail: string;
}

export type StopPlan = DueStop | HeldStop;

/** So long a run waits at the most for a TTL to pass; what takes longer is left to a later run. */
export const MAX_WAIT_MS = 30_000;
const MS_PER_SECOND = 1000;

/**
 * Decides which tasks are stopped: those of which a named port gets the verdict unhealthy, once they are out
 * of DNS. In the order of clusters, services and tasks.
 *
 * | the task …                                                            | is …          |
 * |-----------------------------------------------------------------------|---------------|
 * | was started by no ECS service, or by one whose tasks stay             | not looked at |
 * | is starting or being stopped                                          | not looked at |
 * | has no named port with the verdict unhealthy                          | not looked at |
 * | is reached at an unknown address                                      | held          |
 * | runs in a cluster that was not read completely                        | held          |
 * | fails where the worker suspects its own network                       | held          |
 * | fails along with more than `panicPercent` of its service's ports      | held          |
 * | fails along with as large a share of the run's checked ports          | held          |
 * | has a record in the zone, managed or not, or gets one by this run     | held          |
 * | was taken out by a change of which Route 53 has not said INSYNC      | held          |
 * | is out of DNS, with more than 30 s to go until its TTL has passed     | held          |
 * | has no other task of its service that is healthy                      | held          |
 * | comes after as many of its service as a run may stop                  | held          |
 * | else: the longer it has been out of DNS, the sooner                   | stopped       |
 *
 * `force` lifts none of this.
 */
export function planStops(input: StopInput): readonly StopPlan[] {
  const objection = objectionRule(input);
  const ttlOf = ttlRule(input);
  const plans = failingTasks(input).map((task): StopPlan => {
    const since = countedFrom(input.deregisteredSince.get(task.task), input);
    const due: DueStop = { ...task, kind: 'due', since, dueAt: since + ttlOf(task) * MS_PER_SECOND };
    const detail = objection(due);
    return detail === undefined ? due : held(due, detail);
  });
  return withinLimit(plans, input.policy.limit).toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function failingTasks({ inventory, judged, policy, zoneName }: StopInput): readonly FailingTask[] {
  const containers = groupBy(inventory.containers, ({ taskArn }) => taskArn);
  const failures = new Map<string, Failure>();
  for (const failure of judged.flatMap(failureOf)) {
    const { taskArn } = failure.endpoint.container;
    if (!failures.has(taskArn)) failures.set(taskArn, failure);
  }
  return [...failures].flatMap(([task, { reason, httpStatus, endpoint }]) => {
    const service = endpoint.container.ecsService;
    if (service === undefined || !policy.mayStop(service) || !isRunning(containers.get(task))) return [];
    const { cluster } = endpoint.container;
    const ports = inventory.endpoints.filter(({ container }) => container.taskArn === task);
    const names = namesOf(task, containers.get(task), ports, zoneName);
    return [{ cluster, service, task, reason, httpStatus, names }];
  });
}

type Failure = Pick<FailingTask, 'reason' | 'httpStatus'> & Pick<Reachable, 'endpoint'>;

function failureOf({ match, judgement }: Judged): readonly Failure[] {
  if (match.kind !== 'endpoint' || match.endpoint.serviceName === undefined) return [];
  if (judgement.verdict !== 'unhealthy') return [];
  const {
    reason,
    evidence: { status },
  } = judgement;
  return [{ endpoint: match.endpoint, reason, httpStatus: typeof status === 'number' ? status : undefined }];
}

/** A container that is not essential may have ended for good. */
function isRunning(containers: readonly Container[]): boolean {
  const phases = containers.map(({ phase }) => phase);
  return phases.includes('running') && !phases.includes('starting') && !phases.includes('stopping');
}

function namesOf(
  task: string,
  containers: readonly Container[],
  endpoints: readonly Endpoint[],
  zoneName: string,
): readonly string[] {
  const labels = [
    ...endpoints.flatMap(({ serviceName }) => serviceName ?? []),
    ...containers.flatMap(({ addressName }) => addressName ?? []),
    taskIdOf(task),
  ];
  return [...new Set(labels)].toSorted().map((label) => `${label}.${zoneName}`);
}

function objectionRule(input: StopInput): (one: DueStop) => string | undefined {
  const { clusters, endpoints } = input.inventory;
  const health = serviceHealth(input.judged);
  const doubts = doubtsByTask(input);
  const complete = new Set(clusters.filter((one) => one.complete).map(({ arn }) => arn));
  const reachable = new Set(
    endpoints.flatMap(({ address, hostNames: [name], container }) =>
      address === undefined && name === undefined ? [] : [container.taskArn],
    ),
  );
  return (one) => {
    const { task, cluster } = one;
    if (!reachable.has(task))
      return 'it is unknown where it is reached, so that no record can be told from its';
    if (!complete.has(cluster.arn)) return `cluster ${cluster.name} was not read completely`;
    return (
      doubts.get(task) ??
      health.panic(one, input.panicPercent) ??
      referenceObjection(input.references.get(task)) ??
      pendingObjection(input.deregisteredSince.get(task)?.pending) ??
      waitObjection(one, input.now) ??
      (health.hasHealthy(one) ? undefined : `no other task of ${one.service} is healthy`)
    );
  };
}

/** Why the worker suspects the way to a task rather than the task: where it does so of any of its ports. */
function doubtsByTask({ judged, networkSelfTests }: StopInput): ReadonlyMap<string, string> {
  const doubtOf = networkDoubt(networkSelfTests);
  return new Map(
    judged.flatMap((one) => {
      const task = containerOf(one.match)?.taskArn;
      const doubt = task === undefined ? undefined : doubtOf(one);
      return task === undefined || doubt === undefined ? [] : [[task, doubt] as const];
    }),
  );
}

function referenceObjection(sets: readonly RecordSet[]): string | undefined {
  const [first] = sets;
  if (first === undefined) return undefined;
  const count = sets.length === 1 ? '1 record leads' : `${sets.length} records lead`;
  return `${count} to it, such as ${first.Name} ${first.Type}: a later run stops it once the zone has none`;
}

function pendingObjection([first]: readonly string[] = []): string | undefined {
  if (first === undefined) return undefined;
  return `it may still be answered: Route 53 has not said INSYNC of the change that took it out of DNS (${first})`;
}

function waitObjection({ since, dueAt }: DueStop, now: number): string | undefined {
  if (dueAt - now <= MAX_WAIT_MS) return undefined;
  if (since > now)
    return `it may still be answered: what took it out of DNS is not known, and the TTL counts in ${durationText(since - now)}`;
  const [seen, ttl] = [durationText(now - since), durationText(dueAt - since)];
  return `seen out of DNS for ${seen}, of a TTL of ${ttl}: a later run stops it`;
}

/** Of each service those go that have been out of DNS the longest. */
function withinLimit(plans: readonly StopPlan[], limit: number): readonly StopPlan[] {
  const due = plans
    .filter((one) => one.kind === 'due')
    .toSorted((a, b) => a.since - b.since || (a.task < b.task ? -1 : 1));
  const byService = groupBy(due, ({ cluster, service }) => serviceKey(cluster, service));
  const chosen = new Set<StopPlan>([...byService].flatMap(([, ofService]) => ofService.slice(0, limit)));
  return plans.map((one) =>
    one.kind === 'held' || chosen.has(one) ? one : held(one, `stopLimit: a run stops ${limit} of a service`),
  );
}

function held({ cluster, service, task, reason, httpStatus, names }: DueStop, detail: string): HeldStop {
  return { kind: 'held', cluster, service, task, reason, httpStatus, names, detail };
}

function orderOf({ cluster, service, task }: FailingTask): string {
  return `${cluster.name}/${service} ${task}`;
}
