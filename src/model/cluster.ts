/**
 * An ECS cluster. Its ARN is its key, everywhere: two clusters of one name in two regions or accounts are
 * two. Its name is what people are shown.
 */
export interface Cluster {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** `undefined` as long as nothing that was read tells it; such a cluster has neither tasks nor hosts. */
  readonly account: string | undefined;
}

const ECS_ARN = /^arn:(aws[a-z-]*):ecs:([a-z0-9-]+):(\d+):/;

/**
 * The cluster of an ARN, or of a name in a region: then the first of `arns` that ECS gave anything in that
 * region tells the account. ARNs of the old form, which leave the cluster out, tell it too.
 */
export function clusterOf(nameOrArn: string, region: string, arns: Iterable<string>): Cluster {
  const name = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
  for (const arn of [nameOrArn, ...arns]) {
    const [, partition, home, account] = ECS_ARN.exec(arn) ?? [];
    if (home === undefined || (arn !== nameOrArn && home !== region)) continue;
    return { arn: `arn:${partition}:ecs:${home}:${account}:cluster/${name}`, name, region: home, account };
  }
  return { arn: `arn:aws:ecs:${region}::cluster/${name}`, name, region, account: undefined };
}

/** How ECS is asked about a cluster: by its ARN, or by its name alone while its account is unknown. */
export function requestNameOf({ arn, name, account }: Cluster): string {
  return account === undefined ? name : arn;
}

/** Each cluster once, in the order of their names. */
export function distinctClusters<C extends Cluster>(clusters: Iterable<C>): readonly C[] {
  const byArn = new Map([...clusters].map((cluster) => [cluster.arn, cluster]));
  const inOrder = (a: Cluster, b: Cluster) => (a.name === b.name ? a.arn < b.arn : a.name < b.name);
  return [...byArn.values()].toSorted((a, b) => (inOrder(a, b) ? -1 : 1));
}

/** Groups what belongs to clusters, in the order of their first members. */
export function groupByCluster<T extends { readonly cluster: Cluster }>(
  items: Iterable<T>,
): readonly (readonly [Cluster, readonly T[]])[] {
  const groups = new Map<string, readonly [Cluster, T[]]>();
  for (const item of items) {
    const group = groups.get(item.cluster.arn) ?? [item.cluster, []];
    group[1].push(item);
    groups.set(item.cluster.arn, group);
  }
  return [...groups.values()];
}

/** The account and region of an ARN, with its partition and service. */
export function areaOf(arn: string): string {
  return arn.split(':').slice(0, 5).join(':');
}

/** The key of an ECS service: its name is unique within its cluster. */
export function serviceKey({ arn }: Pick<Cluster, 'arn'>, service: string): string {
  return `${arn} ${service}`;
}

/** The key of a task by the last part of its ARN, which is unique within its cluster. */
export function taskKey({ arn }: Pick<Cluster, 'arn'>, taskId: string): string {
  return `${arn}/${taskId}`;
}

/** The key of a machine: the same instance may be registered with several clusters. */
export function hostKey(host: {
  readonly cluster: Cluster;
  readonly instanceId: string | undefined;
}): string {
  return `${host.cluster.arn} ${host.instanceId}`;
}
