import { generate } from '../generate.ts';
import type { History } from '../history.ts';

/** One service on one machine, and nothing that happens by itself. */
export function quietHistory(): History {
  const { setup } = generate(1);
  const host = { cluster: 0, target: 'name', writesAddress: true } as const;
  const service = { name: 's0', cluster: 0, mode: 'bridge', containerPorts: [32_768] } as const;
  const services = [{ ...service, secondName: undefined, pooled: false, graceSeconds: 0 }];
  const sync = { ttl: 0, fargateAgent: true, raceRate: 0 };
  const all = { ...setup, clusters: 1, configuredClusters: 0, hosts: [host], services, sync };
  return { seed: 1, setup: all, events: [], faults: [], runs: [] };
}
