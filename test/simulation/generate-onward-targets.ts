import { type Shape, times } from './generate-shape-parts.ts';
import { type HostSpec, MINUTE, type WorldEvent } from './history.ts';
import type { OnwardSpec } from './onward-spec.ts';
import type { Random } from './random.ts';

/** Lets agents write names as targets from which records of other tools lead on to their hosts. */
export const onwardTargets: Shape = ({ setup, events, runs, ...history }, random) => {
  const share = random.pick([0.5, 1]);
  const wild = random.chance(0.4) ? random.int(setup.hosts.length) : -1;
  const hosts = setup.hosts.map((host, slot): HostSpec => {
    if (!isMeant(slot, setup.hosts) || !random.chance(share)) return host;
    return { ...host, writesAddress: true, onward: onwardSpec(slot, slot === wild, random) };
  });
  const moves = times(random.chance(0.5) ? random.between(1, 3) : 0, (): WorldEvent => {
    const kind = random.pick(['onward-moves', 'onward-moves', 'onward-goes'] as const);
    const at = random.pick(runs).at + random.between(MINUTE, 4 * MINUTE);
    return { at, kind, salt: random.int(1_000_000_000) };
  });
  return {
    ...history,
    runs,
    setup: { ...setup, hosts },
    events: [...events, ...moves].toSorted((a, b) => a.at - b.at),
  };
};

/** An agent of old alone writes what it is told; of two hosts of one name or address no record of the zone leads to one. */
function isMeant(slot: number, hosts: readonly HostSpec[]): boolean {
  const { cluster, agent, agentless, naming, twinOf, takes, hasSecondAddress } = hosts[slot] ?? {};
  const isPlain = naming === undefined && twinOf === undefined && takes === undefined;
  const isAlone = hosts.every((host) => host.twinOf !== slot && host.takes !== slot);
  const isOfOldAgent = agent !== 'new' && agentless !== true;
  return typeof cluster === 'number' && isPlain && isAlone && isOfOldAgent && hasSecondAddress !== true;
}

/** So far from the numbers of the hosts that there is none at the address which an earlier name says. */
const EARLIER = 60;

function onwardSpec(slot: number, isWild: boolean, random: Random): OnwardSpec {
  const isIdentified = random.chance(0.3);
  const by = random.pick(['cname', 'cname-to-set', 'alias', 'chain'] as const);
  // A plain address is of no host by name: of what identifiers name nothing is known to be there.
  const isPlain = by === 'chain';
  // A host may be known by the name that it had at another address.
  const label = random.chance(0.5) ? `node-${slot}` : `ip-10-0-1-${EARLIER + slot}`;
  if (!isWild) return { by, label, isIdentified: isIdentified || isPlain };
  return {
    by: random.pick(['wildcard', 'wildcard-cname'] as const),
    label: random.chance(0.5) ? label : `${label}.nodes`,
    isIdentified,
  };
}
