import * as fc from 'fast-check';
import { taskKey } from '../../src/model/cluster.ts';
import type { ConfirmationReads, Machine } from '../../src/model/confirmation.ts';
import type { Inventory, SightedInstance } from '../../src/model/inventory.ts';
import { BLUE, GREEN } from '../clusters.ts';
import { taskId } from './addresses.ts';
import { unreadScope } from './confirmations.ts';
import { ENDED_TASKS, HOSTS, TASKS, tenancyArbitrary, tenantEndpoint } from './fleets.ts';
import { hostName } from './support.ts';

const INSTANCE_IDS = HOSTS.map((n) => `i-${n}`);
const NAMES = [1, 2, 3, 4].map(hostName);
/** Tasks and addresses as the fleets have them, and some that are in none. */
const NUMBERED = [...TASKS, ...ENDED_TASKS].flatMap((n) =>
  [BLUE, GREEN].map((cluster) => taskKey(cluster, taskId(n))),
);
const ADDRESSES = [...TASKS, ...ENDED_TASKS, 1, 70].flatMap((n) => [`10.0.0.${n}`, `fd00::${n}`]);
/** Apart from those of the fleets, so that what is found is never what was known. */
const FOUND_PORTS = [1001, 1002, 1003] as const;

const machineArbitrary: fc.Arbitrary<Machine> = fc.record({
  agentConnected: fc.boolean(),
  tasks: fc.constantFrom(0, 0, 1, 2, 3, undefined),
  listed: fc.constantFrom(0, 0, 0, 1, 2, 3, unreadScope('ecs:ListTasks')),
});

const sightedArbitrary: fc.Arbitrary<readonly SightedInstance[]> = fc
  .subarray([...INSTANCE_IDS, 'i-9'])
  .map((ids) => ids.map((instanceId) => ({ instanceId, vpcId: undefined })));

/** Tasks on the hosts of a fleet, in any phase, of any service, on ports that others may hold. */
function foundArbitrary({ hosts }: Inventory) {
  const tenancy = fc.record({
    on: fc.constantFrom(...hosts),
    port: fc.constantFrom(...FOUND_PORTS),
    how: tenancyArbitrary(['running', 'running', 'starting', 'stopping', 'stopped']),
  });
  return fc
    .array(tenancy, { maxLength: 3 })
    .map((all) =>
      all.map(({ on, port, how }) =>
        tenantEndpoint({ ...how, port, n: 20 + Number(on.instanceId.slice(2)) }, on),
      ),
    );
}

/** Whatever a confirmation may see, be it true, half of it, or nothing at all. */
export function confirmationArbitrary(inventory: Inventory): fc.Arbitrary<ConfirmationReads> {
  return fc
    .record({
      machines: fc.tuple(...HOSTS.map(() => fc.option(machineArbitrary, { nil: undefined, freq: 6 }))),
      instances: fc.subarray(INSTANCE_IDS),
      existing: fc.subarray(NAMES),
      sighted: fc.tuple(...NAMES.map(() => sightedArbitrary)),
      unasked: fc.subarray([...INSTANCE_IDS, ...HOSTS.map((n) => `arn:instance/${n}`)]),
      tasks: fc.tuple(
        ...NUMBERED.map(() =>
          fc.option(fc.constantFrom('there', 'ended', 'ended'), { nil: undefined, freq: 5 }),
        ),
      ),
      addresses: fc.tuple(
        ...ADDRESSES.map(() => fc.option(fc.subarray(['eni-60', 'eni-61', 'eni-9']), { nil: undefined })),
      ),
      isCut: fc.boolean(),
      found: foundArbitrary(inventory),
    })
    .map(({ machines, instances, existing, sighted, unasked, isCut, found, tasks, addresses }) => ({
      containers: found.map(({ container }) => container),
      endpoints: found,
      machines: new Map(
        machines.flatMap((one, i) => (one === undefined ? [] : [[`arn:instance/${i + 1}`, one] as const])),
      ),
      instances: new Set(instances),
      named: {
        existing: new Set(existing),
        instances: new Map(NAMES.map((name, i) => [name, sighted[i] ?? []])),
        incomplete: isCut ? [unreadScope('ec2:DescribeInstances')] : [],
      },
      tasks: new Map(
        tasks.flatMap((state, i) => (state === undefined ? [] : [[String(NUMBERED[i]), state] as const])),
      ),
      addresses: new Map(
        addresses.flatMap((ids, i) =>
          ids === undefined ? [] : [[String(ADDRESSES[i]), ids.map((id) => ({ id, vpcId: undefined }))]],
        ),
      ),
      unasked: new Map(unasked.map((what) => [what, unreadScope('x')])),
      incomplete: [],
    }));
}
