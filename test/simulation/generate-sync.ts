import {
  type EventKind,
  type Fault,
  type History,
  MINUTE,
  type Overrides,
  type RunSpec,
  type ServiceSpec,
  SYNC_EVENT_KINDS,
  type WorldEvent,
} from './history.ts';
import { createRandom, type Random } from './random.ts';

/** So that histories in which the worker only removes stay what they are, whatever is drawn here. */
const SALT = 0x5f3c;
const SHARE = 0.5;

/** Makes some histories such in which the worker registers: with overrides, without agents, with deployments. */
export function withSync(history: History): History {
  const random = createRandom(history.seed, SALT);
  if (!random.chance(SHARE)) return history;
  const { setup, runs, events, faults } = history;
  const agentlessRate = random.pick([0, 0.3, 0.7, 1, 1]);
  const mixed = random.chance(0.15);
  return {
    ...history,
    setup: {
      ...setup,
      hosts: setup.hosts.map((host) => ({ ...host, agentless: random.chance(agentlessRate) })),
      services: setup.services.map((service) => wishing(service, random)),
      sync: {
        ttl: random.pick([0, 0, 0, 30, 60]),
        fargateAgent: !random.chance(agentlessRate),
        raceRate: random.pick([0, 0, 0.1, 0.5]),
      },
    },
    runs: runs.map((run): RunSpec => (mixed && random.chance(0.4) ? { ...run, prunes: true } : run)),
    events: [...events, ...operations(random, runs)].toSorted((a, b) => a.at - b.at),
    faults: [...faults, ...faultsOfCreating(random, runs)],
  };
}

function wishing(service: ServiceSpec, random: Random): ServiceSpec {
  if (!random.chance(0.25)) return service;
  const overrides: Overrides = {
    ...(random.chance(0.4) ? { ttl: random.pick([0, 15, 120]) } : {}),
    ...(random.chance(0.4) ? { weight: random.pick([1, 5, 255]) } : {}),
    ...(random.chance(0.4) ? { priority: random.pick([0, 1, 10]) } : {}),
    ...(random.chance(0.4) ? { passing: true } : {}),
  };
  return { ...service, overrides };
}

const OPERATIONS: readonly EventKind[] = [...SYNC_EVENT_KINDS, 'deploy', 'deploy', 'drain', 'start'];

function operations(random: Random, runs: readonly RunSpec[]): readonly WorldEvent[] {
  return Array.from({ length: random.int(8) }, () => {
    const at = random.pick(runs).at + random.between(-6, 4) * MINUTE + random.int(MINUTE);
    return { at, kind: random.pick(OPERATIONS), salt: random.int(1_000_000_000) };
  });
}

function faultsOfCreating(random: Random, runs: readonly RunSpec[]): readonly Fault[] {
  return Array.from({ length: random.int(4) }, (): Fault => {
    const from = random.pick(runs).at + random.between(-5_000, 5_000);
    return {
      kind: random.pick(['lost-reply', 'throttle', 'poison', 'poison'] as const),
      operation: 'route53:ChangeResourceRecordSets',
      from,
      until: from + random.between(1, 3) * MINUTE,
      rate: random.pick([0.6, 1, 1]),
      salt: random.int(1_000_000_000),
    };
  });
}
