import { hostOf, populated, type Shape, settled, times } from './generate-shape-parts.ts';
import {
  type EventKind,
  type Fault,
  type History,
  MINUTE,
  type ServiceSpec,
  type WorldEvent,
} from './history.ts';
import type { Random } from './random.ts';
import type { DiscoverySpec, RegistrySetup, RegistrySpec } from './registry-setup.ts';

/** Services whose tasks Cloud Map names, and what goes wrong with that. */
export const registries: Shape = (history, random) => {
  const order = random.pick([
    ['metadata', 'registries'],
    ['metadata', 'registries'],
    ['registries', 'metadata'],
    ['registries'],
  ] as const);
  const services: DiscoverySpec[] = [];
  const registered = history.setup.services.map((service, index) =>
    index === 0 || random.chance(0.6) ? withRegistry(service, order[0], services, random) : service,
  );
  const more = times(random.between(1, 2), (index) => discovery(`r${index}x`, ['A'], random));
  const others = times(random.between(1, 2), (index) => discovery(`_r${index}y._tcp`, ['SRV'], random));
  const ownsRecords = history.setup.settings.manage === 'convention' && random.chance(0.3);
  const base: RegistrySetup = { order, services: [...services, ...more, ...others], ownsRecords };
  const setup = { ...history.setup, services: registered, registries: withDenial(base, history, random) };
  const world = populated({ ...history, setup }, [hostOf(0, random), hostOf(0, random)], []);
  return withFaults(withHappenings(settled(settled(world, random), random), random), random);
};

function discovery(name: string, types: DiscoverySpec['types'], random: Random): DiscoverySpec {
  return {
    name,
    types,
    ttl: random.pick([0, 15, 60]),
    routing: random.pick(['WEIGHTED', 'MULTIVALUE'] as const),
    isElsewhere: random.chance(0.1),
  };
}

/** What ECS does not know, or what has its names out of sight, is left as it is. */
function withRegistry(
  service: ServiceSpec,
  first: 'metadata' | 'registries',
  all: DiscoverySpec[],
  random: Random,
): ServiceSpec {
  const { of, namesFrom, pooled, cluster, mode, overrides } = service;
  if (of !== undefined || namesFrom !== undefined || pooled || cluster < 0) return service;
  const hasInterface = mode === 'awsvpc' || mode === 'fargate';
  const types: DiscoverySpec['types'] = hasInterface
    ? random.pick([['A'], ['SRV'], ['SRV', 'A']] as const)
    : ['SRV'];
  const shared = all.findIndex((one) => one.types.join() === types.join());
  const isShared = shared >= 0 && random.chance(0.3);
  if (!isShared)
    all.push(discovery(types.includes('SRV') ? `_r${all.length}._tcp` : `r${all.length}`, types, random));
  const number = isShared ? shared : all.length - 1;
  const port = types.includes('SRV') ? { port: random.int(service.containerPorts.length) } : {};
  const spec: RegistrySpec = {
    discovery: number,
    ...port,
    namesContainer: !hasInterface || random.chance(0.5),
  };
  // What both name has one name of two; agents would go on to write the other one.
  const isSilent = first === 'registries' || random.chance(0.7);
  const { ttl: _, ...rest } = overrides ?? {};
  return { ...service, registries: [spec], isSilent, overrides: rest };
}

function withDenial(setup: RegistrySetup, { runs }: History, random: Random): RegistrySetup {
  if (!random.chance(0.2)) return setup;
  const from = random.pick(runs).at - random.between(0, 2 * MINUTE);
  const until = random.chance(0.3) ? Number.POSITIVE_INFINITY : from + random.between(1, 12) * MINUTE;
  return { ...setup, denied: { from, until } };
}

const HAPPENINGS: readonly EventKind[] = [
  'registry-changes',
  'registry-changes',
  'registry-goes',
  'registry-deleted',
  'deploy',
  'deploy',
];

function withHappenings(history: History, random: Random): History {
  const isLeftOut = random.chance(0.2);
  const runs = history.runs.map((run) =>
    isLeftOut && random.chance(0.4) ? { ...run, leavesRegistriesOut: true } : run,
  );
  const events = times(random.between(1, 6), (): WorldEvent => {
    const run = random.pick(runs);
    const at = run.at + (random.chance(0.5) ? random.between(0, 8_000) : random.between(-4, 4) * MINUTE);
    return { at, kind: random.pick(HAPPENINGS), salt: random.int(1_000_000_000) };
  });
  return { ...history, runs, events: [...history.events, ...events].toSorted((a, b) => a.at - b.at) };
}

/** What is wrong and looks right comes from one listing at a time. */
function withFaults(history: History, random: Random): History {
  if (random.chance(0.4)) return history;
  const isLie = random.chance(0.5);
  const kinds = isLie
    ? (['truncate', 'empty'] as const)
    : (['throttle', 'server-error', 'no-answer', 'same-token'] as const);
  const from = random.pick(history.runs).at - 1_000;
  const fault: Fault = {
    kind: random.pick(kinds),
    operation: random.pick([
      'servicediscovery:ListNamespaces',
      'servicediscovery:ListServices',
      'servicediscovery:ListServices',
    ] as const),
    from,
    until: from + random.between(1, 8) * MINUTE,
    rate: random.pick([0.5, 1]),
    salt: random.int(1_000_000_000),
  };
  const others = isLie
    ? history.faults.filter(({ kind }) => kind !== 'truncate' && kind !== 'empty')
    : history.faults;
  return { ...history, faults: [...others, fault] };
}
