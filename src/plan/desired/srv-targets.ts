import { firstLabel, normalizeName } from '../../model/dns-name.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import { clusterPart, formatManagedIdentifier, taskIdOf } from '../../model/managed-identifier.ts';
import type { SyncOptions } from '../../model/registration.ts';
import type { Wanted } from './desired-context.ts';
import type { HostSpelling } from './host-spelling.ts';

/** Where an SRV record points, and the address record that has to be there for it, if the zone needs one. */
interface SrvTarget {
  readonly target: string;
  /** The host in the record's set identifier. */
  readonly host: string;
  readonly address: TargetAddress | undefined;
  /** Whether the address is one of IPv6, of which no records are wanted. */
  readonly isUnwanted: boolean;
}

/** An address record as far as its target decides it. `name` is absolute, normalised. */
export interface TargetAddress {
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly setIdentifier: string;
  readonly address: string;
}

/**
 * | the endpoint is reached at                    | target                 | its address record            |
 * |-----------------------------------------------|------------------------|-------------------------------|
 * | a host that EC2 has a name for                | that name, or the zone's | the host's, as agents write it |
 * | a network interface that ECS has a name for   | that name              | none: the VPC answers for it  |
 * | a network interface without a name            | `TASK_ID.ZONE`         | the task's own; AAAA where it has no other |
 * | anything else                                 | unknown                |                               |
 */
export function srvTargetOf(
  endpoint: Endpoint,
  zoneName: string,
  { ipv6: isWanted }: Pick<SyncOptions, 'ipv6'>,
  spellingOf: HostSpelling,
): SrvTarget | undefined {
  const { container, hostNames } = endpoint;
  const [ec2Name] = hostNames;
  const target = spellingOf(container) ?? ec2Name;
  if (target !== undefined)
    return {
      target,
      host: target,
      address: hostAddress(ec2Name, target, container, zoneName),
      isUnwanted: false,
    };
  const { address: short, ipv6 } = container.networkInterface ?? {};
  const address = short ?? ipv6;
  const setIdentifier = taskIdentifier(container);
  if (address === undefined || setIdentifier === undefined) return undefined;
  const taskId = taskIdOf(container.taskArn);
  const name = `${taskId}.${zoneName}`;
  const type = short === undefined ? 'AAAA' : 'A';
  const isUnwanted = type === 'AAAA' && !isWanted;
  return { target: name, host: taskId, address: { name, type, setIdentifier, address }, isUnwanted };
}

/** Why what has an IPv6 address alone gets no record while none of such addresses are wanted. */
export function ipv6Only({ name, networkInterface }: Container): Wanted['obstacle'] {
  const detail = `${name} has no address but ${networkInterface?.ipv6}, and records.ipv6 is off`;
  return { reason: 'ipv6-only', detail };
}

/** The identifier of a record that is one task's; `undefined` while the account of its cluster is unknown. */
export function taskIdentifier({ cluster, taskArn }: Container): string | undefined {
  const part = clusterPart(cluster);
  if (part === undefined) return undefined;
  return formatManagedIdentifier({ kind: 'task', cluster: part, taskId: taskIdOf(taskArn) });
}

function hostAddress(
  ec2Name: string | undefined,
  target: string,
  { host }: Container,
  zoneName: string,
): TargetAddress | undefined {
  if (host?.address === undefined || host.privateDnsName !== ec2Name || isIpv6(host.address))
    return undefined;
  const name = `${firstLabel(normalizeName(target))}.${zoneName}`;
  return { name, type: 'A', setIdentifier: target, address: host.address };
}
