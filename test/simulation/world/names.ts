import { firstLabel, normalizeName } from '../../../src/model/dns-name.ts';
import type { HostSpec, ServiceSpec, Setup } from '../history.ts';
import type { SimHost } from './entities.ts';

export const ZONE_NAME = 'sd.internal.';

/** The address of a host: its number in the subnet of its zone, of its account or of its region. */
export function hostAddress(spec: HostSpec, slot: number, { zones }: Setup): string {
  const own = spec.twinOf ?? spec.takes ?? slot;
  const number = own + 10;
  const isOfOwnNetwork = spec.takes === undefined;
  if (isOfOwnNetwork && spec.cluster === 'other-region') return `10.0.8.${number}`;
  if (isOfOwnNetwork && spec.cluster === 'other-account') return `10.20.1.${number}`;
  return `10.0.${1 + (own % zones)}.${number}`;
}

/** The second address of its network interface, in the same subnet. */
export function secondAddress({ hasSecondAddress }: HostSpec, address: string): string | undefined {
  const [last = ''] = address.split('.').slice(3);
  return hasSecondAddress === true ? address.replace(/\d+$/, String(Number(last) + 100)) : undefined;
}

/** What the addresses of task's own network interfaces begin with. */
export function interfacePrefix({ of }: ServiceSpec, zone: number): string {
  if (of === 'other-account') return '10.20.9.';
  return of === 'participant' ? '10.0.40.' : `10.0.${9 + 10 * zone}.`;
}

/** What an agent calls its host in the records that it writes. */
export function agentName(spec: HostSpec, address: string): string {
  const label = `ip-${address.replaceAll('.', '-')}`;
  const { naming = 'resource' } = spec;
  switch (naming) {
    case 'dhcp':
      return `${label}.corp.example.com`;
    case 'dhcp-dot':
      return `${label}.testapi.`;
    case 'given':
      return `node-${address.split('.').slice(2).join('-')}`;
    case 'given-of-zone':
      return normalizeName(`${label}.${ZONE_NAME}`);
    case 'second-address':
      return nameByAddress(spec, secondAddress(spec, address) ?? address);
    case 'resource':
      return nameByAddress(spec, address);
  }
}

/** What EC2 calls a host. */
export function ec2Name(spec: HostSpec, address: string, instanceId: string): string {
  return spec.naming === 'resource' ? `${instanceId}.ec2.internal` : nameByAddress(spec, address);
}

/** The name that the agent of a host writes as the target, where the zone leads on from it. */
export function onwardName({ onward }: HostSpec): string | undefined {
  return onward && normalizeName(`${onward.label}.${ZONE_NAME}`);
}

function nameByAddress({ cluster }: HostSpec, address: string): string {
  const domain = cluster === 'other-region' ? 'eu-west-1.compute.internal' : 'ec2.internal';
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

/** The names of a host by their first labels, which alone tell the address in every form that is written. */
export function addressesOf({
  name,
  ec2Name: other,
  address,
  second,
}: SimHost): readonly (readonly [string, string])[] {
  const names = [name, other, ...(second === undefined ? [] : [`ip-${second.replaceAll('.', '-')}`])];
  return names.map((one) => [firstLabel(normalizeName(one)), address] as const);
}

/** The address of a target: a known name's, or that which the name itself tells. */
export function addressIn(target: string, known: ReadonlyMap<string, string>): string | undefined {
  const label = firstLabel(normalizeName(target));
  const match = /^ip-(\d+)-(\d+)-(\d+)-(\d+)$/.exec(label);
  return known.get(label) ?? match?.slice(1).join('.');
}
