import type { Quota } from '../model/quota.ts';

/**
 * What AWS grants an account in a region, each action by itself. Route 53 is global, and grants the same once more to
 * all its actions together; EC2's is that of
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
  servicediscovery: { burst: 100, perSecond: 50, isGuess: true },
};

const BY_OPERATION: Readonly<Record<string, Quota>> = {
  'ecs:ListClusters': { burst: 50, perSecond: 20 },
  'ecs:DescribeClusters': { burst: 50, perSecond: 20 },
  'ecs:DescribeTaskDefinition': { burst: 50, perSecond: 20 },
  'ecs:StopTask': { burst: 100, perSecond: 40 },
};

/** Record sets changed a second, over all actions that change some. */
const CHANGE_THROUGHPUT: Quota = { burst: 1_000, perSecond: 1_000, isGuess: true };

/** What one request takes of one bucket. */
export interface Draw {
  /** Requests that draw on one bucket have the same. */
  readonly bucket: string;
  readonly quota: Quota;
  readonly cost: number;
  /** Whether a refusal is put down to this bucket. */
  readonly learns: boolean;
}

/**
 * What `service:Operation` draws on, of all buckets at once; nothing where it is not worth keeping to a quota.
 * `changes` are those of a batch of record sets: their throughput is not documented, and so the likeliest cause of a
 * refusal. Source of Route 53's three: Route 53 Developer Guide, "Maximums on API requests".
 */
export function drawsOf(operation: string, changes = 0): readonly Draw[] {
  const service = serviceOf(operation);
  const quota = BY_OPERATION[operation] ?? BY_SERVICE[service];
  if (quota === undefined) return [];
  const bucket = service === 'elbv2' || service === 'elb' ? service : operation;
  const action = { bucket, quota, cost: 1, learns: changes === 0 };
  if (service !== 'route53') return [action];
  const account = { ...action, bucket: service };
  const throughput = { bucket: 'route53 changes', quota: CHANGE_THROUGHPUT, cost: changes, learns: true };
  return changes === 0 ? [action, account] : [action, account, throughput];
}

function serviceOf(operation: string): string {
  return operation.slice(0, operation.indexOf(':'));
}
