import type { SyncPolicy } from '../../src/plan/policy.ts';

/** What the worker registers in histories in which it does. `ttl` in seconds. */
export function syncPolicy(ttl: number): SyncPolicy {
  return {
    ttl,
    routing: 'weighted',
    ipv6: false,
    addresses: 'private',
    correct: false,
    cname: false,
    services: [],
  };
}
