import { withShapes } from './generate-shapes.ts';
import { withSync } from './generate-sync.ts';
import {
  EVENT_KINDS,
  type EventKind,
  type Fault,
  type FaultKind,
  type History,
  type HostSpec,
  MINUTE,
  type Operation,
  RUN_INTERVAL,
  type RunSpec,
  type ServiceSpec,
  type Setup,
  type SimSettings,
  type WorldEvent,
} from './history.ts';
import { createRandom, type Random } from './random.ts';
import type { Choice } from './shapes.ts';
import { PORT_POOL } from './world/ports.ts';

/** The history that belongs to a seed, but for faults and shapes that are left out of it or put into it. */
export function generate(seed: number, choice: Choice = {}): History {
  const random = createRandom(seed);
  const setup = generateSetup(random);
  const runs = generateRuns(random);
  const events = generateEvents(random, runs);
  const simple = withSync({ seed, setup, runs, events, faults: generateFaults(random, runs) });
  const history = withShapes(simple, choice);
  const isLeftOut = (kind: FaultKind) => choice.without?.includes(kind) === true;
  const faults = history.faults.filter(
    (fault) => !isLeftOut(fault.kind) && !isForced(fault.kind, setup) && !isOnlyWitness(fault, history.setup),
  );
  return { ...history, faults };
}

/** Of a second VPC with the same names EC2 alone can tell: with a part of its answer lost, nothing does. */
function isOnlyWitness({ kind, operation }: Fault, { shapes }: Setup): boolean {
  return shapes.includes('twin-vpc') && EC2.includes(operation) && kind === 'truncate';
}

/** Force lifts what guards against the worker's own network: an operator who uses it has looked at that first. */
function isForced(kind: FaultKind, { settings }: Setup): boolean {
  return (kind === 'selfTest' || kind === 'cut-off') && settings.force;
}

function generateSetup(random: Random): Setup {
  const clusters = random.between(1, 3);
  const settings = generateSettings(random);
  const hasOutside = random.chance(0.2);
  const zone = random.chance(0.03) ? random.pick(['missing', 'ambiguous'] as const) : undefined;
  return {
    clusters,
    configuredClusters: random.chance(0.2) ? random.between(1, clusters) : 0,
    hosts: Array.from({ length: random.between(1, 5) }, () => generateHost(random, clusters, hasOutside)),
    services: Array.from({ length: random.between(1, 4) }, (_, index) =>
      generateService(random, index, clusters, hasOutside, settings.manage),
    ),
    pageSize: random.between(1, 4),
    zonePageSize: random.between(1, 6),
    zone: zone ?? random.pick(['by-id', 'by-name'] as const),
    countsStopping: random.chance(0.5),
    settings,
    shapes: [],
    zones: 1,
    hasState: true,
  };
}

function generateSettings(random: Random): SimSettings {
  return {
    manage: random.chance(0.65) ? 'convention' : 'zone',
    panicPercent: random.pick([50, 50, 50, 30, 80]),
    minEndpoints: random.pick([1, 1, 1, 2]),
    removalBudgetPercent: random.pick([50, 50, 30, 100]),
    unhealthyBudgetPercent: random.pick([50, 20, 5, 100]),
    allowEmpty: random.chance(0.2),
    force: random.chance(0.1),
    gracePeriodMs: random.pick([60_000, 60_000, 0, 120_000]),
    unhealthyThreshold: random.pick([1, 1, 2]),
    healthyThreshold: random.pick([1, 1, 2]),
  };
}

function generateHost(random: Random, clusters: number, hasOutside: boolean): HostSpec {
  const isOutside = hasOutside && random.chance(0.3);
  const outside = random.chance(0.5) ? 'outside' : 'other-region';
  return {
    cluster: isOutside ? outside : random.int(clusters),
    target: random.pick(['name', 'name', 'name-dot', 'label', 'zone-name']),
    writesAddress: random.chance(0.7),
  };
}

function generateService(
  random: Random,
  index: number,
  clusters: number,
  hasOutside: boolean,
  manage: SimSettings['manage'],
): ServiceSpec {
  const isOutside = hasOutside && random.chance(0.3);
  const inCluster = random.pick(['bridge', 'bridge', 'bridge', 'host', 'awsvpc', 'fargate'] as const);
  const mode = isOutside ? 'bridge' : inCluster;
  const isDouble = random.chance(0.25);
  const start = random.int(PORT_POOL.length);
  const port = (offset: number) => PORT_POOL[(start + offset) % PORT_POOL.length] ?? 0;
  return {
    name: random.chance(0.5) ? `_s${index}._tcp` : `s${index}`,
    secondName: isDouble && random.chance(0.5) ? `s${index}-admin` : undefined,
    cluster: isOutside ? -1 : random.int(clusters),
    mode,
    containerPorts: isDouble ? [port(0), port(1)] : [port(0)],
    pooled: manage === 'zone' && random.chance(0.4),
    graceSeconds: random.pick([0, 0, 0, 90, 300]),
  };
}

/** Every five minutes, for most of the time one at a time; some do not live to their end. */
function generateRuns(random: Random): readonly RunSpec[] {
  return Array.from({ length: random.between(2, 5) }, (_, index) => index).flatMap((index) => {
    const at = index * RUN_INTERVAL;
    const first = generateRun(random, at);
    return random.chance(0.25) ? [first, generateRun(random, at + random.between(0, 5_000))] : [first];
  });
}

function generateRun(random: Random, at: number): RunSpec {
  const salt = random.int(1_000_000_000);
  if (!random.chance(0.12)) return { at, salt };
  const how = random.pick(['killed-before', 'killed-after', 'aborted'] as const);
  return { at, salt, end: { how, call: random.between(1, random.chance(0.5) ? 15 : 60) } };
}

