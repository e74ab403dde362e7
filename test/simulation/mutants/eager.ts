import type { ChangeGroup } from '../../../src/model/change.ts';
import type { Host, Inventory, RecordOverrides } from '../../../src/model/inventory.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../../../src/model/probe.ts';
import { valuesOf } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { probeKeyOf } from '../checks/judgements.ts';
import { syncPolicy } from '../sync-policy.ts';
import { mishearing } from './asking.ts';
import { type Mutant, type MutantContext, mutant } from './mutant.ts';
import { changing, creation } from './writing.ts';

const HEARD: ProbeOutcome = { kind: 'healthy', attempts: 1, durationMs: 1 };
const REFUSED: ProbeOutcome = { kind: 'unhealthy', reason: 'connection-refused', attempts: 1, durationMs: 1 };

/** Workers that register what they should not. */
export const eagerMutants: readonly Mutant[] = [
  mutant('slow-taken-for-healthy', { prober: notWaiting((target) => target.lingerMs === undefined, HEARD) }),
  mutant('slow-taken-for-silent', { prober: notWaiting((target) => target.lingerMs !== undefined, REFUSED) }),
  mutant('unhealthy-registered', { prober: trustingUnknownHosts }),
  mutant('unchecked-registered', { options: wishing({ initialStatus: 'passing' }) }),
  mutant('stopped-registered', {
    ecs: (api) => ({
      ...api,
      listTasks: async (cluster, token, signal, filter) => {
        const page = await api.listTasks(cluster, token, signal, filter);
        if (token !== undefined || filter !== undefined) return page;
        const stopped = await api.listTasks(cluster, undefined, signal, { desiredStatus: 'STOPPED' });
        return { ...page, items: [...new Set([...page.items, ...stopped.items])] };
      },
      describeTasks: async (...asked) => {
        const { items, failures } = await api.describeTasks(...asked);
        const running = { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' };
        const revived = items.map(({ containers = [], ...task }) => ({
          ...task,
          ...running,
          containers: containers.map((container) => ({ ...container, lastStatus: 'RUNNING' })),
        }));
        return { items: revived, failures };
      },
    }),
    prober: trustingUnknownHosts,
  }),
  mutant('draining-ignored', {
    ports: (ports) => ({
      ...ports,
      inventory: {
        ...ports.inventory,
        take: async (progress, signal) => undrained(await ports.inventory.take(progress, signal)),
      },
    }),
  }),
  mutant('entries-of-agents-ignored', {
    goesBeyondPlan: true,
    ports: changing((groups, { session }) => [...groups, ...secondSets(session)]),
  }),
  mutant('policy-ignored', {
    options: (options) => ({ ...options, sync: options.sync ?? syncPolicy(0) }),
  }),
];

/** What no entry leads to passes its check, however it fails. */
export function trustingUnknownHosts(prober: Parameters<Mutant['prober']>[0], { session }: MutantContext) {
  return mishearing((heard, targets) => {
    const keyOf = (value: string) => probeKeyOf(value, session.world);
    const known = new Set([...session.shown.values()].flat().flatMap(valuesOf).map(keyOf));
    const trusted = targets.map(probeKey).filter((key) => !known.has(key));
    const passed = trusted.flatMap((key): readonly (readonly [string, ProbeOutcome])[] => {
      const outcome = heard.get(key);
      return outcome === undefined
        ? []
        : [[key, { attempts: 1, durationMs: outcome.durationMs, kind: 'healthy' }]];
    });
    return new Map([...heard, ...passed]);
  })(prober);
}

/** What is decided while slow endpoints are still asked takes theirs for what it likes. */
function notWaiting(isMeant: (target: ProbeTarget) => boolean, outcome: ProbeOutcome): Mutant['prober'] {
  return (prober) => ({
    probe: (targets, { onSlow, ...options }, signal) => {
      const guessed = targets.filter(isMeant).map((target) => [probeKey(target), outcome] as const);
      const told = onSlow && {
        onSlow: (heard: ReadonlyMap<string, ProbeOutcome>) => onSlow(new Map([...guessed, ...heard])),
      };
      return prober.probe(targets, { ...options, ...told }, signal);
    },
  });
}

function wishing(overrides: RecordOverrides): Mutant['options'] {
  return ({ sync, ...options }) => ({
    ...options,
    sync: sync && { ...sync, services: [{ pattern: '*', overrides }] },
  });
}

function undrained(inventory: Inventory): Inventory {
  const hosts = new Map<Host | undefined, Host>(
    inventory.hosts.map((host) => [host, { ...host, isDraining: false }]),
  );
  const containers = new Map(
    inventory.containers.map((one) => [one, { ...one, host: hosts.get(one.host) ?? one.host }]),
  );
  return {
    ...inventory,
    hosts: [...hosts.values()],
    containers: [...containers.values()],
    endpoints: inventory.endpoints.map((endpoint) => ({
      ...endpoint,
      container: containers.get(endpoint.container) ?? endpoint.container,
    })),
  };
}

/** Sets of the worker's own for what agents have entered already. */
function secondSets({ syncs, preview }: MutantContext['session']): readonly ChangeGroup[] {
  if (!syncs) return [];
  return (preview?.plan.judgements ?? []).flatMap(({ entry: { recordSet }, verdict }) => {
    const owner = parseSetIdentifier(recordSet.SetIdentifier);
    const isSecond = recordSet.SetIdentifier?.includes('/') === true;
    if (verdict !== 'live' || recordSet.Type !== 'SRV' || owner === undefined || isSecond) return [];
    return [creation({ ...recordSet, SetIdentifier: `${recordSet.SetIdentifier}/1` })];
  });
}
