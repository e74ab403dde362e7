import { hostOf, populated, type Shape, settled, strangeService, times } from './generate-shape-parts.ts';
import {
  type EventKind,
  type Fault,
  type FaultKind,
  type History,
  type HostSpec,
  MINUTE,
  type Operation,
  type RunSpec,
  type ServiceSpec,
  type SimSettings,
  type WorldEvent,
} from './history.ts';
import type { Random } from './random.ts';
import type { ShapeKind } from './shapes.ts';

/** Shapes of what comes together by chance alone hardly ever: a number that is met exactly, or two things at one moment. */
export const RARE_SHAPES = {
  'half-fails': (history, random) => {
    const run = random.pick(history.runs);
    const services = history.setup.services.map(withOnePort);
    const { setup, ...rest } = withFleet(
      withSettings(history, { ...SWIFT, panicPercent: 50, minEndpoints: 1 }),
      random,
    );
    const failing = event('half-fails', run.at - random.between(500, 5_000), random);
    return withEvents({ ...rest, setup: { ...setup, services } }, [failing]);
  },
  'light-sets': (history, random) => {
    const isLight = history.setup.services.map(() => random.chance(0.7));
    const swift = withFleet(withSettings(history, { ...SWIFT, minEndpoints: 2 }), random);
    const services = swift.setup.services.map((service, index) =>
      isLight[index] === true ? light(service, random) : service,
    );
    const more = times(random.between(4, 10), () =>
      event(
        random.pick(['start', 'start', 'fail', 'fail', 'deploy']),
        random.pick(history.runs).at - random.between(0, 4 * MINUTE),
        random,
      ),
    );
    return withEvents({ ...swift, setup: { ...swift.setup, services } }, more);
  },
  turnover: (history, random) => {
    const { setup, ...rest } = withFleet(withSettings(history, { removalBudgetPercent: 100 }), random);
    const chosen = times(2, () => random.pick(history.runs));
    const events = chosen.flatMap((run) => [
      ...times(6, () => event('start', run.at - random.between(20_000, 3 * MINUTE), random)),
      ...times(8, () =>
        event(random.pick(['stop', 'stop', 'crash']), run.at + random.between(300, 6_000), random),
      ),
    ]);
    const paged = { ...setup, pageSize: 100, zonePageSize: 100, countsStopping: false };
    const faults = chosen.flatMap((run) => [
      atFirst(run, 'lag', 'ecs:ListTasks', random),
      atFirst(run, 'late', 'ecs:DescribeTasks', random),
    ]);
    return withEvents({ ...rest, faults: [...rest.faults, ...faults], setup: paged }, events);
  },
  'forgotten-tasks': (history, random) => {
    const settings = { ...SWIFT, removalBudgetPercent: 100, force: false };
    const { setup, ...rest } = withFleet(settled(withSettings(history, settings), random), random);
    const run = rest.runs.at(random.between(1, rest.runs.length - 1)) ?? random.pick(rest.runs);
    const from = run.at - random.between(1_000, 4 * MINUTE);
    const forgotten = fault('forgotten', from, run.at + random.between(1, 12) * MINUTE, random);
    return { ...rest, faults: [...rest.faults, forgotten], setup: { ...setup, hasState: true } };
  },
  'second-addresses': ({ setup, ...history }, random) => {
    const hosts = setup.hosts.map((host): HostSpec => {
      if (typeof host.cluster !== 'number' || host.twinOf !== undefined || random.chance(0.3)) return host;
      const isNamedByIt = host.naming === undefined && random.chance(0.6);
      return {
        ...host,
        hasSecondAddress: true,
        ...(isNamedByIt ? { naming: 'second-address' as const } : {}),
      };
    });
    return { ...history, setup: { ...setup, hosts } };
  },
  'passed-address': (history, random) => {
    const { setup } = history;
    const own = [...setup.hosts.keys()].filter((slot) => isPlain(setup.hosts[slot]));
    if (own.length === 0) return history;
    const of = random.pick(['participant', 'other-account'] as const);
    const host: HostSpec = { ...hostOf(of, random), takes: random.pick(own) };
    const services = times(random.between(1, 2), () => ({
      ...strangeService(of, history, random),
      mode: random.pick(['bridge', 'host'] as const),
    }));
    const otherVpc = { isReachable: false, isAssociated: true };
    const known = of === 'participant' ? setup : { ...setup, otherVpc };
    const shared = settled(populated({ ...history, setup: known }, [host], services), random);
    if (of === 'other-account') return shared;
    const passing = event(
      'address-passes',
      random.pick(history.runs).at - random.between(0, 6 * MINUTE),
      random,
    );
    const starts = times(8, () =>
      event('start', passing.at + random.between(2 * MINUTE, 8 * MINUTE), random),
    );
    return withEvents(shared, [passing, ...starts]);
  },
  'zone-unread': ({ setup, faults, ...history }, random) => {
    const zone = setup.zone === 'by-id' ? 'by-name' : setup.zone;
    // Whose addresses another account has in a VPC of its own, nothing but the networks of the zone can tell.
    const isDeniable = setup.hosts.every(({ takes }) => takes === undefined);
    if (isDeniable && random.chance(0.5))
      return { ...history, faults, setup: { ...setup, zone, isZoneDenied: true } };
    const run = random.pick(history.runs);
    const kind = random.pick(['throttle', 'server-error', 'no-answer'] as const);
    const failing = fault(kind, run.at - 1_000, run.at + random.between(1, 6) * MINUTE, random);
    const unread: Fault = { ...failing, operation: 'route53:GetHostedZone' };
    return { ...history, faults: [...faults, unread], setup: { ...setup, zone } };
  },
  'target-groups': (history, random) => {
    const isBelieved = random.chance(0.6);
    const { setup, ...rest } = withFleet(withSettings(history, { ...SWIFT, minEndpoints: 1 }), random);
    const failing = times(random.between(3, 8), () =>
      event(
        random.pick(['fail', 'fail', 'recover', 'flap']),
        random.pick(history.runs).at - random.between(0, 4 * MINUTE),
        random,
      ),
    );
    const run = random.pick(history.runs);
    const kind = random.pick(['throttle', 'server-error', 'no-answer'] as const);
    const unread = fault(kind, run.at - 1_000, run.at + MINUTE, random);
    const faults = [...rest.faults, { ...unread, operation: 'elbv2:DescribeTargetHealth' as const }];
    const targetGroups = { salt: random.int(1_000_000_000), isBelieved };
    return withEvents({ ...rest, faults, setup: { ...setup, targetGroups } }, failing);
  },
  firewalls: ({ setup, ...history }, random) => {
    const share = random.pick([0.5, 1]);
    const hosts = setup.hosts.map(
      (host): HostSpec => (random.chance(share) ? { ...host, dropsClosed: true } : host),
    );
    return { ...history, setup: { ...setup, hosts } };
  },
} satisfies Partial<Record<ShapeKind, Shape>>;

