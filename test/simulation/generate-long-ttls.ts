import { hostOf, type Shape, settled, times } from './generate-shape-parts.ts';
import { type HostSpec, MINUTE, type RunSpec, type ServiceSpec, type WorldEvent } from './history.ts';
import type { Random } from './random.ts';

/**
 * Services whose answers clients keep for longer than it is from one run to the next, and of which tasks fail for good:
 * they are taken out of the zone by one run, and stopped by a later one of the same process.
 */
export const longTtls: Shape = ({ setup, events, runs, ...history }, random) => {
  const hosts = times(3, (): HostSpec => ({ ...hostOf(0, random), agentless: true }));
  const settings = {
    ...setup.settings,
    panicPercent: 90,
    unhealthyBudgetPercent: 100,
    unhealthyThreshold: 1,
    gracePeriodMs: 0,
    minEndpoints: 1,
  };
  const ttl = random.pick([400, 700, 1_000]);
  return settled(
    {
      ...history,
      runs: runs.map(inOneProcess),
      setup: {
        ...setup,
        hosts: [...hosts, ...setup.hosts.map((host): HostSpec => ({ ...host, agentless: true }))],
        services: setup.services.map(asTheySay),
        settings,
        sync: { ttl, fargateAgent: false, raceRate: 0 },
        stopping: { limit: 2, ttl },
      },
      events: [...events, ...failures(runs, random)].toSorted((a, b) => a.at - b.at),
    },
    random,
  );
};

/** At one place, by one clock, and with what the runs before it have seen. */
function inOneProcess({ at, salt, end, frozen }: RunSpec): RunSpec {
  const disturbed = { ...(end === undefined ? {} : { end }), ...(frozen === undefined ? {} : { frozen }) };
  return { at, salt: salt - (salt % 2), ...disturbed };
}

/** In the first cluster, and with nothing of their own in how they are registered. */
function asTheySay({ overrides: _, ...service }: ServiceSpec, index: number): ServiceSpec {
  const own = { ...service, pooled: false, graceSeconds: 0 };
  return index > 0 || service.cluster === 0 ? own : { ...own, cluster: 0, mode: 'bridge' };
}

/** Between the first runs, so that there are some after them. */
function failures(runs: readonly RunSpec[], random: Random): readonly WorldEvent[] {
  return times(random.between(3, 8), () => ({
    at: (runs[random.int(Math.min(3, runs.length))]?.at ?? 0) + random.between(30_000, 3 * MINUTE),
    kind: 'fail',
    salt: random.int(1_000_000_000),
  }));
}
