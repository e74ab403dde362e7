import { isAddress } from '../../../src/model/dns-name.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { type World as Account, createWorld } from '../../../src/sandbox/world/world.ts';
import type { FaultKind, History, ServiceSpec } from '../history.ts';
import { createRandom, mix, type Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { addVpcs, createAccount, REGION, vpcsOfZone } from './account.ts';
import { holdsPlace, isAlive, isOfOtherAccount, isUp, type SimHost, type SimTask } from './entities.ts';
import { EventBus } from './event-bus.ts';
import {
  addressesOf,
  addressIn,
  agentName,
  ec2Name,
  hostAddress,
  interfacePrefix,
  secondAddress,
  ZONE_NAME,
} from './names.ts';
import { OnwardNames, writeOnward } from './onward-names.ts';
import { PORT_POOL } from './ports.ts';
import { addCloudMap, type CloudMap } from './registries.ts';
import { tellTask } from './told-events.ts';
import { describeWrite, ZoneStore } from './zone-store.ts';

const INTERFACE_POOL = 5;
const BOOT_MS = 75_000;

/** The truth: what runs where, whatever AWS says of it, and what the zone holds. */
export class World {
  readonly history: History;
  readonly scheduler: Scheduler;
  readonly clusters: readonly string[];
  /** What AWS knows that nothing here changes, and the zones. */
  readonly account: Account;
  /** What tasks are registered with; `undefined` where nothing is. */
  readonly cloudMap: CloudMap | undefined;
  /** What ECS and EC2 are made to see for one answer. */
  readonly views = { ecs: createWorld(), ec2: createWorld() };
  readonly hosts: SimHost[] = [];
  readonly tasks: SimTask[] = [];
  readonly zone: ZoneStore;
  /** Where names of the zone lead on to. */
  readonly onward: OnwardNames;
  /** All zones of the account; the worker's own may be missing. */
  readonly zones: readonly ZoneStore[];
  /** What tells of all that happens in this account; `undefined` where nothing does. */
  readonly bus: EventBus | undefined;
  /** Told of every container of which anything has changed. */
  readonly watchers = new Set<(task: SimTask) => void>();
  /** What starts the new agent of a host anew. */
  readonly restarts = new Map<SimHost, () => void>();
  onLaunch: (host: SimHost) => void = () => {};
  readonly faultCounts = new Map<FaultKind, number>();
  /** The addresses of hosts by the first labels of all names that they have ever had. */
  readonly #addresses = new Map<string, string>();
  /** Told in words of whatever happens. */
  trace?: (text: string) => void;
  /** Once all is over but the last runs: nothing else writes next to them. */
  isQuiet = false;
  #created = 0;

  constructor(history: History, scheduler: Scheduler) {
    this.history = history;
    this.scheduler = scheduler;
    this.clusters = Array.from({ length: history.setup.clusters }, (_, index) => `cluster-${index}`);
    this.bus = history.setup.events && new EventBus(history.setup.events, scheduler);
    this.account = createAccount(history.setup, this.clusters);
    this.cloudMap = addCloudMap(this.account, history.setup, this.clusters);
    const isThere = history.setup.zone !== 'missing';
    const own = { id: 'Z0WORKER', name: ZONE_NAME, private: true, vpcs: vpcsOfZone(history.setup) };
    addVpcs(this.views.ec2, history.setup);
    this.zone = new ZoneStore(isThere ? this.account : createWorld(), own);
    this.onward = new OnwardNames(this.zone, history.setup.hosts);
    this.zones = [...(isThere ? [this.zone] : []), ...otherZones(history.setup.zone, this.account)];
    this.zone.onWrite = (write) => this.trace?.(describeWrite(write));
    const { services = [], from = 0 } = history.setup.protection ?? {};
    for (const name of services) scheduler.at(from, () => this.zone.protect(`${name}.${ZONE_NAME}`));
    for (const [slot, { cluster, takes }] of history.setup.hosts.entries()) {
      // A task that takes an address in the same subnet comes once it is free.
      const isLater = cluster === 'participant' && takes !== undefined;
      if (!isLater) this.launch(slot, scheduler.now, scheduler.now);
    }
    for (const host of this.hosts) writeOnward(host, this);
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** A number that was never used in this history. */
  unique(): number {
    return mix(this.history.seed, ++this.#created);
  }

  launch(slot: number, launchedAt = this.now, registeredAt = this.now + BOOT_MS): void {
    const spec = this.history.setup.hosts[slot];
    if (spec === undefined) return;
    const id = hex(this.unique(), 17);
    const cluster = typeof spec.cluster === 'number' ? this.clusters[spec.cluster] : undefined;
    const address = hostAddress(spec, slot, this.history.setup);
    const host: SimHost = {
      spec,
      slot,
      instanceId: `i-${id}`,
      instanceArn: `arn:aws:ecs:${REGION}:123456789012:container-instance/${cluster}/${id}`,
      cluster,
      name: agentName(spec, address),
      ec2Name: ec2Name(spec, address, `i-${id}`),
      address,
      second: secondAddress(spec, address),
      zone: slot % this.history.setup.zones,
      launchedAt,
      registeredAt,
    };
    for (const [label, one] of addressesOf(host)) this.#addresses.set(label, one);
    this.hosts.push(host);
    this.onLaunch(host);
  }

  /** The first address of the host that has an address as its second one. */
  firstAddress(address: string): string {
    return this.hosts.find(({ second }) => second === address)?.address ?? address;
  }

  /** Lets a name of the zone lead to an address, by whichever writer. */
  knowAddress(label: string, address: string): void {
    this.#addresses.set(label, address);
  }

  /** The address of a target in whichever form it is written: hosts that come back have theirs again. */
  addressOf(target: string): string | undefined {
    const end = this.onward.end(target);
    if (this.onward.isGone(end)) return undefined;
    return isAddress(end) ? end : addressIn(end, this.#addresses);
  }

  /** Where a task of the service could be put now; `undefined` for nowhere. */
  placeFor(
    service: ServiceSpec,
    random: Random,
  ): Pick<SimTask, 'host' | 'interfaceName' | 'address' | 'ports'> | undefined {
    const { mode, containerPorts } = service;
    const hosts = this.hosts.filter((host) => this.#takes(host, service));
    if (mode !== 'fargate' && hosts.length === 0) return undefined;
    const host = mode === 'fargate' ? undefined : random.pick(hosts);
    if (mode === 'awsvpc' || mode === 'fargate') {
      const { zones } = this.history.setup;
      const prefix = interfacePrefix(service, host?.zone ?? (zones === 1 ? 0 : random.int(zones)));
      const pool = Array.from({ length: INTERFACE_POOL }, (_, at) => `${prefix}${at + 10}`);
      const address = freeOf(pool, this.#usedInterfaces(), 1, random)?.[0];
      if (address === undefined) return undefined;
      return { host, interfaceName: interfaceName(address), address, ports: containerPorts };
    }
    if (host === undefined) return undefined;
    const used = this.#usedPorts(host);
    if (mode === 'host') {
      if (containerPorts.some((port) => used.has(port))) return undefined;
      return { host, interfaceName: undefined, address: host.address, ports: containerPorts };
    }
    const ports = freeOf(PORT_POOL, used, containerPorts.length, random);
    return ports === undefined ? undefined : { host, interfaceName: undefined, address: host.address, ports };
  }

  add(task: SimTask): void {
    this.tasks.push(task);
    this.trace?.(
      `${nameTask(task)} is created on ${task.host?.instanceId ?? 'fargate'}, starts in ${task.startedAt - this.now} ms, answers in ${task.readyAt - this.now} ms`,
    );
    for (const at of [task.startedAt, task.readyAt]) this.scheduler.at(at, () => this.refresh(task));
    for (const at of [task.runningAt, task.reportedAt]) this.scheduler.at(at, () => tellTask(task, this));
    task.turns.push(task.startedAt, task.readyAt, task.runningAt, task.reportedAt);
  }

  /** Notes since when a container is up, or that it is not. */
  refresh(task: SimTask): void {
    task.turns.push(this.now);
    if (isUp(task, this.now)) {
      task.upSince ??= this.now;
    } else if (task.upSince !== undefined) {
      task.upBefore.push({ from: task.upSince, to: this.now });
      delete task.upSince;
    }
    for (const watch of this.watchers) watch(task);
  }

  /** How often another writer comes right before a change of the worker's is carried out, 0 to 1. */
  get raceRate(): number {
    return this.isQuiet ? 0 : (this.history.setup.sync?.raceRate ?? 0);
  }

  /** Whether an agent registers the task, be it that of its machine or one next to it. */
  hasAgent({ host, service }: Pick<SimTask, 'host' | 'service'>): boolean {
    if (isOfOtherAccount(service)) return true;
    if (host === undefined) return this.history.setup.sync?.fargateAgent !== false;
    // A new agent registers what has ports of its host.
    const isReached = host.spec.agent !== 'new' || (service.mode !== 'awsvpc' && service.mode !== 'fargate');
    return host.spec.agentless !== true && isReached;
  }

  /** Whether a container has been up from a time until now. */
  isUpSince(task: SimTask, time: number): boolean {
    return task.upSince !== undefined && task.upSince <= time;
  }

  /** What is so far out of the sight of ECS, for a run that reads all it may, that nothing can be told of it. */
  isVisible({ cluster }: Pick<SimTask, 'cluster'>): boolean {
    const { configuredClusters, hiddenCluster } = this.history.setup;
    if (cluster === undefined || cluster === this.clusters[hiddenCluster?.cluster ?? -1]) return false;
    return configuredClusters === 0 || this.clusters.indexOf(cluster) < configuredClusters;
  }

  taskOf(containerId: string): SimTask | undefined {
    return this.tasks.find((task) => task.containerId === containerId);
  }

  #takes(host: SimHost, service: ServiceSpec): boolean {
    const isOpen = host.registeredAt <= this.now && host.drainingAt === undefined;
    return isAlive(host) && isOpen && this.#isFor(host, service);
  }

  #isFor({ cluster, spec }: SimHost, service: ServiceSpec): boolean {
    if (isOfOtherAccount(service)) return spec.cluster === service.of;
    if (service.of === 'docker') return cluster !== undefined;
    if (service.cluster >= 0) return cluster !== undefined && cluster === this.clusters[service.cluster];
    return spec.cluster === 'outside' || spec.cluster === 'other-region';
  }

  #usedPorts(host: SimHost): ReadonlySet<number> {
    const tasks = this.tasks.filter(
      (task) => task.host === host && task.interfaceName === undefined && holdsPlace(task),
    );
    return new Set(tasks.flatMap(({ ports }) => ports));
  }

  #usedInterfaces(): ReadonlySet<string> {
    const tasks = this.tasks.filter((task) => task.interfaceName !== undefined && holdsPlace(task));
    return new Set(tasks.map(({ address }) => address));
  }
}

function freeOf<T>(
  pool: readonly T[],
  used: ReadonlySet<T>,
  count: number,
  random: Random,
): readonly T[] | undefined {
  const free = pool.filter((item) => !used.has(item));
  if (free.length < count) return undefined;
  const start = random.int(free.length);
  return [...free, ...free].slice(start, start + count);
}

function interfaceName(address: string): string {
  return `ip-${address.replaceAll('.', '-')}.ec2.internal`;
}

/** The zones that are not the worker's, with entries that a tool which takes them for its own would remove. */
function otherZones(kind: History['setup']['zone'], account: Account): readonly ZoneStore[] {
  const neighbour = new ZoneStore(account, { id: 'Z0NEIGHBOUR', name: 'sd.internal.example.' });
  const others =
    kind === 'ambiguous'
      ? [new ZoneStore(account, { id: 'Z0TWIN', name: ZONE_NAME }), neighbour]
      : [neighbour];
  for (const zone of others) zone.put(orphan(zone.name), 'agent', 0);
  return others;
}

function orphan(zoneName: string): RecordSet {
  const host = 'ip-10-0-1-99.ec2.internal';
  const SetIdentifier = `${host}:${'0'.repeat(64)}`;
  const ResourceRecords = [{ Value: `1 1 32768 ${host}` }];
  return { Name: `other.${zoneName}`, Type: 'SRV', SetIdentifier, Weight: 1, TTL: 0, ResourceRecords };
}

/** So many hexadecimal digits that only this number gives. */
export function hex(number: number, digits: number): string {
  const random = createRandom(number);
  let text = number.toString(16).padStart(8, '0');
  while (text.length < digits) text += random.int(0x10000000).toString(16).padStart(7, '0');
  return text.slice(0, digits);
}

/** A task in words. */
export function nameTask({ service, address, ports, containerId }: SimTask): string {
  return `${service.name} ${containerId.slice(0, 6)} at ${address}:${ports.join(',')}`;
}
