import process from 'node:process';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../model/clock.ts';
import type { QuotaUse } from '../model/quota.ts';
import { endOnAbort } from './abort-calls.ts';
import { describeError } from './aws-error.ts';
import { boundRequests, type RequestHandler } from './bounded-requests.ts';
import { type AnyPluggable, type CallCounts, createCallCounter } from './call-counter.ts';
import { readableBatchErrors } from './change-batch-errors.ts';
import { credentialChain } from './credential-chain.ts';
import { findAccount } from './find-account.ts';
import { partialAnswers } from './partial-answers.ts';
import { partialTasks } from './partial-task-parser.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { regionFault, type SetupFault, setupFault } from './sdk-environment.ts';
import { systemClock } from './system-clock.ts';
import { traceCalls } from './trace-calls.ts';

/** The SDK clients of one process, and the count of what they have sent. */
export interface AwsClients {
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  /** For ChangeResourceRecordSets alone: it never retries by itself, because a lost reply needs a look first. */
  readonly route53Changes: Route53Client;
  /** For StopTask alone, built when it is first asked for: it never retries by itself. */
  ecsStops(): ECSClient;
  /** For the state of runs; loaded and built when it is first asked for. */
  dynamoDb(): Promise<DynamoDBClient>;
  /**
   * For an event bus; loaded and built when it is first asked for. `region` is that of the bus, where it is
   * known. It never retries by itself, because single events of a request may fail.
   */
  eventBridge(region?: string): Promise<EventBridgeClient>;
  /** For the queue of events; loaded and built when it is first asked for. `region` is that of the queue, where it is known. */
  sqs(region?: string): Promise<SQSClient>;
  /** For a topic; loaded and built when it is first asked for. `region` is that of the topic. */
  sns(region?: string): Promise<SNSClient>;
  /** For the CNAMEs of load-balanced services; loaded and built when they are first asked for. */
  loadBalancing(): Promise<LoadBalancingClients>;
  /** For the registries of ECS services; loaded and built when it is first asked for. */
  cloudMap(): Promise<ServiceDiscoveryClient>;
  /** The region of the clients, or what is wrong with what the SDK reads of variables and profile. */
  region(): Promise<string | SetupFault>;
  /** The account of the credentials, where it is told without asking AWS. */
  account(): Promise<string | undefined>;
  /** Begins a count of the requests sent, by `service:Operation`; what it returns tells how many there were since. */
  countCalls(): () => CallCounts;
  /** What is known of every quota that a request has drawn on; empty where requests are not paced. */
  quotas(): readonly QuotaUse[];
  destroy(): void;
}

export interface LoadBalancingClients {
  readonly elbv2: ElasticLoadBalancingV2Client;
  /** For Classic Load Balancers. */
  readonly elb: ElasticLoadBalancingClient;
}

/** SDK v3's default of 3 attempts is used up in under 2 s; a throttled account needs longer. */
const MAX_ATTEMPTS = 7;
const REQUEST_HANDLER = { connectionTimeout: 5_000 };
/** How long one request may take, to the last byte of its answer. */
const REQUEST_LIMIT_MS = 30_000;
/** A run does not wait long for what it can do without: a bus, which is told what has been done, and its state. */
const BRIEF_HANDLER = { connectionTimeout: 2_000 };
const BRIEF_LIMIT_MS = 5_000;
const BRIEF_ATTEMPTS = 3;
/** A notice that is lost is lost. */
const NOTICE_ATTEMPTS = 2;

/** Where to find AWS, for those who know better than the SDK's own chains; all three or none. */
export interface AwsAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** How the clients go about their requests. */
export interface Pace {
  readonly clock?: Clock;
  /** False where no quota counts the requests, as in an emulator of AWS. */
  readonly paced?: boolean;
  /** How long one request may take, to the last byte of its answer; 30 seconds unless given. */
  readonly requestLimitMs?: number;
  /** How often a request is tried at the most; 7 times unless given. */
  readonly maxAttempts?: number;
}

const ignore = (): void => {};

/** With each request the SDK warns that the host of the queue's URL wins over an endpoint that is set, as it should. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * Builds the clients. Without `access`, region, credentials and endpoints (`AWS_ENDPOINT_URL` and the
 * per-service ones) come from the SDK's ordinary chains. Every action is kept within its quota.
 */
