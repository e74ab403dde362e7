import type { Ec2Instance } from '../world/machine.ts';
import { storedName } from '../world/record-name.ts';
import { DEFAULT_VPC } from '../world/vpc.ts';
import type { World } from '../world/world.ts';
import type { AwsName } from './name-view.ts';

const GONE: AwsName = { exists: false, addresses: [] };

/** What AWS answers itself: load balancers to everyone, hosts and network interfaces in their VPC alone. */
export function awsNameOf(world: World, name: string, isVpc: boolean): AwsName | undefined {
  if (/\.elb(\.[a-z0-9-]+)?\.amazonaws\.com\.$/.test(name)) return balancerOf(world, name);
  const domain = storedName(world.privateDnsNameOf('*').replace(/^[^.]*\./, ''));
  return isVpc && name.endsWith(`.${domain}`) ? hostOf(world, name) : undefined;
}

function balancerOf(world: World, name: string): AwsName {
  for (const { dnsName, addresses } of world.loadBalancers.values())
    if (storedName(dnsName) === name || `dualstack.${storedName(dnsName)}` === name)
      return { exists: true, addresses };
  return GONE;
}

function hostOf(world: World, name: string): AwsName {
  const address = /^ip-(\d+)-(\d+)-(\d+)-(\d+)\./.exec(name)?.slice(1).join('.');
  for (const instance of world.instances.values()) {
    if (instance.vpcId !== DEFAULT_VPC) continue;
    const addresses = addressesOf(instance, name, address);
    if (addresses.length > 0) return { exists: true, addresses };
  }
  const isThere = address !== undefined && hasInterface(world, address);
  return isThere ? { exists: true, addresses: [address] } : GONE;
}

/** The addresses of an instance under one of its names; none under any other. */
function addressesOf(instance: Ec2Instance, name: string, address: string | undefined): readonly string[] {
  const { instanceId, privateIpAddress, ipv6Address, secondaryAddresses = [] } = instance;
  const own = [privateIpAddress, ipv6Address].filter((one) => one !== undefined);
  if (storedName(instance.privateDnsName) === name) return own;
  if (isNamedById(instance) && name.startsWith(`${instanceId}.`)) return own;
  return [...own, ...secondaryAddresses].filter((one) => one === address);
}

function isNamedById({ privateDnsNameOptions: options }: Ec2Instance): boolean {
  return options?.hostnameType === 'resource-name' || options?.enableResourceNameDnsARecord === true;
}

/** Whether a task that has not stopped has the address. */
function hasInterface(world: World, address: string): boolean {
  for (const cluster of world.clusters.values())
    for (const { lastStatus, attachments } of cluster.tasks.values())
      if (lastStatus !== 'STOPPED' && attachments.some(({ details }) => details.some(isAddress))) return true;
  return false;

  function isAddress(detail: { readonly name: string; readonly value: string }): boolean {
    return detail.name === 'privateIPv4Address' && detail.value === address;
  }
}
