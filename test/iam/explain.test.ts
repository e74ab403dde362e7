import { expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve } from '../end-to-end/support.ts';
import { authorizationRequest } from './authorization-requests.ts';
import { isAllowed } from './evaluate-policy.ts';
import { policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

/** Entries of containers that are gone from hosts that are there, and from one that EC2 does not know. */
async function fleetWithStale() {
  const fleet = newFleet();
  addService(fleet, '_blue._tcp', { live: 2, stale: 2 });
  fleet.plantHost('ip-10-66-0-1.ec2.internal', '10.66.0.1', { expected: 'stale', reason: 'instance-gone' });
  fleet.world.hostedZones.delete(fleet.zone.id);
  Object.assign(fleet.zone, { id: ZONE_ID });
  fleet.world.hostedZones.set(ZONE_ID, fleet.zone);
  return { world: fleet.world, server: await serve(fleet.world) };
}

test.each(['_blue._tcp', 'ip-10-66-0-1'])('explain of %s sends nothing that plan may not', async (name) => {
  const { world, server } = await fleetWithStale();
  const flags = { '--zone': ZONE_ID, '--clusters': 'blue', '--health-allow': '127.0.0.0/8' };

  const { code, stdout } = await runHere(['explain', name, ...Object.entries(flags).flat()], server.url);

  expect(code).toBe(0);
  expect(stdout).toContain('Confirmation');
  const policy = policyOf(flags, { readOnly: true, scope: SOMEWHERE });
  const denied = server.log.filter((request) => !isAllowed(policy, authorizationRequest(request, world)));
  expect(denied).toEqual([]);
});

test.each([[['--policy', 'sync']], [['--policy', 'prune', '--manage', 'zone']]])(
  'compare with %j sends nothing that plan may not after the switch',
  async (switched) => {
    const { world, server } = await fleetWithStale();
    const flags = { '--zone': ZONE_ID, '--clusters': 'blue', '--health-allow': '127.0.0.0/8' };

    const args = ['compare', '--dry-run', ...switched, ...Object.entries(flags).flat()];
    const { code } = await runHere(args, server.url);

    expect(code).toBe(0);
    const policy = policyOf({ ...flags, '--policy': switched[1] }, { readOnly: true, scope: SOMEWHERE });
    const denied = server.log.filter((request) => !isAllowed(policy, authorizationRequest(request, world)));
    expect(denied).toEqual([]);
  },
);
