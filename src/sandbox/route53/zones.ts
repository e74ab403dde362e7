import type { Json, Operation } from '../service.ts';
import { textOf } from '../wire/json.ts';
import type { HostedZone } from '../world/hosted-zone.ts';
import { nameSortKey, storedName } from '../world/record-name.ts';
import { DEFAULT_VPC } from '../world/vpc.ts';
import type { World } from '../world/world.ts';
import { bareZoneId, invalidInput, pageSize, requestedZone } from './errors.ts';

const ZONES_A_PAGE = 100;

export const getHostedZone: Operation = ({ world }, input) => {
  const zone = requestedZone(world, input['Id']);
  return zone.isPrivate
    ? { HostedZone: describe(zone), VPCs: zone.vpcs ?? [{ VPCRegion: world.region, VPCId: DEFAULT_VPC }] }
    : { HostedZone: describe(zone), DelegationSet: { NameServers: zone.nameServers } };
};

export const listHostedZones: Operation = ({ world }, input) => {
  const size = pageSize(input['MaxItems'], ZONES_A_PAGE);
  const zones = [...world.hostedZones.values()].filter((zone) => isOfType(zone, input['HostedZoneType']));
  const first = input['Marker'] === undefined ? 0 : indexOfMarker(zones, bareZoneId(textOf(input['Marker'])));
  const next = zones[first + size];
  return {
    HostedZones: zones.slice(first, first + size).map(describe),
    Marker: input['Marker'],
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: size,
  };
};

function isOfType(zone: HostedZone, type: unknown): boolean {
  return type !== 'PrivateHostedZone' || zone.isPrivate;
}

function indexOfMarker(zones: readonly HostedZone[], marker: string): number {
  const index = zones.findIndex((zone) => zone.id === marker);
  if (index < 0) throw invalidInput(`The marker ${marker} does not name a hosted zone.`);
  return index;
}

/** Starts at the name given, whether there is a zone of that name or not, and goes on with its neighbours. */
export const listHostedZonesByName: Operation = ({ world }, input) => {
  const size = pageSize(input['MaxItems'], ZONES_A_PAGE);
  const { DNSName, HostedZoneId } = input;
  if (HostedZoneId !== undefined && DNSName === undefined)
    throw invalidInput('The hosted zone ID was given without the DNS name to start from.');
  const start = DNSName === undefined ? '' : startKey(textOf(DNSName), HostedZoneId);
  const zones = byName(world).filter((zone) => sortKey(zone) >= start);
  const next = zones[size];
  return {
    HostedZones: zones.slice(0, size).map(describe),
    DNSName,
    HostedZoneId,
    IsTruncated: next !== undefined,
    NextDNSName: next?.name,
    NextHostedZoneId: next?.id,
    MaxItems: size,
  };
};

function byName(world: World): readonly HostedZone[] {
  return [...world.hostedZones.values()].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(zone: HostedZone): string {
  return `${nameSortKey(zone.name)} ${zone.id}`;
}

function startKey(name: string, id: unknown): string {
  return `${nameSortKey(storedName(name))} ${id === undefined ? '' : bareZoneId(textOf(id))}`;
}

export const getHostedZoneLimit: Operation = ({ world }, input) => {
  const zone = requestedZone(world, input['HostedZoneId']);
  const type = textOf(input['Type']);
  if (type === 'MAX_RRSETS_BY_ZONE')
    return { Limit: { Type: type, Value: zone.maxRecordSets }, Count: zone.records.size };
  if (type === 'MAX_VPCS_ASSOCIATED_BY_ZONE' && zone.isPrivate)
    return { Limit: { Type: type, Value: 300 }, Count: 1 };
  throw invalidInput(`The limit type ${type} does not apply to this hosted zone.`);
};

function describe(zone: HostedZone): Json {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: `created-${zone.id}`,
    Config: { Comment: zone.comment, PrivateZone: zone.isPrivate },
    ResourceRecordSetCount: zone.records.size,
    LinkedService: zone.linkedService,
  };
}
