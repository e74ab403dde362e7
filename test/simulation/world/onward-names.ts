import { isAddress, isBelow, normalizeName, parentDomain } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { History, HostSpec } from '../history.ts';
import type { Random } from '../random.ts';
import { addressSet } from './address-set.ts';
import type { SimHost } from './entities.ts';
import { onwardName, ZONE_NAME } from './names.ts';
import type { Write, ZoneStore } from './zone-store.ts';

const ZONE = normalizeName(ZONE_NAME);
const WILDCARD = '*.';

/** What of the world records lead on in. */
interface Surroundings {
  readonly history: History;
  readonly hosts: readonly SimHost[];
  readonly now: number;
  readonly onward: OnwardNames;
  readonly zone: ZoneStore;
}

/** Where names of the zone lead on to, by the records that other tools have written for the hosts of the world. */
export class OnwardNames {
  readonly #zone: ZoneStore;
  /** To a name or an address, by names (all normalised). */
  readonly #next = new Map<string, string>();
  /** What agents write as targets. */
  readonly #targets: ReadonlySet<string>;
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(zone: ZoneStore, hosts: readonly HostSpec[]) {
    this.#zone = zone;
    this.#targets = new Set(hosts.flatMap((host) => onwardName(host) ?? []));
  }

  lead(name: string, to: string): void {
    this.#next.set(normalizeName(name), normalizeName(to));
  }

  move(name: string, to: string | undefined, now: number): void {
    this.#movedAt = now;
    if (to === undefined) this.#next.delete(normalizeName(name));
    else this.lead(name, to);
  }

  /** The name or the address to which a name leads in the end: itself where nothing leads on from it. */
  end(target: string): string {
    let name = normalizeName(target);
    for (let next = this.#step(name); next !== undefined; next = this.#step(name)) name = next;
    return name;
  }

  /** Whether a name is one from which records of other tools lead on, or have done so. */
  isOnward(target: string): boolean {
    const name = normalizeName(target);
    return this.#targets.has(name) || this.isWild(name);
  }

  /** Whether a wildcard stands for a name, or one on the way: whoever reads the zone cannot tell what is meant by it. */
  isWild(target: string): boolean {
    let name = normalizeName(target);
    for (let next = this.#step(name); next !== undefined; next = this.#step(name)) {
      if (this.#wildcardOf(name) !== undefined) return true;
      name = next;
    }
    return false;
  }

  /** Whether the record is gone that led on from a name, and none stands for it. */
  isGone(target: string): boolean {
    const name = normalizeName(target);
    return this.#targets.has(name) && this.#step(name) === undefined;
  }

  /** Whether any name may lead elsewhere since then: one that loses its own address is a wildcard's. */
  hasMovedSince(since: number): boolean {
    const hasWildcard = [...this.#next.keys()].some((name) => name.startsWith(WILDCARD));
    const isAddressed = ({ time, before, after }: Write) =>
      time >= since && before?.Type !== after?.Type && (before ?? after)?.Type === 'A';
    return this.#movedAt >= since || (hasWildcard && this.#zone.writes.some(isAddressed));
  }

  #step(name: string): string | undefined {
    return this.#next.get(name) ?? this.#wildcardOf(name);
  }

  #wildcardOf(name: string): string | undefined {
    if (this.#next.size === 0 || this.#next.has(name) || isAddress(name) || !isBelow(name, ZONE))
      return undefined;
    for (let parent = parentDomain(name); isBelow(`x.${parent}`, ZONE); parent = parentDomain(parent)) {
      const to = this.#next.get(WILDCARD + parent);
      if (to !== undefined)
        return this.#zone.all().some((set) => normalizeName(set.Name) === name) ? undefined : to;
    }
    return undefined;
  }
}

/** The records that lead on to a host, as they are at first. */
export function writeOnward(host: SimHost, world: Surroundings): void {
  const { onward } = host.spec;
  const name = onwardName(host.spec);
  if (onward === undefined || name === undefined) return;
  const own = addressSet(host);
  const address = (Name: string): RecordSet => ({
    Name,
    Type: 'A',
    TTL: 60,
    ResourceRecords: [{ Value: host.address }],
  });
  const wildcard = `\\052.${parentDomain(name)}.`;
  // The agent has written its own address before anything led there.
  if (onward.by === 'alias' || onward.by === 'cname-to-set') world.zone.put(own, 'agent', world.now);
  switch (onward.by) {
    case 'cname':
      write(cname(`${name}.`, host.ec2Name), host.ec2Name, world);
      return;
    case 'cname-to-set':
      write(cname(`${name}.`, own.Name), own.Name, world);
      return;
    case 'alias':
      write(alias(`${name}.`, own.Name), own.Name, world);
      return;
    case 'chain': {
      const plain = `address-${host.slot}.${ZONE_NAME}`;
      write(address(plain), host.address, world);
      write(alias(`${name}.`, plain), plain, world);
      return;
    }
    case 'wildcard':
      write(address(wildcard), host.address, world);
      return;
    case 'wildcard-cname':
      write(cname(wildcard, host.ec2Name), host.ec2Name, world);
      return;
  }
}

/** An operator lets a name lead to another host, to the same in another way, or out of the zone to nowhere. */
export function moveOnward(world: Surroundings, random: Random): void {
  const found = pick(world, random);
  if (found === undefined) return;
  const to = random.chance(0.7) ? random.pick(world.hosts).ec2Name : 'gone.example';
  takeAway(found, world);
  write(cname(found, to), to, world);
  world.onward.move(found, to, world.now);
}

/** An operator takes a record away from which names lead on. */
export function removeOnward(world: Surroundings, random: Random): void {
  const found = pick(world, random);
  if (found === undefined) return;
  takeAway(found, world);
  world.onward.move(found, undefined, world.now);
}

/** The name of a record that leads on, be it there or taken away. */
function pick({ history }: Surroundings, random: Random): string | undefined {
  const names = history.setup.hosts.flatMap((spec) => {
    const name = onwardName(spec);
    if (name === undefined) return [];
    return [spec.onward?.by.startsWith('wildcard') ? `\\052.${parentDomain(name)}.` : `${name}.`];
  });
  return names.length === 0 ? undefined : random.pick(names);
}

function takeAway(name: string, { zone, now }: Surroundings): void {
  for (const set of zone.all().filter(({ Name }) => Name === name))
    zone.remove(recordSetKey(set), 'other', now);
}

function write(set: RecordSet, to: string, world: Surroundings): void {
  world.zone.put(set, 'other', world.now);
  world.zone.foreignKeys.add(recordSetKey(set));
  world.onward.lead(set.Name, to);
}

function cname(Name: string, to: string): RecordSet {
  return { Name, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: to }] };
}

function alias(Name: string, DNSName: string): RecordSet {
  return { Name, Type: 'A', AliasTarget: { HostedZoneId: 'Z0WORKER', DNSName, EvaluateTargetHealth: false } };
}
