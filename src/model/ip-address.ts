const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f:.]+$/i;
const MAX_OCTET = 255;
const GROUPS = 8;
const GROUPS_OF_SUBNET = 4;

/**
 * One spelling per address: IPv4 as four plain numbers, IPv6 as RFC 5952 writes it, which is that of the host
 * of a URL. `undefined` for anything that is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (IPV4.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.every((octet) => octet <= MAX_OCTET) ? octets.join('.') : undefined;
  }
  const url = `http://[${text}]/`;
  return IPV6.test(text) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

/** Whether an address, spelt as above, is one of IPv6. */
export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** RFC 1918, RFC 6598, RFC 3927, and the machine itself. */
const NOT_PUBLIC =
  /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Whether an IPv4 address may be one of the internet, which ECS does not tell of its tasks. */
export function isPublicIpv4(address: string): boolean {
  return !isIpv6(address) && !NOT_PUBLIC.test(address);
}

/**
 * The network that an address, spelt as above, shares with its neighbours: so small that two VPCs, which may lie
 * in different accounts and regions, hardly ever divide one between them. Of IPv4 the first 24 bits, of IPv6 the
 * 64 of a subnet. Whatever is no address is a network by itself.
 */
export function networkOf(address: string): string {
  if (!isIpv6(address)) return address.slice(0, address.lastIndexOf('.'));
  if (canonicalAddress(address) === undefined) return address;
  return groupsOf(address).slice(0, GROUPS_OF_SUBNET).join(':');
}

/** The eight groups of an IPv6 address, spelt as above. */
function groupsOf(address: string): readonly string[] {
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: GROUPS - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right];
}

/**
 * The IPv4 address that an IPv6 one (spelt as above) stands for on a host itself; `undefined` for all others.
 * Source: RFC 4291, 2.5.5.2.
 */
export function mappedIpv4(address: string): string | undefined {
  return /^::ffff:[^:]+:[^:]+$/.test(address) ? ipv4At(groupsOf(address), 6) : undefined;
}

/** Where IPv6 addresses carry IPv4 ones for something on the way to translate or unwrap. */
const CARRIERS: readonly (readonly [prefix: RegExp, groups: readonly number[]])[] = [
  // IPv4-compatible, and translated (RFC 4291, 2.5.5.1; RFC 2765).
  [/^0:0:0:0:0:0:(?!0:)/, [6]],
  [/^0:0:0:0:ffff:0:/, [6]],
  // NAT64's well-known prefix, and its local one, which may be cut at any length (RFC 6052, 2.2; RFC 8215).
  [/^64:ff9b:0:0:0:0:/, [6]],
  [/^64:ff9b:1:/, [3, 4, 5, 6]],
  // 6to4, and Teredo's server (RFC 3056; RFC 4380).
  [/^2002:/, [1]],
  [/^2001:0:/, [2]],
  // ISATAP (RFC 5214).
  [/:(?:200|0):5efe:[^:]+:[^:]+$/, [6]],
];

/** Every IPv4 address that an IPv6 one (spelt as above) may lead to; none for IPv4 itself. */
export function carriedIpv4(address: string): readonly string[] {
  if (!isIpv6(address)) return [];
  const groups = groupsOf(address);
  const found = CARRIERS.filter(([prefix]) => prefix.test(groups.join(':')));
  const mapped = mappedIpv4(address);
  const carried = found.flatMap(([, places]) => places.map((place) => ipv4At(groups, place)));
  return mapped === undefined ? carried : [mapped, ...carried];
}

/** The IPv4 address in the two groups from the given one on. */
function ipv4At(groups: readonly string[], first: number): string {
  const halves = groups.slice(first, first + 2).map((group) => Number.parseInt(group, 16));
  return halves.flatMap((half) => [half >> 8, half & MAX_OCTET]).join('.');
}

/** An address, spelt as above, with a port; one of IPv6 is put in brackets, as in a URL. */
export function socketAddress(address: string, port: number): string {
  return isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
