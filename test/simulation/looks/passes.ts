import type { FleetPorts } from '../../../src/run/ports.ts';
import type { Session } from '../aws/session.ts';

/** One reading of a look, and what followed from it. */
export interface Pass {
  readonly session: Session;
  readonly ports: FleetPorts;
}

/**
 * Ports that are those of the pass under way: each reading of a scope but the first begins another one. What was asked
 * between two passes is known to the second.
 */
export function followingPass(first: Pass, begin: (index: number) => Pass) {
  let pass = first;
  let readings = 0;
  const takeScope: FleetPorts['inventory']['takeScope'] = (...asked) => {
    if (readings++ > 0) {
      const { probed } = pass.session;
      pass = begin(readings - 1);
      for (const [key, kind] of probed) pass.session.probed.set(key, kind);
    }
    return pass.ports.inventory.takeScope(...asked);
  };
  const part = <K extends keyof FleetPorts>(name: K): FleetPorts[K] =>
    new Proxy({} as FleetPorts[K], { get: (_, key) => Reflect.get(pass.ports[name], key) });
  const ports: FleetPorts = {
    zone: part('zone'),
    inventory: new Proxy({} as FleetPorts['inventory'], {
      get: (_, key) => (key === 'takeScope' ? takeScope : Reflect.get(pass.ports.inventory, key)),
    }),
    prober: part('prober'),
    state: part('state'),
    journal: part('journal'),
    publisher: part('publisher'),
    stopper: part('stopper'),
    clock: part('clock'),
  };
  return { ports, current: () => pass };
}
