import { firstLabel, isAddress, isBelow, parentDomain, relativeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import { isEc2Name } from '../../model/private-dns-name.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { TaskBehind, TaskOwner } from './managed-addresses.ts';
import { aliasesOf, hostNameIn, type ZoneAddresses } from './zone-addresses.ts';

/** What an SRV entry says of itself. All names normalised. */
export interface SrvRecord {
  /** The record's name, relative to the zone. */
  readonly service: string;
  readonly port: number;
  /** Where the target of the value leads in the end; that target itself where the zone does not tell. */
  readonly target: string;
  /** Whether the value names a target of the zone, so that the zone alone tells where clients go. */
  readonly isOfZone: boolean;
  /** Every name and address under which the inventory may know the target. */
  readonly aliases: readonly string[];
  /** The container the set identifier names, if it names one on the target's own host, or on the one that it leads to. */
  readonly containerId: string | undefined;
  /** The name under which EC2 would know the target; `undefined` when the zone keeps that to itself. */
  readonly hostName: string | undefined;
  /** The task whose address has the target for its name. */
  readonly task: TaskOwner | undefined;
}

/** Reads an SRV entry; `undefined` for a value that cannot be read. `zoneName` is normalised. */
export function parseSrvRecord(
  entry: Entry,
  zoneName: string,
  addresses: ZoneAddresses,
  taskBehind: TaskBehind,
): SrvRecord | undefined {
  const srv = parseSrvValue(entry.value);
  if (srv === undefined) return undefined;
  const owner = parseSetIdentifier(entry.setIdentifier);
  // A CNAME or an alias takes clients elsewhere than the name of the target says.
  const target = addresses.leadsTo(srv.target);
  const ways = [srv.target, target ?? srv.target];
  // An identifier without a host can only mean the one that the value points at.
  const isOwned =
    owner !== undefined &&
    (owner.host === undefined || ways.some((way) => isSameHost(String(owner.host), way, zoneName)));
  return {
    service: relativeName(entry.name, zoneName),
    port: srv.port,
    target: target ?? srv.target,
    isOfZone: isBelow(srv.target, zoneName),
    aliases: target === undefined ? [] : aliasesOf(target, zoneName, addresses),
    containerId: isOwned ? owner.containerId : undefined,
    hostName: knownAs(srv.target, target, isOwned ? owner.host : undefined, zoneName, addresses),
    task: taskBehind(target ?? srv.target),
  };
}

/**
 * Whether the host of a set identifier is the one that the value points at: the same name, or the same
 * first label where one of them has no domain of its own (a bare label, or the host's name in the zone).
 */
function isSameHost(host: string, target: string, zoneName: string): boolean {
  if (host === target) return true;
  if (isAddress(host) || isAddress(target) || firstLabel(host) !== firstLabel(target)) return false;
  return isBare(host) || isBare(target) || parentDomain(target) === zoneName;
}

function isBare(name: string): boolean {
  return !name.includes('.');
}

/** The name under which EC2 would know what a target leads to in the end: elsewhere, one that EC2 has given out. */
function knownAs(
  target: string,
  end: string | undefined,
  ownerHost: string | undefined,
  zoneName: string,
  addresses: ZoneAddresses,
): string | undefined {
  if (end === target) return hostNameOf(target, ownerHost, zoneName, addresses);
  const isHosts = end !== undefined && (isEc2Name(end) || isBelow(end, zoneName));
  return isHosts ? hostNameOf(end, undefined, zoneName, addresses) : undefined;
}

/**
 * | target                                   | EC2 would know it as                          |
 * |------------------------------------------|-----------------------------------------------|
 * | outside the zone                         | itself                                        |
 * | of a set that its own agent identifies   | the host of the set identifier                |
 * | the A set of a host, as agents write it  | the host of that set's identifier             |
 * | one bare label                           | itself, in any domain                         |
 * | any other name of the zone               | unknown: it is whatever the zone says         |
 */
function hostNameOf(
  target: string,
  ownerHost: string | undefined,
  zoneName: string,
  addresses: ZoneAddresses,
): string | undefined {
  if (!isBelow(target, zoneName)) return isBare(target) ? (ownerHost ?? target) : target;
  return ownerHost ?? hostNameIn(target, addresses);
}
