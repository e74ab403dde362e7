import { firstLabel } from '../../model/dns-name.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { clusterPart, formatManagedIdentifier, taskIdOf } from '../../model/managed-identifier.ts';

/** Where an SRV record points, and the address record that has to be there for it, if the zone needs one. */
interface SrvTarget {
  readonly target: string;
  /** The host in the record's set identifier. */
  readonly host: string;
  readonly address: TargetAddress | undefined;
}

/** An address record as far as its target decides it. `name` is absolute, normalised. */
export interface TargetAddress {
  readonly name: string;
  readonly setIdentifier: string;
  readonly address: string;
}

/**
 * | the endpoint is reached at                    | target                 | its address record            |
 * |-----------------------------------------------|------------------------|-------------------------------|
 * | a host that EC2 has a name for                | that name              | the host's, as agents write it |
 * | a network interface that ECS has a name for   | that name              | none: the VPC answers for it  |
 * | a network interface without a name            | `TASK_ID.ZONE`         | the task's own                |
 * | anything else                                 | unknown                |                               |
 */
export function srvTargetOf(endpoint: Endpoint, zoneName: string): SrvTarget | undefined {
  const { container, hostNames } = endpoint;
  const [target] = hostNames;
  if (target !== undefined)
    return { target, host: target, address: hostAddress(target, container, zoneName) };
  const address = container.networkInterface?.address;
  const setIdentifier = taskIdentifier(container);
  if (address === undefined || setIdentifier === undefined) return undefined;
  const taskId = taskIdOf(container.taskArn);
  const name = `${taskId}.${zoneName}`;
  return { target: name, host: taskId, address: { name, setIdentifier, address } };
}

/** The identifier of a record that is one task's; `undefined` while the account of its cluster is unknown. */
export function taskIdentifier({ cluster, taskArn }: Container): string | undefined {
  const part = clusterPart(cluster);
  if (part === undefined) return undefined;
  return formatManagedIdentifier({ kind: 'task', cluster: part, taskId: taskIdOf(taskArn) });
}

function hostAddress(target: string, { host }: Container, zoneName: string): TargetAddress | undefined {
  if (host?.privateDnsName !== target || host.address === undefined) return undefined;
  return { name: `${firstLabel(target)}.${zoneName}`, setIdentifier: target, address: host.address };
}
