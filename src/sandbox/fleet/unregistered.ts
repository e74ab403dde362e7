import { REASONS } from '../../model/verdict.ts';
import type { World } from '../world/world.ts';
import type { Fleet } from './generate-fleet.ts';
import type { Planted } from './planted.ts';
import type { Fate, Registrable } from './registrable.ts';

/**
 * The fleet with nothing in its zone but what other people keep there: all of its own is still to be
 * registered. `probed` tells whether its containers answer, and are asked.
 */
export function unregistered(fleet: Fleet, { probed }: { readonly probed: boolean }): Fleet {
  const isForeign = ({ expected }: Planted) => expected === 'foreign';
  const own = fleet.planted.filter((one) => !isForeign(one));
  for (const { name, type, setIdentifier } of own) {
    fleet.zone.delete({ Name: name, Type: type, SetIdentifier: setIdentifier });
  }
  const asked = probed ? own : own.map(unasked);
  const services = [
    ...servicesOf(asked, drainedNames(fleet.world)),
    ...fleet.registrable.map((one) => (probed ? one : unaskedFate(one))),
  ];
  return {
    ...fleet,
    planted: fleet.planted.filter(isForeign),
    registrable: [...services, ...hostsOf(asked, services)],
  };
}

/** What only a probe can tell, so that it is unknown of a container that is not probed. */
const PROBED_REASONS: readonly string[] = [...Object.keys(REASONS.unhealthy), 'grace-period'];

function unasked(planted: Planted): Planted {
  return PROBED_REASONS.includes(planted.reason)
    ? { ...planted, expected: 'live', reason: 'running' }
    : planted;
}

function unaskedFate({ name, type, value, ...fate }: Registrable): Registrable {
  const isTold = fate.fate === 'registered' || !PROBED_REASONS.includes(fate.reason);
  return { name, type, value, ...(isTold ? fate : { fate: 'registered' }) };
}

/** What planted entries of the agents' lead to; those that are stale or cannot be known lead to nothing. */
function servicesOf(planted: readonly Planted[], drained: ReadonlySet<string>): readonly Registrable[] {
  const services = planted.filter(({ type }) => type === 'SRV');
  const isDrained = ({ value }: Planted) => drained.has(targetOf(value));
  const served = new Set(services.filter((one) => isLive(one) && !isDrained(one)).map(({ name }) => name));
  return services.flatMap((one): readonly Registrable[] => {
    const fate = fateOf(one, isDrained(one) && served.has(one.name));
    const { name, type, value } = one;
    return fate === undefined ? [] : [{ name, type, value, ...fate }];
  });
}

/** A host that is drained is as good as none, where the name has another. */
function fateOf(planted: Planted, isReplaced: boolean): Fate | undefined {
  const { expected, reason } = planted;
  if (isLive(planted)) return isReplaced ? { fate: 'withheld', reason: 'draining' } : { fate: 'registered' };
  const isAsked = expected === 'unhealthy' || reason === 'grace-period';
  return isAsked ? { fate: 'withheld', reason } : undefined;
}

/** The address of every host at which a service is registered, and of no other. */
function hostsOf(planted: readonly Planted[], services: readonly Registrable[]): readonly Registrable[] {
  const needed = new Set(
    services.flatMap(({ fate, value }) => (fate === 'registered' ? targetOf(value) : [])),
  );
  return planted
    .filter((one) => one.type === 'A' && isLive(one) && needed.has(one.setIdentifier ?? ''))
    .map(({ name, type, value }) => ({ name, type, value, fate: 'registered' }));
}

function isLive({ expected }: Planted): boolean {
  return expected === 'live';
}

/** The last part of an SRV value; every other value as it is. */
function targetOf(value: string): string {
  return value.slice(value.lastIndexOf(' ') + 1);
}

/** The names of hosts that are drained, and of the network interfaces of their tasks. */
function drainedNames({ machines, clusters }: World): ReadonlySet<string> {
  const drained = [...machines.values()].filter(
    ({ containerInstance }) => containerInstance?.status === 'DRAINING',
  );
  const instances = new Set(drained.map(({ containerInstance }) => containerInstance?.containerInstanceArn));
  const tasks = [...clusters.values()]
    .flatMap((cluster) => [...cluster.tasks.values()])
    .filter(
      ({ containerInstanceArn }) => containerInstanceArn !== undefined && instances.has(containerInstanceArn),
    );
  const details = tasks.flatMap(({ attachments }) => attachments.flatMap((one) => one.details));
  const own = details.filter(({ name }) => name === 'privateDnsName').map(({ value }) => value);
  return new Set([...drained.map(({ privateDnsName }) => privateDnsName), ...own]);
}
