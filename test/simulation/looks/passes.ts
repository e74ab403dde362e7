import type { FleetPorts } from '../../../src/run/ports.ts';
import type { Session } from '../aws/session.ts';

/** One reading of a look, and what followed from it. */
export interface Pass {
  readonly session: Session;
  readonly ports: FleetPorts;
}

/**
 * Ports that are those of the pass under way: the first reading of a scope after a pause begins another one; in the same
 * pass a scope may be read twice. What was asked between two passes is known to the second.
 */
export function followingPass(first: Pass, begin: (index: number) => Pass) {
  let pass = first;
  let passes = 1;
  let hasPaused = false;
  const takeScope: FleetPorts['inventory']['takeScope'] = (...asked) => {
    if (hasPaused) {
      const { probed } = pass.session;
      pass = begin(passes++);
      for (const [key, kind] of probed) pass.session.probed.set(key, kind);
    }
    hasPaused = false;
    return pass.ports.inventory.takeScope(...asked);
  };
  const sleep: FleetPorts['clock']['sleep'] = (...asked) => {
    hasPaused = true;
    return pass.ports.clock.sleep(...asked);
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
    clock: new Proxy({} as FleetPorts['clock'], {
      get: (_, key) => (key === 'sleep' ? sleep : Reflect.get(pass.ports.clock, key)),
    }),
  };
  return { ports, current: () => pass };
}
