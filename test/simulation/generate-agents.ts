import type { History, HostSpec } from './history.ts';
import type { Random } from './random.ts';

/** Gives some hosts `ecs-dns agent` in place of an agent of old, or of none. */
export function withHostAgents({ setup, ...history }: History, random: Random): History {
  const share = random.pick([0.5, 1]);
  const hosts = setup.hosts.map((host): HostSpec => {
    const isMeant = random.chance(share) && isAlone(host, setup.hosts);
    return isMeant ? { ...host, agentless: false, agent: 'new' } : host;
  });
  return { ...history, setup: { ...setup, hosts } };
}

/** An agent takes what bears the name of its host for its own, so that no two hosts may have one name. */
function isAlone(host: HostSpec, hosts: readonly HostSpec[]): boolean {
  const isPlain = ({ naming, twinOf, takes }: HostSpec) =>
    naming === undefined && twinOf === undefined && takes === undefined;
  const isShared = hosts.some(({ twinOf, takes }) => twinOf !== undefined || takes !== undefined);
  return typeof host.cluster === 'number' && isPlain(host) && !isShared;
}
