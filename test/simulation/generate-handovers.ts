import { type Shape, times } from './generate-shape-parts.ts';
import {
  type Fault,
  type HostSpec,
  MINUTE,
  type RunSpec,
  type ServiceSpec,
  type WorldEvent,
} from './history.ts';
import type { Random } from './random.ts';

/**
 * Services whose tasks are all replaced between two runs, where only the worker registers: what is created of a name and
 * what is taken of it belong together. Route 53 refuses a half of what is created, so that the rest of its batch goes by
 * itself, or without it.
 */
export const handovers: Shape = ({ setup, events, faults, runs, ...history }, random) => {
  const services = setup.services.map((service, index) => handedOver(alike(service, setup.services), index));
  const hosts = setup.hosts.map((host): HostSpec => ({ ...host, agentless: true }));
  // One of them at least has to be of the first cluster, where the services are.
  const first: HostSpec = { cluster: 0, target: 'name', writesAddress: false, agentless: true };
  const later = runs.slice(1);
  const settings = { ...setup.settings, removalBudgetPercent: 100, minEndpoints: 1, gracePeriodMs: 0 };
  return {
    ...history,
    runs: runs.map((run): RunSpec => ({ ...run, prunes: false })),
    setup: {
      ...setup,
      settings,
      services,
      hosts: [first, first, ...hosts],
      sync: { ttl: setup.sync?.ttl ?? 0, fargateAgent: false, raceRate: 0 },
    },
    events: [...events, ...starts(random), ...later.flatMap((run) => deployments(run, random))].toSorted(
      (a, b) => a.at - b.at,
    ),
    faults: [...faults, ...later.map((run) => refusal(run, random))],
  };
};

/** All in one cluster, services of one name ask for the same: the records of a name have one TTL. */
function alike(service: ServiceSpec, services: readonly ServiceSpec[]): ServiceSpec {
  const { overrides: _, ...own } = service;
  const overrides = services.find(({ name }) => name === service.name)?.overrides;
  return overrides === undefined ? own : { ...own, overrides };
}

function handedOver({ containerPorts, ...service }: ServiceSpec, index: number): ServiceSpec {
  const port = containerPorts.slice(0, 1);
  const own = { ...service, containerPorts: port, secondName: undefined, pooled: false, graceSeconds: 0 };
  return index > 0 && service.cluster === 0 ? own : { ...own, cluster: 0, mode: 'bridge' };
}

function starts(random: Random): readonly WorldEvent[] {
  return times(random.between(4, 8), () => event('start', -random.between(2, 10) * MINUTE, random));
}

/** Early enough that what is new is up, and what was there has ended. */
function deployments(run: RunSpec, random: Random): readonly WorldEvent[] {
  return times(3, () => event('deploy', run.at - random.between(90_000, 3 * MINUTE), random));
}

function refusal({ at }: RunSpec, random: Random): Fault {
  const salt = random.int(1_000_000_000);
  return {
    kind: 'poison',
    operation: 'route53:ChangeResourceRecordSets',
    from: at - 1_000,
    until: at + 2 * MINUTE,
    rate: 1,
    salt,
    isOfCreations: true,
  };
}

function event(kind: WorldEvent['kind'], at: number, random: Random): WorldEvent {
  return { at, kind, salt: random.int(1_000_000_000) };
}
