import type { ConfirmationReads, Machine } from '../../src/model/confirmation.ts';
import type { Host, IncompleteScope, SightedInstance } from '../../src/model/inventory.ts';
import { NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import type { Removable } from '../../src/plan/judge/judge-entries.ts';
import type { Match } from '../../src/plan/match/match-kinds.ts';
import { BLUE } from '../clusters.ts';
import { agentSet, container, endpoint, GONE, hostName, judged } from './support.ts';

/** What a confirmation sees that asks for nothing, or gets no answer that it does not name. */
export const NOTHING_SEEN: ConfirmationReads = {
  containers: [],
  endpoints: [],
  machines: new Map(),
  instances: new Set(),
  named: NO_UNKNOWN_HOSTS,
  tasks: new Map(),
  addresses: new Map(),
  unasked: new Map(),
  incomplete: [],
};

/** A connected container instance whose tasks were listed again. */
export function machine(over: Partial<Machine> = {}): Machine {
  return { agentConnected: true, tasks: 0, listed: over.tasks ?? 0, ...over };
}

/** A look that saw the machines of the given hosts, by their numbers, and each under its name. */
export function sawMachines(
  seen: Readonly<Record<number, Partial<Machine>>>,
  over: Partial<ConfirmationReads> = {},
): ConfirmationReads {
  const machines = Object.entries(seen).map(([n, one]) => [`arn:instance/${n}`, machine(one)] as const);
  const names = Object.keys(seen).map(
    (n) => [hostName(Number(n)), [{ instanceId: `i-${n}`, vpcId: undefined }]] as const,
  );
  const { named } = sawNames([], Object.fromEntries(names));
  return { ...NOTHING_SEEN, machines: new Map(machines), named, ...over };
}

/** A look at names: which exist, and the instances that bear them. */
export function sawNames(
  existing: readonly string[],
  instances: Readonly<Record<string, readonly SightedInstance[]>> = {},
  incomplete: readonly IncompleteScope[] = [],
): ConfirmationReads {
  return {
    ...NOTHING_SEEN,
    named: { existing: new Set(existing), instances: new Map(Object.entries(instances)), incomplete },
  };
}

export function unreadScope(operation: string): IncompleteScope {
  return { scope: 'x', operation, error: 'ThrottlingException', hides: 'endpoints' };
}

/** A stale entry of a match; the set of container 1 on host 1 unless another is given. */
export function stale(match: Match, set = agentSet()): Removable {
  const one = judged(GONE, set, match);
  if (one.judgement.verdict !== 'stale') throw new TypeError('not stale');
  return { ...one, judgement: one.judgement };
}

type State = 'present' | 'gone' | 'unreachable' | 'unknown';

/** The match of an entry whose host is `n` of cluster blue. */
export function on(
  n: number,
  state: State = 'present',
  kind: 'no-task-on-host' | 'host-gone' = 'no-task-on-host',
): Match {
  return { kind, location: { cluster: BLUE, state, instanceId: `i-${n}` }, clusters: [BLUE] };
}

export function hostUnknown(name: string): Match {
  return { kind: 'host-unknown', hostName: name, containerId: undefined, address: undefined };
}

/** The match of an entry whose host and port container 7 of another service holds, on a host or on none. */
export function replacedOn(where: Host | undefined): Match {
  const by = endpoint(container(7, { host: where }));
  return { kind: 'replaced', by: 'other-service', clusters: [BLUE], endpoint: by, address: by.address };
}

export const STOPPING: Match = { kind: 'stopping', container: container(1, { phase: 'stopping' }) };
