import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { Clock } from '../model/clock.ts';
import { type CallCounts, createCallCounter } from './call-counter.ts';
import { readableBatchErrors } from './change-batch-errors.ts';
import { partialAnswers } from './partial-answers.ts';
import { partialTasks } from './partial-task-parser.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { systemClock } from './system-clock.ts';

/** The SDK clients of one process, and the count of what they have sent. */
export interface AwsClients {
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  /** For ChangeResourceRecordSets alone: it never retries by itself, because a lost reply needs a look first. */
  readonly route53Changes: Route53Client;
  /** For StopTask alone, built when it is first asked for: it never retries by itself. */
  ecsStops(): ECSClient;
  /** For the memory of failures; loaded and built when it is first asked for. */
  dynamoDb(): Promise<DynamoDBClient>;
  /**
   * For an event bus; loaded and built when it is first asked for. `region` is that of the bus, where it is
   * known. It never retries by itself, because single events of a request may fail.
   */
  eventBridge(region?: string): Promise<EventBridgeClient>;
  /** For the CNAMEs of load-balanced services; loaded and built when they are first asked for. */
  loadBalancing(): Promise<LoadBalancingClients>;
  /** Requests sent since the last time it was asked, by `service:Operation`. */
  drainCalls(): CallCounts;
  /** Closes the connections that are kept alive. */
  destroy(): void;
}

/** The clients of both generations of load balancers. */
export interface LoadBalancingClients {
  readonly elbv2: ElasticLoadBalancingV2Client;
  /** For Classic Load Balancers. */
  readonly elb: ElasticLoadBalancingClient;
}

/** SDK v3's default of 3 attempts is used up in under 2 s; a throttled account needs longer. */
const MAX_ATTEMPTS = 7;
const REQUEST_HANDLER = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };
/** Nobody waits long for a bus: what it is told has already been done. */
const EVENTS_HANDLER = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** Where to find AWS, for those who know better than the SDK's own chains; all three or none. */
export interface AwsAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** How the clients go about their requests. */
export interface Pace {
  /** What requests are paced by. */
  readonly clock?: Clock;
  /** False where no quota counts the requests, as in an emulator of AWS. */
  readonly paced?: boolean;
}

/**
 * Builds the clients. Without `access`, region, credentials and endpoints (`AWS_ENDPOINT_URL` and the
 * per-service ones) come from the SDK's ordinary chains. Every action is kept within its quota.
 */
export function createAwsClients(
  access?: AwsAccess,
  { clock = systemClock, paced = true }: Pace = {},
): AwsClients {
  const common = { ...access, requestHandler: REQUEST_HANDLER };
  const counter = createCallCounter();
  const ecs = new ECSClient({ ...common, maxAttempts: MAX_ATTEMPTS });
  const ec2 = new EC2Client({ ...common, maxAttempts: MAX_ATTEMPTS });
  const route53 = new Route53Client({ ...common, maxAttempts: MAX_ATTEMPTS });
  const route53Changes = new Route53Client({ ...common, maxAttempts: 1 });
  const limiter = createRateLimiter(clock);
  const middlewares = paced ? [counter, limiter] : [counter];
  for (const each of middlewares) {
    ecs.middlewareStack.use(each.plugin('ecs'));
    ec2.middlewareStack.use(each.plugin('ec2'));
    route53.middlewareStack.use(each.plugin('route53'));
    route53Changes.middlewareStack.use(each.plugin('route53'));
  }
  // It copies every answer for a logger that it was not given.
  for (const client of [ecs, ec2, route53, route53Changes]) client.middlewareStack.remove('loggerMiddleware');
  ecs.middlewareStack.use(partialAnswers({ DescribeTasksCommand: partialTasks }));
  route53Changes.middlewareStack.use(readableBatchErrors);
  let stops: ECSClient | undefined;
  const createStops = () => {
    const client = new ECSClient({ ...common, maxAttempts: 1 });
    for (const each of middlewares) client.middlewareStack.use(each.plugin('ecs'));
    return client;
  };
  let dynamoDb: Promise<DynamoDBClient> | undefined;
  const createDynamoDb = async () => {
    const { DynamoDBClient: Client } = await import('@aws-sdk/client-dynamodb');
    const client = new Client({ ...common, maxAttempts: MAX_ATTEMPTS });
    client.middlewareStack.use(counter.plugin('dynamodb'));
    return client;
  };
  let eventBridge: Promise<EventBridgeClient> | undefined;
  const createEventBridge = async (region: string | undefined) => {
    const { EventBridgeClient: Client } = await import('@aws-sdk/client-eventbridge');
    const place = region === undefined ? {} : { region };
    const client = new Client({ ...common, ...place, requestHandler: EVENTS_HANDLER, maxAttempts: 1 });
    for (const each of middlewares) client.middlewareStack.use(each.plugin('events'));
    return client;
  };
  let loadBalancing: Promise<LoadBalancingClients> | undefined;
  const createLoadBalancing = async () => {
    const [v2, classic] = await Promise.all([
      import('@aws-sdk/client-elastic-load-balancing-v2'),
      import('@aws-sdk/client-elastic-load-balancing'),
    ]);
    const elbv2 = new v2.ElasticLoadBalancingV2Client({ ...common, maxAttempts: MAX_ATTEMPTS });
    const elb = new classic.ElasticLoadBalancingClient({ ...common, maxAttempts: MAX_ATTEMPTS });
    // IAM has one prefix for both.
    for (const client of [elbv2, elb]) client.middlewareStack.use(counter.plugin('elasticloadbalancing'));
    if (paced) {
      elbv2.middlewareStack.use(limiter.plugin('elbv2'));
      elb.middlewareStack.use(limiter.plugin('elb'));
    }
    return { elbv2, elb };
  };
  return {
    ecs,
    ec2,
    route53,
    route53Changes,
    ecsStops: () => {
      stops ??= createStops();
      return stops;
    },
    dynamoDb: () => {
      dynamoDb ??= createDynamoDb();
      return dynamoDb;
    },
    eventBridge: (region) => {
      eventBridge ??= createEventBridge(region);
      return eventBridge;
    },
    loadBalancing: () => {
      loadBalancing ??= createLoadBalancing();
      return loadBalancing;
    },
    drainCalls: () => counter.drain(),
    destroy: () => {
      for (const client of [ecs, ec2, route53, route53Changes]) client.destroy();
      stops?.destroy();
      void dynamoDb?.then((client) => client.destroy());
      void eventBridge?.then((client) => client.destroy());
      void loadBalancing?.then(({ elbv2, elb }) => {
        elbv2.destroy();
        elb.destroy();
      });
    },
  };
}
