import type { RecordSet } from '../../model/record-set.ts';
import type { LoadBalancer, LoadBalancerKind } from '../world/load-balancer.ts';
import { type FleetBuilder, firstCluster } from './fleet-builder.ts';

/** ECS services behind load balancers of every kind, with what `cname` is to make of each. */
export function addBalancedServices(fleet: FleetBuilder): void {
  for (const [serviceName, kind] of [
    ['shop', 'application'],
    ['broker', 'network'],
    ['backoffice', 'classic'],
  ] as const) {
    fleet.expect(managedCname(fleet, serviceName, balance(fleet, serviceName, kind)));
  }
  addUnnameable(fleet);
  addAdopted(fleet);
  addTaken(fleet);
}

function balance(fleet: FleetBuilder, serviceName: string, kind: LoadBalancerKind): LoadBalancer {
  const balancerName = serviceName.replace('_', '-');
  return fleet.addBalancedService({ serviceName, cluster: firstCluster(fleet), kind, balancerName }).balancer;
}

/** ECS takes an underscore in a name, and host names have none. */
function addUnnameable(fleet: FleetBuilder): void {
  const { dnsName } = balance(fleet, 'price_feed', 'application');
  fleet.expect(plainCname(fleet, 'price_feed', dnsName), { fate: 'withheld', reason: 'not-dns-name' });
}

/** An operator has made the record before: it does what is wanted, and stays as it is to the letter. */
function addAdopted(fleet: FleetBuilder): void {
  const { dnsName } = balance(fleet, 'accounts', 'application');
  const set = plainCname(fleet, 'accounts', dnsName);
  fleet.plant(set, { expected: 'foreign', reason: 'record-type' });
  fleet.expect(set);
}

/** The name leads to somewhere else, as an operator wants it. */
function addTaken(fleet: FleetBuilder): void {
  const { dnsName } = balance(fleet, 'status', 'network');
  const elsewhere = plainCname(fleet, 'status', 'status.example.com');
  fleet.plant(elsewhere, { expected: 'foreign', reason: 'record-type' });
  fleet.expect(plainCname(fleet, 'status', dnsName), { fate: 'withheld', reason: 'name-taken' });
}

function managedCname(fleet: FleetBuilder, label: string, { dnsName }: LoadBalancer): RecordSet {
  const { region, account } = fleet.world;
  const SetIdentifier = `ecs-dns:${region}/${account}/${firstCluster(fleet).name}`;
  return { ...plainCname(fleet, label, dnsName), SetIdentifier, Weight: 1, TTL: 60 };
}

function plainCname({ zone }: FleetBuilder, label: string, Value: string): RecordSet {
  return { Name: `${label}.${zone.name}`, Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value }] };
}