export function createAwsClients(
  access?: AwsAccess,
  {
    clock = systemClock,
    paced = true,
    requestLimitMs = REQUEST_LIMIT_MS,
    maxAttempts = MAX_ATTEMPTS,
  }: Pace = {},
): AwsClients {
  const credentialDefaultProvider = credentialChain;
  const common = {
    ...access,
    credentialDefaultProvider,
    requestHandler: REQUEST_HANDLER,
    maxAttempts,
  };
  const once = { ...common, maxAttempts: 1 };
  const counter = createCallCounter();
  const limiter = createRateLimiter(clock);
  const built: Client[] = [];
  /** `prefix` is IAM's for the service, `api` what its quota goes by; `false` for one that none counts. */
  const watched = <C extends Client>(
    client: C,
    prefix: string,
    api: string | false = prefix,
    limitMs = requestLimitMs,
  ): C => {
    client.config.requestHandler = boundRequests(client.config.requestHandler, limitMs);
    client.middlewareStack.use(traceCalls(client.config.serviceId));
    client.middlewareStack.use(endOnAbort);
    client.middlewareStack.use(counter.plugin(prefix));
    if (paced && api !== false) client.middlewareStack.use(limiter.plugin(api));
    built.push(client);
    return client;
  };
  const ecs = watched(new ECSClient(common), 'ecs');
  const ec2 = watched(new EC2Client(common), 'ec2');
  const route53 = watched(new Route53Client(common), 'route53');
  const route53Changes = watched(new Route53Client(once), 'route53');
  // It copies every answer for a logger that it was not given.
  for (const client of built) client.middlewareStack.remove('loggerMiddleware');
  ecs.middlewareStack.use(partialAnswers({ DescribeTasksCommand: partialTasks }));
  route53Changes.middlewareStack.use(readableBatchErrors);
  return {
    ecs,
    ec2,
    route53,
    route53Changes,
    ecsStops: lazily(() => watched(new ECSClient(once), 'ecs')),
    dynamoDb: lazily(async () => {
      const { DynamoDBClient: Client } = await import('@aws-sdk/client-dynamodb');
      const brief = { ...common, maxAttempts: BRIEF_ATTEMPTS, requestHandler: BRIEF_HANDLER };
      return watched(new Client(brief), 'dynamodb', false, Math.min(BRIEF_LIMIT_MS, requestLimitMs));
    }),
    eventBridge: lazily(async (region?: string) => {
      const { EventBridgeClient: Client } = await import('@aws-sdk/client-eventbridge');
      const place = region === undefined ? {} : { region };
      const client = new Client({ ...once, ...place, requestHandler: BRIEF_HANDLER });
      return watched(client, 'events', 'events', Math.min(BRIEF_LIMIT_MS, requestLimitMs));
    }),
    sqs: lazily(async (region?: string) => {
      const { SQSClient: Client } = await import('@aws-sdk/client-sqs');
      const place = region === undefined ? {} : { region };
      return watched(new Client({ ...common, ...place, logger: SILENT }), 'sqs', false);
    }),
    sns: lazily(async (region?: string) => {
      const { SNSClient: Client } = await import('@aws-sdk/client-sns');
      const place = region === undefined ? {} : { region };
      const brief = { ...common, ...place, maxAttempts: NOTICE_ATTEMPTS, requestHandler: BRIEF_HANDLER };
      return watched(new Client(brief), 'sns', false, Math.min(BRIEF_LIMIT_MS, requestLimitMs));
    }),
    loadBalancing: lazily(async () => {
      const [v2, classic] = await Promise.all([
        import('@aws-sdk/client-elastic-load-balancing-v2'),
        import('@aws-sdk/client-elastic-load-balancing'),
      ]);
      // IAM has one prefix for both.
      const prefix = 'elasticloadbalancing';
      const elbv2 = watched(new v2.ElasticLoadBalancingV2Client(common), prefix, 'elbv2');
      const elb = watched(new classic.ElasticLoadBalancingClient(common), prefix, 'elb');
      return { elbv2, elb };
    }),
    cloudMap: lazily(async () => {
      const { ServiceDiscoveryClient: Client } = await import('@aws-sdk/client-servicediscovery');
      return watched(new Client(common), 'servicediscovery');
    }),
    region: async () => {
      const fault = access === undefined ? await setupFault(process.env) : undefined;
      return fault ?? ecs.config.region().catch((error) => regionFault(process.env, describeError(error)));
    },
    account: () => findAccount(process.env, () => ecs.config.credentials()),
    countCalls: () => counter.begin(),
    quotas: () => limiter.quotas(),
    destroy: () => {
      for (const client of built) client.destroy();
    },
  };
}

interface Client {
  readonly config: { requestHandler: RequestHandler; readonly serviceId: string };
  readonly middlewareStack: { use(plugin: AnyPluggable): void; remove(name: string): boolean };
  destroy(): void;
}

/** What the first call makes, every time. */
function lazily<A extends unknown[], T>(make: (...args: A) => T): (...args: A) => T {
  let made: { readonly value: T } | undefined;
  return (...args) => {
    made ??= { value: make(...args) };
    return made.value;
  };
}
