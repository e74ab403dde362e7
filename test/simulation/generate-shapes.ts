import { withHostAgents } from './generate-agents.ts';
import { withEvents } from './generate-events.ts';
import { handovers } from './generate-handovers.ts';
import { longTtls } from './generate-long-ttls.ts';
import { onwardTargets } from './generate-onward-targets.ts';
import { RARE_SHAPES } from './generate-rare-shapes.ts';
import { registries } from './generate-registries.ts';
import { hostOf, populated, type Shape, settled, strangeService, times } from './generate-shape-parts.ts';
import {
  type Fault,
  type History,
  type HostNaming,
  type HostSpec,
  MINUTE,
  type RunSpec,
  type ServiceSpec,
  type WorldEvent,
} from './history.ts';
import { createRandom, type Random } from './random.ts';
import { type Choice, SHAPE_KINDS, type ShapeKind } from './shapes.ts';

/** So that whatever is drawn here leaves the rest of a history, and the other shapes, as they are. */
const SALT = 0x2d91;
const SHARE = 0.12;
/** Few zones have records by which the targets of entries are led on: each such world is far from all others. */
const SHARES: Readonly<Partial<Record<ShapeKind, number>>> = { 'onward-targets': 0.02 };
const HABITS = 0x51;

/** Makes the world of some histories one of the shapes, or of several. */
export function withShapes(history: History, { without = [], always = [] }: Choice): History {
  let shaped = withHabits(history);
  for (const [index, kind] of SHAPE_KINDS.entries()) {
    const random = createRandom(history.seed, SALT, index);
    const isDrawn = random.chance(SHARES[kind] ?? SHARE);
    if (without.includes(kind) || !(isDrawn || always.includes(kind))) continue;
    const { setup, ...rest } = SHAPES[kind](shaped, random);
    shaped = { ...rest, setup: { ...setup, shapes: [...setup.shapes, kind] } };
  }
  return shaped;
}

/** How the worker is set up, apart from its settings: without a store for its state, and with tasks to stop. */
function withHabits(history: History): History {
  const random = createRandom(history.seed, SALT, HABITS);
  const hasState = random.chance(0.8);
  const stopping = { limit: random.pick([1, 1, 2]), ttl: random.pick([0, 10, 60]) };
  const setup = { ...history.setup, hasState, ...(random.chance(0.25) ? { stopping } : {}) };
  return { ...history, setup };
}

const SHAPES: Readonly<Record<ShapeKind, Shape>> = {
  ...RARE_SHAPES,
  'other-account': (history, random) => {
    const of = random.pick(['other-account', 'other-account', 'participant'] as const);
    const isReachable = random.chance(0.7);
    const otherVpc = { isReachable, isAssociated: !isReachable || random.chance(0.6) };
    const hosts = times(random.between(1, 2), () => hostOf(of, random));
    const services = times(random.between(1, 2), () => strangeService(of, history, random));
    return settled(populated({ ...history, setup: { ...history.setup, otherVpc } }, hosts, services), random);
  },
  'hidden-cluster': (history, random) => withHiddenCluster(history, random, false),
  'twin-vpc': (history, random) => withHiddenCluster(history, random, true),
  'host-names': ({ setup, ...history }, random) => {
    const naming = random.pick(NAMINGS);
    const share = random.pick([0.5, 1, 1]);
    const renamed = (host: HostSpec): HostSpec =>
      isNamedByAddress(host, setup.hosts) && random.chance(share)
        ? { ...host, naming, writesAddress: host.writesAddress || random.chance(0.7) }
        : host;
    return { ...history, setup: { ...setup, hosts: setup.hosts.map(renamed) } };
  },
  'hidden-names': ({ setup, ...history }, random) => {
    const first = random.int(setup.services.length);
    const services = setup.services.map((service, index) =>
      index === first || random.chance(0.3)
        ? { ...service, namesFrom: random.pick(['secret', 'file', 'image'] as const) }
        : service,
    );
    return { ...history, setup: { ...setup, services } };
  },
  strangers: (history, random) => {
    const services = times(random.between(1, 2), () => strangeService('docker', history, random));
    return settled(populated(history, [], services), random);
  },
  'zone-cut-off': (history, random) => {
    const spread = withZones(history, random.between(2, 3), random);
    const run = random.pick(history.runs);
    const length = random.chance(0.5) ? random.between(20_000, 60_000) : random.between(5, 12) * MINUTE;
    const fault = cutOff(run.at - random.between(1_000, 20_000), length, random.int(spread.setup.zones));
    return { ...spread, faults: [...spread.faults, fault] };
  },
  'two-places': (history, random) => {
    const spread = withoutPatience(withZones(history, 2, random), random);
    const run = random.pick(history.runs);
    const second: RunSpec = {
      at: run.at + random.between(0, random.chance(0.6) ? 1_500 : 8_000),
      salt: random.int(1_000_000_000),
      place: 1,
    };
    const from = run.at - 5_000;
    const length = random.between(1, 8) * MINUTE;
    const faults = [0, 1].map((place) => ({ ...cutOff(from, length, place), place }));
    const restarts = times(random.int(6), (): WorldEvent => {
      const at = run.at + random.between(-2_000, 20_000);
      return { at, kind: 'agent-restarts', salt: random.int(1_000_000_000) };
    });
    return {
      ...spread,
      runs: [...spread.runs, second],
      faults: [...spread.faults, ...faults],
      events: [...spread.events, ...restarts].toSorted((a, b) => a.at - b.at),
    };
  },
  'frozen-runs': (history, random) => {
    const chosen = new Set(times(random.between(1, 2), () => random.int(history.runs.length)));
    return {
      ...history,
      runs: history.runs.map((run, index) => (chosen.has(index) ? freeze(run, random) : run)),
    };
  },
  'protected-names': ({ setup, ...history }, random) => {
    const first = random.int(setup.services.length);
    const services = setup.services
      .filter((_, index) => index === first || random.chance(0.2))
      .flatMap(({ name, secondName }) => (secondName === undefined ? [name] : [name, secondName]));
    const from = random.between(-5, 3) * MINUTE;
    return { ...history, setup: { ...setup, protection: { services: [...new Set(services)], from } } };
  },
  'both-protocols': ({ setup, ...history }, random) => {
    const first = random.int(setup.services.length);
    const services = setup.services.map((service, index) =>
      index === first || random.chance(0.3) ? { ...service, hasUdp: true } : service,
    );
    return { ...history, setup: { ...setup, services } };
  },
  'shared-state': (history) => ({ ...history, setup: { ...history.setup, hasState: true } }),
  'clock-jumps': ({ setup, runs, ...history }, random) => ({
    ...history,
    setup: { ...setup, hasState: true },
    runs: runs.map((run) =>
      random.chance(0.5) ? { ...run, clockBehindMs: random.between(1, 40) * 60 * MINUTE } : run,
    ),
  }),
  events: withEvents,
  'host-agents': withHostAgents,
  handovers,
  'long-ttls': longTtls,
  registries,
  'onward-targets': onwardTargets,
};

