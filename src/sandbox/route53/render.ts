import type { Json } from '../service.ts';
import { isObject, objectsOf, textOf } from '../wire/json.ts';
import { element, escapeXml, textElement } from '../wire/write-xml.ts';

// The order in which Route 53 writes the fields of a set.
const SET_FIELDS = [
  'Name',
  'Type',
  'SetIdentifier',
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'MultiValueAnswer',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
  'TrafficPolicyInstanceId',
  'CidrRoutingConfig',
  'GeoProximityLocation',
] as const;

/** How the items of each list are called. */
const ITEMS: Readonly<Record<string, string>> = {
  HostedZones: 'HostedZone',
  ResourceRecordSetProtections: 'ResourceRecordSetProtection',
  VPCs: 'VPC',
  NameServers: 'NameServer',
};

/** The fields of an answer as XML elements, in the order they have in it. */
export function renderOutput(output: Json): string {
  return Object.entries(output)
    .map(([name, value]) => renderField(name, value))
    .join('');
}

function renderField(name: string, value: unknown): string {
  if (name === 'ResourceRecordSets') return element(name, ...objectsOf(value).map(renderSet));
  if (Array.isArray(value))
    return element(name, ...value.map((item) => renderField(ITEMS[name] ?? 'member', item)));
  return isObject(value) ? element(name, renderOutput(value)) : textElement(name, value);
}

function renderSet(set: Json): string {
  let fields = '';
  for (const name of SET_FIELDS) {
    const value = set[name];
    if (value === undefined) continue;
    fields += name === 'ResourceRecords' ? renderRecords(value) : renderField(name, value);
  }
  return `<ResourceRecordSet>${fields}</ResourceRecordSet>`;
}

function renderRecords(records: unknown): string {
  let items = '';
  for (const record of objectsOf(records))
    items += `<ResourceRecord><Value>${escapeXml(textOf(record['Value']))}</Value></ResourceRecord>`;
  return `<ResourceRecords>${items}</ResourceRecords>`;
}
