import type { Ports } from './ports.ts';

type Words = { readonly [P in keyof Ports]?: { readonly [M in keyof Ports[P]]?: string } };

/** What a run is at while it waits for a port, as an operator is told. */
const STEPS: Words = {
  zone: {
    find: 'finding the zone',
    read: 'reading the zone',
    readNames: 'reading names of the zone once more',
    apply: 'applying changes',
    isInSync: 'asking whether earlier removals are answered everywhere',
  },
  inventory: {
    take: 'taking the inventory',
    lookUpUnknownHosts: 'looking up unknown hosts',
    confirm: 'confirming what is stale',
    lookUpGracePeriods: 'looking up grace periods',
    readTargetHealth: 'asking target groups',
    readEcsHealth: 'asking ECS how containers are',
    readBalancedServices: 'reading services',
    confirmServices: 'confirming services',
  },
  prober: { probe: 'probing endpoints' },
  state: { load: 'reading what earlier runs left', save: 'writing what later runs need' },
  journal: { write: 'writing the journal', settle: 'writing the journal' },
  publisher: { publish: 'sending events' },
  stopper: {
    describeServices: 'looking at services with unhealthy tasks',
    findRunning: 'looking at unhealthy tasks',
    stop: 'stopping tasks',
  },
};

/** The same ports; `onStep` is told what is waited for, whenever that changes. */
export function tellingSteps<P extends Partial<Ports>>(
  ports: P,
  onStep: ((step: string) => void) | undefined,
): P {
  if (onStep === undefined) return ports;
  const underWay: string[] = [];
  const tell = () => {
    if (underWay.length > 0) onStep([...new Set(underWay)].join(' and '));
  };
  const during = async (step: string, call: () => unknown) => {
    underWay.push(step);
    tell();
    try {
      return await call();
    } finally {
      underWay.splice(underWay.indexOf(step), 1);
      tell();
    }
  };
  const told = Object.entries(ports).map(([name, port]) => {
    const words = STEPS[name as keyof Ports];
    return [name, words === undefined ? port : telling(port, words, during)];
  });
  return Object.fromEntries(told) as P;
}

function telling(
  port: object,
  words: Readonly<Record<string, string>>,
  during: (step: string, call: () => unknown) => Promise<unknown>,
): object {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      const step = typeof name === 'string' ? words[name] : undefined;
      if (typeof member !== 'function' || step === undefined) return member;
      return (...args: unknown[]) => during(step, () => member.apply(target, args));
    },
  });
}
