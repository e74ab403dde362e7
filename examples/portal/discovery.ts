import type { Resolver } from 'node:dns/promises';
import { addressesOf } from '../common/resolver.ts';
import { orderTargets, type Target } from './order-targets.ts';

/** Where a target is reached. */
export interface Place extends Target {
  readonly address: string;
}

/**
 * How often a name is asked for. Route 53 answers with one of its weighted record sets at a time, so one answer tells
 * of one container; three that are equal are all seen in 24 answers but once in five thousand times.
 */
const LOOKS = 24;

/** The SRV records of a name, drawn from DNS again for each next one. */
export interface Discovery {
  /** Places to try, one after the other, none of them twice; throws where DNS has no answer to the first question. */
  places(name: string): AsyncGenerator<Place>;
  /** All that several answers tell, in the order of host and port. */
  list(name: string): Promise<readonly Place[]>;
}

export function newDiscovery(resolver: Resolver, random: () => number = Math.random): Discovery {
  const look = async (name: string): Promise<readonly Target[]> => {
    const answers = await resolver.resolveSrv(name);
    return answers.map(({ name: host, ...others }) => ({ host, ...others }));
  };
  const place = async (target: Target): Promise<Place | undefined> => {
    const [address] = await addressesOf(resolver, target.host).catch(() => []);
    return address === undefined ? undefined : { ...target, address };
  };
  return {
    async *places(name) {
      const tried = new Set<string>();
      for (let looks = 0; looks < LOOKS; looks++) {
        const targets = looks === 0 ? await look(name) : await look(name).catch(() => []);
        const fresh = orderTargets(targets, random).filter((one) => !tried.has(keyOf(one)));
        for (const target of fresh) {
          tried.add(keyOf(target));
          const found = await place(target);
          if (found !== undefined) yield found;
        }
      }
    },
    list: async (name) => {
      const [first, ...others] = Array.from({ length: LOOKS }, () => look(name));
      const answers = await Promise.all([first ?? [], ...others.map((one) => one.catch(() => []))]);
      const targets = new Map(answers.flat().map((target) => [keyOf(target), target]));
      const sorted = [...targets].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
      const places = await Promise.all(sorted.map(([, target]) => place(target)));
      return places.filter((one) => one !== undefined);
    },
  };
}

function keyOf({ host, port }: Target): string {
  return `${host.toLowerCase()}:${port}`;
}
