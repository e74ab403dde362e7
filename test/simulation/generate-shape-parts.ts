import {
  type History,
  type HostSpec,
  MINUTE,
  type OtherAccount,
  type ServiceSpec,
  type WorldEvent,
} from './history.ts';
import type { Random } from './random.ts';
import { PORT_POOL } from './world/ports.ts';

/** Makes the world of a history another one. */
export type Shape = (history: History, random: Random) => History;

/** A host with an agent that writes in one of the forms that there are. */
export function hostOf(cluster: HostSpec['cluster'], random: Random): HostSpec {
  const target = random.pick(['name', 'name', 'name-dot', 'label', 'zone-name'] as const);
  return { cluster, target, writesAddress: random.chance(0.7) };
}

/** A service that ECS does not know, under a name of its own or under one that others have too. */
export function strangeService(of: OtherAccount | 'docker', { setup }: History, random: Random): ServiceSpec {
  const shared = setup.services.filter(({ pooled }) => !pooled).map(({ name }) => name);
  const name = shared.length > 0 && random.chance(0.5) ? random.pick(shared) : `x${random.int(3)}`;
  const mode =
    of === 'docker' ? 'bridge' : random.pick(['bridge', 'bridge', 'host', 'awsvpc', 'fargate'] as const);
  const containerPorts = [random.pick(PORT_POOL)];
  return {
    name,
    secondName: undefined,
    cluster: -1,
    mode,
    containerPorts,
    pooled: false,
    graceSeconds: 0,
    of,
  };
}

/** The world with more hosts and services in it. */
export function populated(
  { setup, ...history }: History,
  hosts: readonly HostSpec[],
  services: readonly ServiceSpec[],
): History {
  const all = { hosts: [...setup.hosts, ...hosts], services: [...setup.services, ...services] };
  return { ...history, setup: { ...setup, ...all } };
}

/** More tasks before the first run, so that there is something of every kind. */
export function settled(history: History, random: Random): History {
  const starts = times(
    random.between(4, 10),
    (): WorldEvent => ({
      at: -random.between(2, 20) * MINUTE,
      kind: 'start',
      salt: random.int(1_000_000_000),
    }),
  );
  return { ...history, events: [...history.events, ...starts].toSorted((a, b) => a.at - b.at) };
}

/** As many as are wanted, made one after the other. */
export function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
