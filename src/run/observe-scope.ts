import { labelOf } from '../model/balanced-service.ts';
import { clusterOf } from '../model/cluster.ts';
import { normalizeName } from '../model/dns-name.ts';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../model/inventory.ts';
import type { ProbeOutcome } from '../model/probe.ts';
import { NO_PROTECTIONS } from '../model/protection.ts';
import { EMPTY_STATE } from '../model/run-state.ts';
import type { Scope } from '../model/scope.ts';
import { type Observation, questionsOf, type Reading, type Unprobed } from '../plan/observation.ts';
import type { Policy } from '../plan/policy.ts';
import { namesOfScope } from '../plan/scope-plan.ts';
import { askEndpoints } from './ask-endpoints.ts';
import type { FleetPorts } from './ports.ts';

/** What is known of a scope's endpoints, or that they are to be asked; and until when (epoch milliseconds) that may take. */
export interface ScopeQuestions {
  readonly outcomes: ReadonlyMap<string, ProbeOutcome> | 'ask';
  readonly deadline: number;
}

/**
 * Reads what a scope is about: its tasks, and all sets of the names that they may have. The tasks are read first, because
 * they say the names; no removal rests on what a scope lacks, so no record can look stale for having come in between.
 */
export async function readScope(
  scopes: readonly Scope[],
  ports: FleetPorts,
  policy: Policy,
  signal: AbortSignal | undefined,
): Promise<Reading & { readonly startedAt: number }> {
  const startedAt = ports.clock.now();
  const [zone, inventory] = await Promise.all([
    ports.zone.find(signal),
    ports.inventory.takeScope(scopes, signal),
  ]);
  const zoneName = normalizeName(zone.name);
  const labels = cnameLabels(scopes, policy);
  const names = [...namesOfScope(inventory, zone), ...[...labels].map((label) => `${label}.${zoneName}`)];
  const [recordSets, services] = await Promise.all([
    names.length === 0 ? [] : ports.zone.readNames(zone, names, signal),
    labels.size === 0
      ? undefined
      : ports.inventory.readBalancedServices(
          { clusters: clustersOf(scopes, inventory.region), isOfInterest: (label) => labels.has(label) },
          signal,
        ),
  ]);
  return { zone, recordSets, inventory, services, startedAt };
}

/** Asks how the endpoints of a scope are, once each, unless that is known; and what else may answer where something ends. */
export async function askScope(
  reading: Awaited<ReturnType<typeof readScope>>,
  { outcomes: known, deadline }: ScopeQuestions,
  ports: FleetPorts,
  policy: Policy,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const { clock, prober } = ports;
  const { matchings, probeTargets } = questionsOf(reading, [policy]);
  const now = clock.now();
  const unprobed: Unprobed = {
    ...reading,
    readAt: now,
    now,
    unknownHosts: NO_UNKNOWN_HOSTS,
    state: EMPTY_STATE,
    protections: NO_PROTECTIONS,
    matchings,
  };
  const targets = known === 'ask' ? probeTargets : [];
  const once = targets.map((target) => ({ ...target, check: { ...target.check, attempts: 1 } }));
  const { outcomes, answers } = await askEndpoints(unprobed, once, prober, { deadline }, signal);
  const all = known === 'ask' ? outcomes : known;
  return { ...unprobed, now: clock.now(), probeResults: { outcomes: all, answers, grace: NO_GRACE } };
}

/** The labels of the services in a scope whose CNAMEs are looked at too. */
function cnameLabels(scopes: readonly Scope[], { sync }: Policy): ReadonlySet<string> {
  if (sync === undefined || sync.cname === false) return new Set();
  return new Set(scopes.flatMap((scope) => (scope.kind === 'service' ? [labelOf(scope.service)] : [])));
}

function clustersOf(scopes: readonly Scope[], region: string) {
  const named = scopes.flatMap((scope) => (scope.kind === 'service' ? [scope.cluster] : []));
  const arns = named.filter((one) => one.startsWith('arn:'));
  const clusters = named.map((one) => clusterOf(one, region, arns));
  return [...new Map(clusters.map((cluster) => [cluster.arn, cluster])).values()];
}
