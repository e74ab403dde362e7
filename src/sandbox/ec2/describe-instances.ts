import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { stringsOf } from '../wire/json.ts';
import type { Ec2Instance } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { interfaceOfInstance, ipv4AddressesOf } from './describe-network-interfaces.ts';
import { describePage, refuseMaxResults } from './describe-page.ts';
import { type FilterFields, passesFilters } from './filters.ts';

const MALFORMED = /^(?!i-(?:[0-9a-f]{8}|[0-9a-f]{17})$)/;
export const STATE_CODES: Readonly<Record<string, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

const FIELDS: FilterFields<Ec2Instance> = {
  'instance-id': (instance) => instance.instanceId,
  'private-dns-name': (instance) => instance.privateDnsName,
  'private-ip-address': (instance) => instance.privateIpAddress,
  'ipv6-address': (instance) => instance.ipv6Address,
  'network-interface.addresses.private-ip-address': (instance) =>
    interfaceOfInstance(instance).flatMap(ipv4AddressesOf),
  'network-interface.ipv6-addresses.ipv6-address': (instance) => instance.ipv6Address,
  'instance-state-name': (instance) => instance.state,
  'vpc-id': (instance) => instance.vpcId,
  'subnet-id': (instance) => instance.subnetId,
  'availability-zone': (instance) => instance.availabilityZone,
};

export const describeInstances: Operation = ({ world }, input) => {
  const ids = stringsOf(input['InstanceIds']);
  const isVisible = (one: Ec2Instance) => !one.managed || input['IncludeManagedResources'] === true;
  const matches = passesFilters(input['Filters'], FIELDS);
  if (ids.length === 0) {
    const { items, nextToken } = describePage('DescribeInstances', input, (position, size) =>
      world.instances.page(position, size, (one) => isVisible(one) && matches(one)),
    );
    return { Reservations: items.map(reservation), ...nextToken };
  }
  refuseMaxResults(input, 'instancesSet');
  return { Reservations: byIds(world, ids, isVisible).filter(matches).map(reservation) };
};

function byIds(
  world: World,
  ids: readonly string[],
  isVisible: (instance: Ec2Instance) => boolean,
): readonly Ec2Instance[] {
  const malformed = ids.find((id) => MALFORMED.test(id));
  if (malformed !== undefined)
    throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const found = new Map<string, Ec2Instance>();
  for (const id of ids) {
    const instance = world.instances.get(id);
    if (instance !== undefined && isVisible(instance)) found.set(id, instance);
  }
  const unknown = [...new Set(ids)].filter((id) => !found.has(id));
  if (unknown.length > 0) throw new AwsError('InvalidInstanceID.NotFound', notFoundText(unknown));
  return [...found.values()];
}

function notFoundText(ids: readonly string[]): string {
  const [one] = ids;
  return ids.length === 1
    ? `The instance ID '${one}' does not exist`
    : `The instance IDs '${ids.join(', ')}' do not exist`;
}

function reservation(instance: Ec2Instance): Json {
  return {
    ReservationId: `r-${instance.instanceId.slice(2)}`,
    Instances: [
      {
        InstanceId: instance.instanceId,
        State: { Code: STATE_CODES[instance.state], Name: instance.state },
        PrivateDnsName: instance.privateDnsName,
        PrivateIpAddress: instance.privateIpAddress,
        PrivateDnsNameOptions: instance.privateDnsNameOptions,
        Ipv6Address: instance.ipv6Address,
        VpcId: instance.vpcId,
        SubnetId: instance.subnetId,
        Placement: { AvailabilityZone: instance.availabilityZone, Tenancy: 'default' },
        NetworkInterfaces: interfaceOfInstance(instance),
        Operator: { Managed: instance.managed },
      },
    ],
  };
}
