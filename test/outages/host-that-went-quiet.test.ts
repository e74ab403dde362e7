import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, without } from '../end-to-end/support.ts';

/** A host with two containers that EC2 does not know and whose agent is away, and three good ones. */
async function fleetWithQuietHost(options: {
  readonly behaviour: Behaviour;
  readonly hasAddress: boolean;
  readonly isConnected?: boolean;
}) {
  const fleet = newFleet({ machines: 4 });
  const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 8 });
  const [quiet] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (quiet?.containerInstance === undefined) throw new TypeError('there is no machine');
  if (options.hasAddress) {
    fleet.plantHost(quiet.privateDnsName, quiet.address, { expected: 'live', reason: 'healthy' });
  }
  for (const member of live) {
    if (member.address === quiet.address) fleet.behave(member, options.behaviour);
  }
  await listen(fleet);
  fleet.world.instances.delete(quiet.instanceId);
  quiet.containerInstance.agentConnected = options.isConnected ?? false;
  const quietSets = liveSets.filter((_, index) => live[index]?.address === quiet.address);
  return { fleet, quietSets, before: fleet.zone.list(), server: await serve(fleet.world) };
}

describe('a host that EC2 does not know, and whose agent is not connected', () => {
  test('counts as there while its containers answer at the address that the zone gives it', async () => {
    const { fleet, before, server } = await fleetWithQuietHost({
      behaviour: { kind: 'healthy' },
      hasAddress: true,
    });

    const { summary } = await openWorker(server, PROBING).apply();

    expect(summary).toMatchObject({ unhealthy: 0, removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('is gone once they do not answer there either', async () => {
    const { fleet, quietSets, before, server } = await fleetWithQuietHost({
      behaviour: { kind: 'refuse' },
      hasAddress: true,
    });

    const { entries } = await openWorker(server, PROBING).apply();

    const reasons = entries.filter(({ type, verdict }) => type === 'SRV' && verdict === 'stale');
    expect(reasons.map(({ reason }) => reason)).toEqual(quietSets.map(() => 'instance-gone'));
    const left = fleet.zone.list().filter(({ Type }) => Type === 'SRV');
    expect(left).toEqual(without(before, quietSets).filter(({ Type }) => Type === 'SRV'));
  });

  test('stays whatever its containers answer while the agent is connected', async () => {
    const { fleet, before, server } = await fleetWithQuietHost({
      behaviour: { kind: 'healthy' },
      hasAddress: true,
      isConnected: true,
    });

    const { incomplete, summary } = await openWorker(server, PROBING).apply();

    expect(incomplete).toMatchObject([{ operation: 'ec2:DescribeInstances' }]);
    expect(summary).toMatchObject({ removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });
});
