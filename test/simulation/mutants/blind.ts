import type { Inventory } from '../../../src/model/inventory.ts';
import { NO_UNKNOWN_HOSTS } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { unasked } from './asking.ts';
import { namedAsExpected } from './credulous.ts';
import { type Mutant, type MutantContext, mutant } from './mutant.ts';

/** Workers that do not see all there is, or see it in the wrong order. */
export const blindMutants: readonly Mutant[] = [
  mutant('inventory-before-zone', {
    ports: (ports) => {
      let taken: Inventory | undefined;
      return {
        ...ports,
        zone: {
          ...ports.zone,
          read: async (zone, signal) => {
            taken = await ports.inventory.take(() => {}, signal);
            // A large zone takes its time.
            await ports.clock.sleep(60_000, signal);
            return ports.zone.read(zone, signal);
          },
        },
        inventory: {
          ...ports.inventory,
          take: async (progress, signal) => taken ?? ports.inventory.take(progress, signal),
        },
      };
    },
  }),
  mutant('first-cluster-only', {
    ecs: (api) => ({
      ...api,
      listClusters: async (token, signal) => {
        const { items } = await api.listClusters(token, signal);
        return { items: items.slice(0, 1), nextToken: undefined };
      },
    }),
    // Without a look at what else EC2 has, as its predecessor did it.
    ports: withoutUnknownHosts,
  }),
  mutant('first-page-of-tasks', {
    ecs: (api) => ({
      ...api,
      listTasks: async (...asked: Parameters<typeof api.listTasks>) => ({
        items: (await api.listTasks(...asked)).items,
        nextToken: undefined,
      }),
    }),
  }),
  mutant('first-page-of-the-zone', {
    route53: (api) => ({
      ...api,
      listRecordSets: async (...asked) => ({ ...(await api.listRecordSets(...asked)), next: undefined }),
    }),
  }),
  mutant('zone-read-once', {
    ports: (ports, { memory }) => ({
      ...ports,
      zone: {
        ...ports.zone,
        read: async (zone, signal) => {
          const known = memory.get('zone') as readonly RecordSet[] | undefined;
          const sets = known ?? (await ports.zone.read(zone, signal));
          memory.set('zone', sets);
          return sets;
        },
      },
    }),
  }),
  mutant('neighbour-of-a-missing-zone', {
    route53: (api) => ({
      ...api,
      listZonesFrom: async (name, id, signal) => {
        const [first] = (await api.listZonesFrom(name, id, signal)).zones;
        return { zones: first === undefined ? [] : [{ ...first, Name: `${name}.` }], next: undefined };
      },
    }),
  }),
  mutant('unknown-hosts-not-looked-up', { ...unasked, ports: withoutUnknownHosts }),
  mutant('incomplete-scopes-ignored', {
    ports: (ports) => ({
      ...ports,
      inventory: {
        ...ports.inventory,
        take: async (progress, signal) => asComplete(await ports.inventory.take(progress, signal)),
        lookUpUnknownHosts: async (query, signal) => ({
          ...(await ports.inventory.lookUpUnknownHosts(query, signal)),
          incomplete: [],
        }),
      },
    }),
  }),
  mutant('failures-taken-for-gone', {
    ecs: (api) => ({
      ...api,
      describeTasks: async (...asked) => missing(await api.describeTasks(...asked)),
      describeContainerInstances: async (...asked) => missing(await api.describeContainerInstances(...asked)),
    }),
  }),
  mutant('port-alone', {
    ports: (ports) => ({
      ...ports,
      inventory: {
        ...ports.inventory,
        take: async (progress, signal) => everywhere(await ports.inventory.take(progress, signal)),
      },
    }),
  }),
  mutant('container-ids-ignored', {
    ports: (ports) => ({
      ...ports,
      inventory: {
        ...ports.inventory,
        take: async (progress, signal) => nameless(await ports.inventory.take(progress, signal)),
      },
    }),
  }),
];

function withoutUnknownHosts(ports: Ports, context: MutantContext): Ports {
  return {
    ...ports,
    inventory: {
      ...ports.inventory,
      lookUpUnknownHosts: async () => NO_UNKNOWN_HOSTS,
      confirm: async (query, signal) => ({
        ...(await ports.inventory.confirm(query, signal)),
        named: namedAsExpected(query, context),
      }),
    },
  };
}

function asComplete(inventory: Inventory): Inventory {
  const clusters = inventory.clusters.map((cluster) => ({ ...cluster, complete: true }));
  return { ...inventory, clusters, incomplete: [] };
}

function missing<T extends { readonly failures: readonly object[] }>(answer: T): T {
  return { ...answer, failures: answer.failures.map((failure) => ({ ...failure, reason: 'MISSING' })) };
}

/** As if every port were open on every host. */
function everywhere(inventory: Inventory): Inventory {
  const names = inventory.hosts.flatMap(({ privateDnsName }) => privateDnsName ?? []);
  const unnamed = nameless(inventory);
  return {
    ...unnamed,
    endpoints: unnamed.endpoints.map((endpoint) => ({
      ...endpoint,
      hostNames: [...endpoint.hostNames, ...names],
    })),
  };
}

function nameless(inventory: Inventory): Inventory {
  const renamed = new Map(inventory.containers.map((one) => [one, { ...one, id: undefined }]));
  return {
    ...inventory,
    containers: [...renamed.values()],
    endpoints: inventory.endpoints.map((endpoint) => ({
      ...endpoint,
      container: renamed.get(endpoint.container) ?? endpoint.container,
    })),
  };
}
