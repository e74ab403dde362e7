import { Resolver } from 'node:dns/promises';
import { type Environment, EnvironmentError } from './environment.ts';

const TIMEOUT_MS = 1_000;
const TRIES = 2;

/** A resolver that asks `DNS_SERVER`, such as `127.0.0.1:5353`, or the servers of the machine. */
export function newResolver(env: Environment): Resolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const server = env['DNS_SERVER'] ?? '';
  if (server === '') return resolver;
  try {
    resolver.setServers([server]);
  } catch (error) {
    throw new EnvironmentError(
      `DNS_SERVER: ${JSON.stringify(server)} is not valid; write an address, such as 10.0.0.2 or 127.0.0.1:5353`,
      { cause: error },
    );
  }
  return resolver;
}

/** The addresses of a host: those of IPv4, or those of IPv6 where it has no other. */
export async function addressesOf(resolver: Resolver, host: string): Promise<readonly string[]> {
  try {
    return await resolver.resolve4(host);
  } catch (error) {
    if (!hasNone(error)) throw error;
    return await resolver.resolve6(host);
  }
}

/** Whether DNS has said that there is no such record. */
export function hasNone(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(codeOf(error));
}

export function codeOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code');
  return typeof code === 'string' ? code : String(error);
}

/** An address as URLs have it. */
export function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
