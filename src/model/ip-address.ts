const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const GROUP = /^[0-9a-f]{1,4}$/;
const MAX_OCTET = 255;
const GROUPS = 8;
const GROUPS_OF_SUBNET = 4;

/**
 * One spelling per address: IPv4 as four plain numbers, IPv6 as RFC 5952 writes it. `undefined` for
 * anything that is no address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (IPV4.test(text)) return octetsOf(text)?.join('.');
  const groups = groupsOf(text.toLowerCase());
  return groups && compress(groups);
}

function octetsOf(text: string): readonly number[] | undefined {
  const octets = text.split('.').map(Number);
  return octets.every((octet) => octet <= MAX_OCTET) ? octets : undefined;
}

/** The eight groups of an IPv6 address, whose last two may be written as an IPv4 address. */
function groupsOf(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const [left, right] = [readGroups(head, tail === undefined), readGroups(tail ?? '', true)];
  if (left === undefined || right === undefined) return undefined;
  const missing = GROUPS - left.length - right.length;
  const isWhole = tail === undefined ? missing === 0 : missing > 0;
  return isWhole ? [...left, ...Array.from({ length: missing }, () => 0), ...right] : undefined;
}

function readGroups(text: string, isEnd: boolean): readonly number[] | undefined {
  const parts = text === '' ? [] : text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    const isLast = isEnd && i === parts.length - 1;
    const octets = isLast && IPV4.test(part) ? octetsOf(part) : undefined;
    if (octets !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = octets;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** The first of the longest runs of two or more zeros is left out. Source: RFC 5952, section 4.2. */
function compress(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  const [longest] = runs.toSorted((a, b) => b[0].length - a[0].length || a.index - b.index);
  if (longest === undefined) return text;
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
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
 * The network that an address shares with its neighbours: so small that two VPCs, which may lie in different
 * accounts and regions, hardly ever divide one between them. Of IPv4 the first 24 bits, of IPv6 the 64 of a
 * subnet. Whatever is no address is a network by itself.
 */
export function networkOf(address: string): string {
  if (!isIpv6(address)) return address.slice(0, address.lastIndexOf('.'));
  return groupsOf(address)?.slice(0, GROUPS_OF_SUBNET).join(':') ?? address;
}