const FREQUENT: readonly EventKind[] = ['start', 'start', 'stop', 'crash', 'replace', 'replace', 'fail'];
/** How long a run may take, for events that are to meet one. */
const RUN_MS = 15_000;

function generateEvents(random: Random, runs: readonly RunSpec[]): readonly WorldEvent[] {
  const event = (at: number, kind: EventKind): WorldEvent => ({ at, kind, salt: random.int(1_000_000_000) });
  const before = Array.from({ length: random.between(2, 12) }, () =>
    event(-random.between(2, 20) * MINUTE, 'start'),
  );
  const syncs = Array.from({ length: random.int(4) }, () =>
    event(-random.between(1, 20) * MINUTE, 'agent-syncs'),
  );
  const others = Array.from({ length: random.int(5) }, () =>
    event(-random.between(0, 20) * MINUTE, 'foreign-write'),
  );
  const happenings = Array.from({ length: random.int(25) }, () => {
    const run = random.pick(runs);
    const at = random.chance(0.5)
      ? run.at + random.int(RUN_MS)
      : run.at + random.between(-5, 5) * MINUTE + random.int(MINUTE);
    return event(at, random.chance(0.6) ? random.pick(FREQUENT) : random.pick(EVENT_KINDS));
  });
  return [...before, ...syncs, ...others, ...happenings].toSorted((a, b) => a.at - b.at);
}

const LISTS: readonly Operation[] = [
  'ecs:ListClusters',
  'ecs:ListTasks',
  'ecs:ListTasks',
  'ecs:ListContainerInstances',
];
const DESCRIBES: readonly Operation[] = [
  'ecs:DescribeTasks',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeServices',
];
const EC2: readonly Operation[] = ['ec2:DescribeInstances', 'ec2:DescribeNetworkInterfaces'];
const CHANGES: readonly Operation[] = ['route53:ChangeResourceRecordSets'];
const READS: readonly Operation[] = [
  'route53:ListResourceRecordSets',
  'route53:GetHostedZone',
  'route53:ListHostedZonesByName',
];
const ANY = [
  ...LISTS,
  ...DESCRIBES,
  ...EC2,
  'ecs:DescribeTaskDefinition' as const,
  'ecs:DescribeTaskDefinition' as const,
  ...READS,
  ...CHANGES,
  ...CHANGES,
];

const OPERATIONS: Readonly<Record<FaultKind, readonly Operation[]>> = {
  throttle: ANY,
  'server-error': ANY,
  'no-answer': ANY,
  'lost-reply': CHANGES,
  poison: CHANGES,
  lag: ['ecs:ListTasks', 'ecs:ListTasks', 'ecs:ListContainerInstances'],
  late: ['ecs:DescribeTasks', 'ec2:DescribeInstances'],
  failures: ['ecs:DescribeTasks', 'ecs:DescribeContainerInstances'],
  'left-out': ['ecs:DescribeTasks', 'ecs:DescribeContainerInstances'],
  truncate: [...LISTS, ...EC2],
  empty: [...LISTS, ...EC2],
  'same-token': LISTS,
  selfTest: ['probe'],
  checker: ['probe'],
  'cut-off': ['probe'],
  forgotten: LISTS,
};

const KINDS: readonly FaultKind[] = [
  'throttle',
  'server-error',
  'no-answer',
  'lost-reply',
  'lost-reply',
  'poison',
  'lag',
  'lag',
  'late',
  'failures',
  'left-out',
  'same-token',
  'selfTest',
  'checker',
];

/**
 * Answers that are wrong and look right come from one call at a time: with ECS and EC2 both lying
 * about the same host there is nothing left that could tell.
 */
function generateFaults(random: Random, runs: readonly RunSpec[]): readonly Fault[] {
  const honest = Array.from({ length: random.int(5) }, () => generateFault(random, runs, random.pick(KINDS)));
  const lie = random.chance(0.3) ? [generateFault(random, runs, random.pick(['truncate', 'empty']))] : [];
  const late = random.chance(0.3) ? [generateLateFault(random, runs)] : [];
  const isEc2Lying = lie.some(({ operation }) => EC2.includes(operation));
  return [...honest.filter(({ kind }) => !(isEc2Lying && kind === 'lag')), ...lie, ...late];
}

const SECOND_LOOK: readonly Operation[] = [
  'ecs:DescribeContainerInstances',
  'ecs:DescribeContainerInstances',
  ...EC2,
  'ecs:ListTasks',
];

/** Trouble that begins when all is decided, and only to be confirmed. */
function generateLateFault(random: Random, runs: readonly RunSpec[]): Fault {
  const operation = random.pick(SECOND_LOOK);
  const isDescribe = operation === 'ecs:DescribeContainerInstances';
  const kinds = ['throttle', 'server-error', 'no-answer'] as const;
  const kind = random.pick(isDescribe ? [...kinds, 'failures' as const, 'left-out' as const] : kinds);
  return { ...generateFault(random, runs, kind), operation, isLate: true, rate: random.pick([0.5, 1]) };
}

function generateFault(random: Random, runs: readonly RunSpec[], kind: FaultKind): Fault {
  const from = random.pick(runs).at + random.between(-10_000, 5_000);
  const length = random.chance(0.5) ? random.between(2_000, 30_000) : random.between(1, 6) * MINUTE;
  const isSteady = kind === 'lag' || kind === 'selfTest';
  return {
    kind,
    operation: random.pick(OPERATIONS[kind]),
    from,
    until: from + length,
    rate: isSteady ? 1 : random.pick([0.1, 0.3, 0.6, 1]),
    salt: random.int(1_000_000_000),
  };
}
