import { taskKey } from '../../../src/model/cluster.ts';
import type { ConfirmationQuery, ConfirmationReads } from '../../../src/model/confirmation.ts';
import type { Inventory, UnknownHostLookup } from '../../../src/model/inventory.ts';
import { NO_UNKNOWN_HOSTS } from '../../../src/model/inventory.ts';
import type { TargetState } from '../../../src/model/target-health.ts';
import { isGone } from '../../../src/plan/match/endpoint-index.ts';
import { hostIndex } from '../../../src/plan/match/host-index.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { unasked } from './asking.ts';
import { type MutantContext, mutant } from './mutant.ts';

/** Workers that take what the first reading has told for the truth. */
export const credulousMutants = [
  mutant('no-confirmation', {
    ports: (ports, context) => looking(ports, async (query) => asExpected(query, context)),
  }),
  mutant('task-counts-ignored', {
    ...unasked,
    ports: (ports) => {
      const { inventory } = ports;
      const looked = looking(ports, async (query, signal) =>
        uncounted(await inventory.confirm(query, signal)),
      );
      const taken = async (...asked: Parameters<typeof inventory.take>) =>
        uncountedAtFirst(await inventory.take(...asked));
      return { ...looked, inventory: { ...looked.inventory, take: taken } };
    },
  }),
  mutant('unknown-hosts-not-confirmed', {
    ...unasked,
    ports: (ports, context) =>
      looking(ports, async (query, signal) => ({
        ...(await ports.inventory.confirm(query, signal)),
        named: namedAsExpected(query, context),
      })),
  }),
  mutant('failed-confirmation-taken-for-consent', {
    ports: (ports, context) =>
      looking(ports, async (query, signal) =>
        asAnswered(await ports.inventory.confirm(query, signal), asExpected(query, context)),
      ),
  }),
  mutant('target-groups-always-believed', {
    worlds: ['target-groups'],
    options: (options) => ({ ...options, health: { ...options.health, trustTargetGroups: true } }),
  }),
  mutant('every-target-state-believed', {
    worlds: ['target-groups'],
    ports: (ports) => {
      const { inventory } = ports;
      const readTargetHealth = async (...asked: Parameters<typeof inventory.readTargetHealth>) => {
        const lookup = await inventory.readTargetHealth(...asked);
        const states = [...lookup.states].map(([key, own]) => [key, own.map(unlessHealthy)] as const);
        return { ...lookup, states: new Map(states) };
      };
      return { ...ports, inventory: { ...inventory, readTargetHealth } };
    },
  }),
];

function unlessHealthy(target: TargetState): TargetState {
  return target.state === 'healthy' ? target : { ...target, state: 'unhealthy', reason: 'Target.Timeout' };
}

/** A worker that looks a second time in its own way. */
export function looking(ports: Ports, confirm: Ports['inventory']['confirm']): Ports {
  return { ...ports, inventory: { ...ports.inventory, confirm } };
}

/** What a confirmation sees where nothing speaks against the first. */
export function asExpected(query: ConfirmationQuery, context: MutantContext): ConfirmationReads {
  const { clusters, tasks, addresses } = query;
  const hosts = clusters.flatMap((look) => look.hosts);
  return {
    containers: [],
    endpoints: [],
    machines: new Map(
      hosts.map(({ containerInstance }) => [
        containerInstance,
        { agentConnected: false, tasks: 0, listed: 0 },
      ]),
    ),
    instances: new Set(),
    named: namedAsExpected(query, context),
    tasks: new Map(
      tasks.flatMap(({ cluster, taskIds }) => taskIds.map((id) => [taskKey(cluster, id), 'ended'] as const)),
    ),
    addresses: new Map(addresses.map((address) => [address, []])),
    unasked: new Map(),
    incomplete: [],
  };
}

/** As if nothing bore a name but the hosts that were known by it before. */
export function namedAsExpected(
  { hostNames }: ConfirmationQuery,
  { session: { preview } }: MutantContext,
): UnknownHostLookup {
  const hostsAt = preview === undefined ? () => [] : hostIndex(preview.inventory);
  const known = hostNames.map((name) => [name, hostsAt(name).filter((host) => !isGone(host))] as const);
  return { ...NO_UNKNOWN_HOSTS, instances: new Map(known) };
}

function uncountedAtFirst(inventory: Inventory): Inventory {
  return { ...inventory, hosts: inventory.hosts.map((host) => ({ ...host, taskCount: 0 })) };
}

function uncounted(look: ConfirmationReads): ConfirmationReads {
  const machines = [...look.machines].map(([arn, one]) => [arn, { ...one, tasks: 0 }] as const);
  return { ...look, machines: new Map(machines) };
}

function asAnswered(look: ConfirmationReads, expected: ConfirmationReads): ConfirmationReads {
  return {
    ...look,
    named: { ...look.named, incomplete: [] },
    machines: new Map([...expected.machines, ...look.machines]),
    unasked: new Map(),
  };
}
