/** A token bucket of AWS: requests that may come at once, and how many more each second. */
export interface Quota {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * What AWS grants an account in a region, each action by itself. Route 53 is global; EC2's is that of
 * filtered and paginated reads, and EventBridge's that of the regions which are granted the least.
 * An API of Elastic Load Balancing has one bucket for all its actions that only read; `elb` is that of
 * Classic Load Balancers.
 * Sources: Amazon ECS API Reference, "Request throttling"; Amazon EC2 Developer Guide, "Request
 * throttling"; Route 53 Developer Guide, "Maximums on API requests"; Amazon EventBridge User Guide,
 * "Quotas"; Elastic Load Balancing User Guide, "Request throttling for the ELB API".
 */
const BY_SERVICE: Readonly<Record<string, Quota>> = {
  ecs: { burst: 100, perSecond: 20 },
  ec2: { burst: 100, perSecond: 20 },
  route53: { burst: 50, perSecond: 10 },
  events: { burst: 400, perSecond: 400 },
  elbv2: { burst: 40, perSecond: 10 },
  elb: { burst: 40, perSecond: 10 },
};

const BY_OPERATION: Readonly<Record<string, Quota>> = {
  'ecs:ListClusters': { burst: 50, perSecond: 20 },
  'ecs:DescribeClusters': { burst: 50, perSecond: 20 },
  'ecs:DescribeTaskDefinition': { burst: 50, perSecond: 20 },
  'ecs:StopTask': { burst: 100, perSecond: 40 },
};

/** The documented quota of `service:Operation`; `undefined` where it is not worth keeping to one. */
export function quotaOf(operation: string): Quota | undefined {
  return BY_OPERATION[operation] ?? BY_SERVICE[serviceOf(operation)];
}

/** What the bucket of `service:Operation` is called; operations that share one have the same. */
export function bucketOf(operation: string): string {
  const service = serviceOf(operation);
  return service === 'elbv2' || service === 'elb' ? service : operation;
}

function serviceOf(operation: string): string {
  return operation.slice(0, operation.indexOf(':'));
}