/** Under which a single failure takes an entry, and no share of the whole speaks against it. */
const SWIFT: Partial<SimSettings> = {
  panicPercent: 80,
  unhealthyBudgetPercent: 100,
  unhealthyThreshold: 1,
  gracePeriodMs: 0,
};

function withSettings({ setup, ...history }: History, settings: Partial<SimSettings>): History {
  const services = setup.services.map((service) => ({ ...service, graceSeconds: 0 }));
  return { ...history, setup: { ...setup, services, settings: { ...setup.settings, ...settings } } };
}

/** Hosts and tasks enough that ten are no rare number. */
function withFleet(history: History, random: Random): History {
  const hosts = times(3, () => hostOf(0, random));
  const first = history.setup.services.map((service, index) =>
    index === 0 ? inFirstCluster(service) : service,
  );
  const moved = { ...history, setup: { ...history.setup, services: first } };
  return settled(settled(populated(moved, hosts, []), random), random);
}

function inFirstCluster(service: ServiceSpec): ServiceSpec {
  return service.cluster === 0 ? service : { ...service, cluster: 0, mode: 'bridge' };
}

function withOnePort({ containerPorts, ...service }: ServiceSpec): ServiceSpec {
  return { ...service, containerPorts: containerPorts.slice(0, 1), secondName: undefined, pooled: false };
}

/** Whose new containers are entered with weight 0: by their agents from some time on, and by the worker always. */
function light(service: ServiceSpec, random: Random): ServiceSpec {
  const lightFrom = random.between(-4, 4) * MINUTE;
  const asked = random.chance(0.5) ? { overrides: { ...service.overrides, weight: 0 } } : {};
  return { ...service, ...asked, pooled: false, lightFrom };
}

function isPlain(host: HostSpec | undefined): boolean {
  const { cluster, twinOf, naming, hasSecondAddress } = host ?? {};
  return (
    typeof cluster === 'number' && twinOf === undefined && naming === undefined && hasSecondAddress !== true
  );
}

/** A fault that meets a run until it has made its plan. */
function atFirst(run: RunSpec, kind: FaultKind, operation: Operation, random: Random): Fault {
  return { ...fault(kind, run.at - 1_000, run.at + MINUTE, random), operation, isEarly: true };
}

function fault(kind: Fault['kind'], from: number, until: number, random: Random): Fault {
  return { kind, operation: 'ecs:ListTasks', from, until, rate: 1, salt: random.int(1_000_000_000) };
}

function event(kind: EventKind, at: number, random: Random): WorldEvent {
  return { at, kind, salt: random.int(1_000_000_000) };
}

function withEvents(history: History, events: readonly WorldEvent[]): History {
  return { ...history, events: [...history.events, ...events].toSorted((a, b) => a.at - b.at) };
}
