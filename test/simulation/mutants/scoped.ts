import type { Container, Host, Inventory } from '../../../src/model/inventory.ts';
import { type ProbeOutcome, probeKey } from '../../../src/model/probe.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { removalGroups } from '../../../src/plan/change/plan-removals.ts';
import type { FleetPorts } from '../../../src/run/ports.ts';
import { probeKeyOf } from '../checks/judgements.ts';
import { answering, mishearing } from './asking.ts';
import { trustingUnknownHosts } from './eager.ts';
import { type Mutant, type MutantContext, mutant } from './mutant.ts';

const unasked: (ports: FleetPorts) => FleetPorts = (ports) => ({
  ...ports,
  prober: answering((_, isCandidate) => isCandidate)(ports.prober),
});
const unasking = scoped('place-of-what-stopped-not-asked', unasked);

/** Workers that break a rule of the runs of scopes alone: only histories with events show it. */
export const scopedMutants: readonly Mutant[] = [
  scoped('event-believed', (ports, context) =>
    taking(ports, (inventory) => withContainers(inventory, (one) => asTold(one, context))),
  ),
  scoped('missing-in-a-scope-taken-for-gone', (ports) =>
    taking(ports, (inventory) => {
      const clusters = inventory.clusters.map((cluster) => ({ ...cluster, complete: true }));
      return { ...inventory, clusters, coverage: 'all-clusters' };
    }),
  ),
  {
    // What has stopped is asked before it goes: one that is stopping answers, and would stay.
    ...scoped('stopping-taken-for-stopped', (ports) =>
      taking(unasked(ports), (inventory) =>
        withContainers(inventory, (one) => (one.phase === 'stopping' ? { ...one, phase: 'stopped' } : one)),
      ),
    ),
    besides: unasking,
  },
  scoped('others-of-a-name-counted-unasked', (ports) => ({ ...ports, prober: countingAll(ports.prober) })),
  unasking,
  {
    ...scoped('failing-removed-in-a-scope', (ports, { session }) => ({
      ...ports,
      zone: {
        ...ports.zone,
        apply: (zone, groups, bounds) =>
          ports.zone.apply(
            zone,
            [...groups, ...failing(new Set(groups.map(({ key }) => key)), session)],
            bounds,
          ),
      },
    })),
    goesBeyondPlan: true,
  },
  scoped('unchecked-in-a-scope', (ports, context) => ({
    ...ports,
    prober: trustingUnknownHosts(ports.prober, context),
  })),
  scoped('hosts-known-for-ever', (ports, { memory }) =>
    taking(ports, (inventory) => withHosts(inventory, kept('hosts', memory))),
  ),
  scoped('names-read-once', (ports, { memory }) => {
    const known = kept<readonly RecordSet[]>('names', memory);
    return {
      ...ports,
      zone: {
        ...ports.zone,
        readNames: async (zone, names, signal) =>
          known(names.join(' '), await ports.zone.readNames(zone, names, signal)),
      },
    };
  }),
];

function scoped(name: string, look: Mutant['look']): Mutant {
  return mutant(name, { look, worlds: ['events'] });
}

function taking(ports: FleetPorts, change: (inventory: Inventory) => Inventory): FleetPorts {
  const { inventory } = ports;
  const takeScope: typeof inventory.takeScope = async (...asked) =>
    change(await inventory.takeScope(...asked));
  return { ...ports, inventory: { ...inventory, takeScope } };
}

function withContainers(inventory: Inventory, change: (container: Container) => Container): Inventory {
  const changed = new Map(inventory.containers.map((one) => [one, change(one)]));
  return {
    ...inventory,
    containers: [...changed.values()],
    endpoints: inventory.endpoints.map((one) => ({
      ...one,
      container: changed.get(one.container) ?? one.container,
    })),
  };
}

function withHosts(inventory: Inventory, known: (key: string, host: Host) => Host): Inventory {
  const hosts = new Map(inventory.hosts.map((host) => [host, known(host.containerInstance, host)]));
  return withContainers({ ...inventory, hosts: [...hosts.values()] }, (one) =>
    one.host === undefined ? one : { ...one, host: hosts.get(one.host) ?? one.host },
  );
}

/** What is first known under a key, for as long as the process lives. */
function kept<T>(what: string, memory: Map<string, unknown>): (key: string, value: T) => T {
  return (key, value) => {
    const known = memory.get(`${what} ${key}`) as T | undefined;
    if (known === undefined) memory.set(`${what} ${key}`, value);
    return known ?? value;
  };
}

/** The state of a task as the last event told it. */
function asTold(container: Container, { session }: MutantContext): Container {
  const { lastStatus, desiredStatus } = session.world.bus?.told.get(container.taskArn) ?? {};
  if (lastStatus === 'STOPPED') return { ...container, phase: 'stopped' };
  if (desiredStatus === 'STOPPED') return { ...container, phase: 'stopping' };
  return lastStatus === 'RUNNING' ? { ...container, phase: 'running' } : container;
}

/** Whatever is asked only whether it is there answers. */
const countingAll = mishearing((heard, targets) => {
  const asked = new Set(targets.filter(({ lingerMs }) => lingerMs !== undefined).map(probeKey));
  return new Map(
    [...heard].map(([key, one]): [string, ProbeOutcome] => [
      key,
      asked.has(key) ? { kind: 'healthy', attempts: 1, durationMs: one.durationMs } : one,
    ]),
  );
});

/** What fails its check goes, though a look may not tell of it. */
function failing(known: ReadonlySet<string>, { preview, probed, world }: MutantContext['session']) {
  const judgements = preview?.plan.judgements ?? [];
  const failed = judgements.filter(
    ({ entry, verdict }) =>
      verdict === 'unverified' && probed.get(probeKeyOf(entry.value, world)) === 'unhealthy',
  );
  const removable = failed.map((judgement) => ({ match: { kind: 'unresolved' as const }, judgement }));
  return removalGroups(removable as unknown as Parameters<typeof removalGroups>[0]).filter(
    ({ key }) => !known.has(key),
  );
}
