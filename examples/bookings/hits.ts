import { createClient } from '@redis/client';
import { type Environment, wholeNumber } from '../common/environment.ts';
import { addressesOf, newResolver } from '../common/resolver.ts';

const ZONE = 'servicediscovery.internal';
const REDIS_PORT = { byDefault: 6379, most: 65_535 };
const TIMEOUT_MS = 1_000;

/** Hits, counted in redis. */
export interface Hits {
  /** Counts one more, and tells how many there are; `undefined` while redis does not answer. */
  count(name: string): Promise<number | undefined>;
}

type Redis = ReturnType<typeof connect>;

/**
 * Counts in the redis that has the A record `redis` in `ZONE`, at `REDIS_PORT`. Its address is looked up for each
 * connection, since the next redis has another one.
 */
export function newHits(env: Environment): Hits {
  const host = `redis.${env['ZONE'] || ZONE}`;
  const port = wholeNumber(env, 'REDIS_PORT', REDIS_PORT);
  const resolver = newResolver(env);
  let current: Redis | undefined;
  const open = async (): Promise<Redis> => {
    const [address = ''] = await addressesOf(resolver, host);
    const redis = connect(address, port);
    // Without a listener an error would end the process; what awaits an answer is told anyway.
    redis.on('error', () => {});
    await redis.connect();
    return redis;
  };
  const increment = async (name: string): Promise<number> => {
    current ??= await open();
    return current.withAbortSignal(AbortSignal.timeout(TIMEOUT_MS)).incr(`hits:${name}`);
  };
  const drop = () => {
    current?.destroy();
    current = undefined;
  };
  return {
    count: async (name) => {
      try {
        return await increment(name);
      } catch {
        drop();
      }
      // The connection may be to a redis that is gone.
      try {
        return await increment(name);
      } catch {
        drop();
        return undefined;
      }
    },
  };
}

function connect(host: string, port: number) {
  return createClient({
    // Every redis speaks it, and counting needs no more.
    RESP: 2,
    socket: { host, port, connectTimeout: TIMEOUT_MS, reconnectStrategy: false },
    disableOfflineQueue: true,
  });
}
