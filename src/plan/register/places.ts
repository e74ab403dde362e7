import { firstLabel } from '../../model/dns-name.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { clusterKey, formatOwnIdentifier, taskIdOf } from '../../model/own-identifier.ts';

/** Where an SRV record points, and the address record that has to be there for it, if the zone needs one. */
export interface Place {
  readonly target: string;
  /** The host in the record's set identifier. */
  readonly host: string;
  readonly address: PlaceAddress | undefined;
}

/** An address record as far as its place decides it. `name` is absolute, normalised. */
export interface PlaceAddress {
  readonly name: string;
  readonly setIdentifier: string;
  readonly address: string;
}

/** ARNs of clusters by their names, as far as they are told apart by them. */
export type ClusterArns = ReadonlyMap<string, string>;

/**
 * | the endpoint is reached at                    | target                 | its address record            |
 * |-----------------------------------------------|------------------------|-------------------------------|
 * | a host that EC2 has a name for                | that name              | the host's, as agents write it |
 * | a network interface that ECS has a name for   | that name              | none: the VPC answers for it  |
 * | a network interface without a name            | `TASK_ID.ZONE`         | the task's own                |
 * | anything else                                 | nobody can tell        |                               |
 */
export function placeOf(endpoint: Endpoint, zoneName: string, clusters: ClusterArns): Place | undefined {
  const { container, hostNames } = endpoint;
  const [target] = hostNames;
  if (target !== undefined)
    return { target, host: target, address: hostAddress(target, container, zoneName) };
  const address = container.networkInterface?.address;
  const setIdentifier = taskIdentifier(container, clusters);
  if (address === undefined || setIdentifier === undefined) return undefined;
  const taskId = taskIdOf(container.taskArn);
  const name = `${taskId}.${zoneName}`;
  return { target: name, host: taskId, address: { name, setIdentifier, address } };
}

/** The identifier of a record that is one task's; `undefined` where its cluster is not known by ARN. */
export function taskIdentifier({ cluster, taskArn }: Container, clusters: ClusterArns): string | undefined {
  const key = clusterKey(clusters.get(cluster) ?? '');
  if (key === undefined) return undefined;
  return formatOwnIdentifier({ kind: 'task', cluster: key, taskId: taskIdOf(taskArn) });
}

function hostAddress(target: string, { host }: Container, zoneName: string): PlaceAddress | undefined {
  if (host?.privateDnsName !== target || host.address === undefined) return undefined;
  return { name: `${firstLabel(target)}.${zoneName}`, setIdentifier: target, address: host.address };
}
