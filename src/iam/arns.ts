import type { PolicyNeeds } from './policy-needs.ts';

const ANY = '*';

/** The partitions whose regions can be told by their names. Source: the SDK's partitions.json. */
const PARTITIONS: readonly (readonly [regions: RegExp, partition: string])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^[a-z]+-iso-/, 'aws-iso'],
  [/^[a-z]+-isob-/, 'aws-iso-b'],
  [/^[a-z]+-isoe-/, 'aws-iso-e'],
  [/^[a-z]+-isof-/, 'aws-iso-f'],
  [/^eusc-/, 'aws-eusc'],
];

type Scoped = Pick<PolicyNeeds, 'clusters' | 'scope'>;

/** The ARN of the zone. Route 53 is global: no region, no account. */
export function zoneArn(needs: PolicyNeeds): string {
  return `arn:${partitionOf(needs)}:route53:::hostedzone/${needs.zoneId}`;
}

/** Changes of any zone: their ids are not known before. */
export function changeArns(needs: PolicyNeeds): readonly string[] {
  return [`arn:${partitionOf(needs)}:route53:::change/*`];
}

/** The ARNs of the clusters, or one pattern for all of them. A cluster given by its ARN keeps it. */
export function clusterArns(needs: Scoped): readonly string[] {
  const clusters = needs.clusters.length === 0 ? [ANY] : needs.clusters;
  const arns = clusters.map((cluster) =>
    isArn(cluster) ? cluster : `${regionalPrefix('ecs', needs)}:cluster/${cluster}`,
  );
  return [...new Set(arns)].toSorted();
}

/** What belongs to a cluster, as ARNs name it. */
export const MEMBER_KINDS = ['container-instance', 'service', 'task'] as const;

/**
 * Patterns for everything of these kinds in the regions and accounts of the clusters. They say nothing of the cluster:
 * ARNs of the old format have no cluster name in them, so that is left to the condition.
 */
export function memberArns(
  needs: Scoped,
  kinds: readonly (typeof MEMBER_KINDS)[number][] = MEMBER_KINDS,
): readonly string[] {
  const prefixes = clusterArns(needs).map((arn) => arn.slice(0, arn.indexOf(':cluster/')));
  return [...new Set(prefixes)].flatMap((prefix) => kinds.map((kind) => `${prefix}:${kind}/*`));
}

export function tableArn(table: string, needs: Scoped): string {
  return `${regionalPrefix('dynamodb', needs)}:table/${table}`;
}

/** The ARN of an event bus. A bus given by its ARN keeps it. */
export function eventBusArn(bus: string, needs: Scoped): string {
  return isArn(bus) ? bus : `${regionalPrefix('events', needs)}:event-bus/${bus}`;
}

const QUEUE_URL = /^https?:\/\/(?:sqs\.([a-z0-9-]+)\.)?[^/]*\/(\d{12})\/([^/]+)$/;

/** The ARN of a queue by its URL, which tells its account, and mostly its region. */
export function queueArn(url: string, needs: Scoped): string {
  const [, region = needs.scope.region ?? ANY, account = ANY, name = ANY] = QUEUE_URL.exec(url) ?? [];
  return `arn:${partitionOf(needs)}:sqs:${region}:${account}:${name}`;
}

/** `arn:aws:ecs:us-east-1:123456789012`, with a `*` for what is not known. */
function regionalPrefix(service: string, needs: Scoped): string {
  const { region = ANY, account = ANY } = needs.scope;
  return `arn:${partitionOf(needs)}:${service}:${region}:${account}`;
}

/** That of the region; without one, that of a cluster's ARN; else the commercial one. */
function partitionOf({ scope, clusters }: Scoped): string {
  const { region } = scope;
  if (region === undefined) return clusters.find(isArn)?.split(':')[1] ?? 'aws';
  return PARTITIONS.find(([regions]) => regions.test(region))?.[1] ?? 'aws';
}

function isArn(reference: string): boolean {
  return reference.startsWith('arn:');
}