const NAMINGS: readonly HostNaming[] = ['dhcp', 'dhcp-dot', 'given', 'given-of-zone', 'resource', 'resource'];

/** Whether a host may call itself otherwise: twins are there for their equal names. */
function isNamedByAddress({ cluster, twinOf }: HostSpec, hosts: readonly HostSpec[]): boolean {
  return (
    typeof cluster === 'number' && twinOf === undefined && hosts.every((host) => host.twinOf === undefined)
  );
}

/** A cluster more, with hosts and services of its own, that the worker does not get to see. */
function withHiddenCluster(history: History, random: Random, isTwin: boolean): History {
  const { setup } = history;
  const cluster = setup.clusters;
  const how = random.pick(['denied', 'unlisted', 'not-configured'] as const);
  const originals = [...setup.hosts.keys()].filter((slot) => typeof setup.hosts[slot]?.cluster === 'number');
  const isPossible = isTwin && originals.length > 0;
  const hosts = times(random.between(1, 2), (index): HostSpec => {
    const host = hostOf(cluster, random);
    const original = originals[index];
    return isPossible && original !== undefined ? { ...host, twinOf: original } : host;
  });
  const modes = isTwin ? (['bridge'] as const) : (['bridge', 'bridge', 'host', 'awsvpc', 'fargate'] as const);
  const services = times(random.between(1, 2), (): ServiceSpec => {
    const { of, ...service } = strangeService('docker', history, random);
    return { ...service, cluster, mode: random.pick(modes) };
  });
  const hidden = {
    ...setup,
    clusters: cluster + 1,
    ...(how === 'not-configured'
      ? { configuredClusters: setup.configuredClusters === 0 ? cluster : setup.configuredClusters }
      : { hiddenCluster: { cluster, how } }),
  };
  return settled(populated({ ...history, setup: hidden }, hosts, services), random);
}

/** Hosts enough for every zone, and tasks enough that half of them is no small number. */
function withZones(history: History, zones: number, random: Random): History {
  const isSparse = random.chance(0.3);
  const count = isSparse ? zones - history.setup.hosts.length : zones * 2;
  const hosts = times(Math.max(0, count), () => hostOf(0, random));
  const more = settled(settled(populated(history, hosts, []), random), random);
  return { ...more, setup: { ...more.setup, zones } };
}

/** Settings under which a single failure takes an entry, in some of the histories. */
function withoutPatience({ setup, ...history }: History, random: Random): History {
  if (random.chance(0.4)) return { ...history, setup };
  const swift = { panicPercent: 80, unhealthyBudgetPercent: 100, unhealthyThreshold: 1, gracePeriodMs: 0 };
  const services = setup.services.map((service) => ({ ...service, graceSeconds: 0 }));
  return { ...history, setup: { ...setup, services, settings: { ...setup.settings, ...swift } } };
}

function cutOff(from: number, length: number, zone: number): Fault {
  return { kind: 'cut-off', operation: 'probe', from, until: from + length, rate: 1, salt: 0, zone };
}

function freeze(run: RunSpec, random: Random): RunSpec {
  const ms = random.chance(0.5) ? random.between(2, 15) * MINUTE : random.between(15, 180) * MINUTE;
  const leg = random.pick([1, 2] as const);
  return { ...run, frozen: { call: random.between(1, random.chance(0.5) ? 20 : 60), leg, ms } };
}
