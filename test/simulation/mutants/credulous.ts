import { taskKey } from '../../../src/model/cluster.ts';
import type { ConfirmationQuery, ConfirmationReads } from '../../../src/model/confirmation.ts';
import type { Inventory, UnknownHostLookup } from '../../../src/model/inventory.ts';
import { NO_UNKNOWN_HOSTS } from '../../../src/model/inventory.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { unasked } from './asking.ts';
import { mutant } from './mutant.ts';

/** Workers that take what the first reading has told for the truth. */
export const credulousMutants = [
  mutant('no-confirmation', { ports: (ports) => looking(ports, async (query) => asExpected(query)) }),
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
    ports: (ports) =>
      looking(ports, async (query, signal) => ({
        ...(await ports.inventory.confirm(query, signal)),
        named: NO_UNKNOWN_HOSTS,
      })),
  }),
  mutant('failed-confirmation-taken-for-consent', {
    ports: (ports) =>
      looking(ports, async (query, signal) =>
        asAnswered(await ports.inventory.confirm(query, signal), query),
      ),
  }),
];

/** A worker that looks a second time in its own way. */
export function looking(ports: Ports, confirm: Ports['inventory']['confirm']): Ports {
  return { ...ports, inventory: { ...ports.inventory, confirm } };
}

/** What a confirmation sees where nothing speaks against the first. */
export function asExpected({ clusters, tasks, addresses }: ConfirmationQuery): ConfirmationReads {
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
    named: NO_UNKNOWN_HOSTS,
    tasks: new Map(
      tasks.flatMap(({ cluster, taskIds }) => taskIds.map((id) => [taskKey(cluster, id), 'ended'] as const)),
    ),
    addresses: new Map(addresses.map((address) => [address, []])),
    unasked: new Map(),
    incomplete: [],
  };
}

function uncountedAtFirst(inventory: Inventory): Inventory {
  return { ...inventory, hosts: inventory.hosts.map((host) => ({ ...host, taskCount: 0 })) };
}

function uncounted(look: ConfirmationReads): ConfirmationReads {
  const machines = [...look.machines].map(([arn, one]) => [arn, { ...one, tasks: 0 }] as const);
  return { ...look, machines: new Map(machines) };
}

function asAnswered(look: ConfirmationReads, query: ConfirmationQuery): ConfirmationReads {
  const named: UnknownHostLookup = { ...look.named, incomplete: [] };
  return {
    ...look,
    named,
    machines: new Map([...asExpected(query).machines, ...look.machines]),
    unasked: new Map(),
  };
}
