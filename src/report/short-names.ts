import { isBelow, normalizeName } from '../model/dns-name.ts';

/** How a document for people writes the names of a zone and of its hosts, and what it says of that. */
export interface ShortNames {
  /** A name of the zone without the zone's; whole where it would be taken for another one. */
  readonly name: (name: string) => string;
  /** A text with the names of services and hosts in it as short. */
  readonly text: (text: string) => string;
  /** What hosts without a domain are in, where one is left off. */
  readonly domain: string | undefined;
}

/** A host as AWS names it, by its address or by its instance. Source: EC2 User Guide, "Instance hostname types". */
const HOST = String.raw`\b(?:ip(?:-\d{1,3}){4}|i-[0-9a-f]{8,17})`;
const HOSTS = new RegExp(`${HOST}(?:\\.[a-z0-9-]+)*`, 'g');
const DOMAIN = /^[^.]+\.(ec2\.internal|[a-z0-9-]+\.compute\.internal)$/;
/** What a name does not go on with: no letter, no further label, and no container, as in a set identifier. */
const END = String.raw`\.?(?![\w-]|\.[\w-]|:\S)`;

/**
 * How the names in these texts are written. The domain of most hosts is left off, unless a host stands there without one:
 * then it could not be told which of the two is meant.
 */
export function shortNames(zoneName: string, texts: Iterable<string>): ShortNames {
  const zone = normalizeName(zoneName);
  const domain = commonDomain(texts, zone);
  const services = new RegExp(String.raw`(?<=_[\w-]+)\.${literal(zone)}${END}`, 'g');
  const hosts = domain === undefined ? undefined : new RegExp(`(?<=${HOST})\\.${literal(domain)}${END}`, 'g');
  return {
    name: (name) => relative(name, zoneName, zone),
    text: (text) => {
      const short = text.replace(services, '');
      return hosts === undefined ? short : short.replace(hosts, '');
    },
    domain,
  };
}

function commonDomain(texts: Iterable<string>, zone: string): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [host] of text.matchAll(HOSTS)) {
      // An instance's id is no name by itself.
      if (!host.includes('.') && host.startsWith('ip-')) return undefined;
      const domain = DOMAIN.exec(host)?.[1];
      if (domain !== undefined && domain !== zone) counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most?.[0];
}

function relative(name: string, zoneName: string, zone: string): string {
  const suffix = `.${zoneName}`;
  if (!name.endsWith(suffix)) return name;
  const short = name.slice(0, -suffix.length);
  const read = normalizeName(short);
  return short === '' || read === zone || isBelow(read, zone) ? name : short;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
