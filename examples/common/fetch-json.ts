import type { Resolver } from 'node:dns/promises';
import { addressesOf, hostOf } from './resolver.ts';
import { CONTAINER_HEADER } from './serve.ts';

/** What a service told, and which of its containers. */
export interface Told {
  readonly value: unknown;
  readonly container: string;
}

const TIMEOUT_MS = 2_000;
const TRIES = 3;

/**
 * Asks a service that is found by its name alone, of which each answer of DNS has an address or more; looks it up anew
 * where an address does not answer. Throws what the last try met.
 */
export async function fetchJson(resolver: Resolver, host: string, port: number, path: string): Promise<Told> {
  let fault: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const [address = ''] = await addressesOf(resolver, host);
      const url = `http://${hostOf(address)}:${port}${path}`;
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const value: unknown = await response.json();
      return { value, container: response.headers.get(CONTAINER_HEADER) ?? 'unnamed' };
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}
