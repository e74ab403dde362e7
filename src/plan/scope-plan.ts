import { labelOf } from '../model/balanced-service.ts';
import { type ChangeOutcome, createdSets, deletedSets } from '../model/change.ts';
import { normalizeName } from '../model/dns-name.ts';
import { entryKey } from '../model/entry.ts';
import type { Container, Inventory } from '../model/inventory.ts';
import { taskIdOf } from '../model/managed-identifier.ts';
import { nameSwitch } from '../model/name-pattern.ts';
import type { ProbeTarget } from '../model/probe.ts';
import { recordSetKey } from '../model/record-set.ts';
import type { Scope } from '../model/scope.ts';
import type { Zone } from '../model/zone.ts';
import { nameOf } from './change/register.ts';
import { isWritable } from './desired/desired-context.ts';
import { probeTargetOf } from './judge/probe-targets.ts';
import type { Plan } from './plan.ts';
import type { Policy } from './policy.ts';

/** The labels of the CNAMEs that services of some scopes may have. */
export function labelsOfScope(scopes: readonly Scope[], { sync }: Pick<Policy, 'sync'>): ReadonlySet<string> {
  const isWanted = nameSwitch(sync?.cname ?? false);
  const labels = scopes.flatMap((scope) => (scope.kind === 'service' ? [labelOf(scope.service)] : []));
  return new Set(labels.filter(isWanted));
}

/** The names of the zone under which the tasks of a scope, and services of some labels, may have records, sorted. */
export function namesOfScope(
  { containers, endpoints }: Pick<Inventory, 'containers' | 'endpoints'>,
  labels: Iterable<string>,
  zone: Pick<Zone, 'name'>,
): readonly string[] {
  const zoneName = normalizeName(zone.name);
  const said = containers.flatMap(({ serviceNames, addressName, networkInterface, taskArn }) => [
    ...(serviceNames === 'unknown' ? [] : serviceNames),
    addressName,
    // The name of its own address, where its network interface has none.
    networkInterface === undefined ? undefined : taskIdOf(taskArn),
  ]);
  const ofPorts = endpoints.map(({ serviceName }) => serviceName);
  const names = new Set(
    [...said, ...ofPorts, ...labels].flatMap((name) => (name ? `${name}.${zoneName}` : [])),
  );
  return [...names].filter((name) => isWritable(name, zoneName)).toSorted();
}

/** What is worth another look soon. */
export interface Starting {
  readonly tasks: readonly Scope[];
  /** Where those that run are to be asked. */
  readonly targets: readonly ProbeTarget[];
}

/**
 * What is still starting, or could not be registered for another writer, as long as its grace period lasts; and what is
 * told to stop and stays as the last of its name, or for another writer, where it was told just now, or a successor is
 * starting or was registered just now: it is to go then, while it still answers those that have its record. `outcomes`
 * are those of the plan's groups, where it was carried out; what Route 53 protects, it refuses again.
 */
export function startingIn(
  plan: Plan,
  outcomes: ReadonlyMap<string, ChangeOutcome> | undefined,
  { now, gracePeriodMs }: { readonly now: number; readonly gracePeriodMs: number },
): Starting {
  const { inventory, desiredRecords, registrations, groups, matching } = plan;
  const isYoung = ({ startedAt }: Container) => startedAt === undefined || now < startedAt + gracePeriodMs;
  const refused = groups.filter(({ key }) => isWorthAnother(outcomes?.get(key)));
  const unwritten = new Set(refused.flatMap(createdSets).map(recordSetKey));
  const untaken = new Set(refused.flatMap(deletedSets).map(recordSetKey));
  const registered = new Set(
    registrations.filter(({ desired }) => !unwritten.has(recordSetKey(desired.recordSet))),
  );
  const missing = desiredRecords.flatMap((one) => {
    const { match } = one;
    const isOpen = one.desired.role === 'entry' && !registered.has(one);
    return isOpen && match.kind === 'endpoint' && isYoung(match.endpoint.container)
      ? [{ ...one, match }]
      : [];
  });
  const starting = inventory.containers.filter((one) => isStarting(one) && isYoung(one));
  const containers = [
    ...missing.map(({ match }) => match.endpoint.container),
    ...starting,
    ...stoppingStill(plan, untaken, new Set([...missing, ...registered].map(nameOf)), now),
  ];
  const byTask = new Map(containers.map((one) => [one.taskArn, one]));
  return {
    tasks: [...byTask.values()].map(({ cluster, taskArn }) => ({
      kind: 'task',
      cluster: cluster.arn,
      taskArn,
    })),
    targets: missing.flatMap(({ match }) => probeTargetOf(match, matching.rule) ?? []),
  };
}

function isWorthAnother(outcome: ChangeOutcome | undefined): boolean {
  return outcome?.status === 'conflict' && outcome.code !== 'name-protected';
}

/** So long a successor may be looked at by itself: the longest `stopTimeout` of Fargate, and the way to STOPPED. */
const STOPPING_MS = 150_000;

/**
 * The containers that are told to stop, and whose entries stay because nothing else of their names answers yet, or because
 * another writer was in the way; `untaken` has the keys of these sets.
 */
function stoppingStill(
  { judged, heldBack }: Plan,
  untaken: ReadonlySet<string>,
  startingNames: ReadonlySet<string>,
  now: number,
): readonly Container[] {
  const held = heldBack.filter(({ guardrail }) => guardrail === 'min-endpoints');
  const kept = new Set(held.map(({ judgement }) => entryKey(judgement.entry)));
  return judged.flatMap((one) => {
    const { match, judgement } = one;
    if (match.kind !== 'stopping' || match.container.phase !== 'stopping') return [];
    const { stoppingAt = Number.NEGATIVE_INFINITY } = match.container;
    const isSucceeded = now < stoppingAt + STOPPING_MS || startingNames.has(nameOf(one));
    const isThere =
      kept.has(entryKey(judgement.entry)) || untaken.has(recordSetKey(judgement.entry.recordSet));
    return isSucceeded && isThere ? [match.container] : [];
  });
}

/** One of which ECS has not said all, its names apart, is starting too. */
function isStarting({ phase, id, serviceNames, addressName }: Container): boolean {
  const isNamed = serviceNames === 'unknown' || serviceNames.length > 0 || addressName !== undefined;
  return isNamed && (phase === 'starting' || (phase === 'running' && id === undefined));
}
