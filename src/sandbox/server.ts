import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { answer, type Exchange, type Intercept, type LoggedRequest } from './answer.ts';
import { CLOUD_MAP_TARGET, cloudMapService } from './cloud-map/cloud-map-service.ts';
import { ec2Service } from './ec2/ec2-service.ts';
import { ECS_TARGET, ecsService } from './ecs/ecs-service.ts';
import { CLASSIC_VERSION, classicService } from './elb/classic-service.ts';
import { ELBV2_VERSION, elbv2Service } from './elb/elbv2-service.ts';
import { AwsError } from './error-answer.ts';
import { EVENTS_TARGET, eventsService } from './events/events-service.ts';
import { QuotaMeter, type Quotas } from './request-quotas.ts';
import { route53Service } from './route53/route53-service.ts';
import { VERSION_PATH } from './route53/routes.ts';
import type { RawRequest, Service, WireResponse } from './service.ts';
import { SNS_VERSION, snsService } from './sns/sns-service.ts';
import { SQS_TARGET, sqsService } from './sqs/sqs-service.ts';
import type { World } from './world/world.ts';

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Epoch milliseconds; drives throttling and the times that answers carry. */
  readonly now?: () => number;
  /** How many requests are taken; default `none`, which is as many as come. */
  readonly quotas?: Quotas;
  /** How much longer every answer takes on its way; default 0. */
  readonly latencyMs?: number;
  /** Lets milliseconds go by; default is the system's timer. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** What a request meets once the quotas let it through; by default nothing stands in its way. */
  readonly intercept?: Intercept;
  /** Told of every request once it is answered; `raw` is what came in. */
  readonly observe?: (logged: LoggedRequest, raw: RawRequest) => void;
}

export interface SandboxServer {
  readonly url: string;
  readonly port: number;
  /** Every request in the order of its arrival. */
  readonly log: readonly LoggedRequest[];
  /** Requests by operation, such as `ecs:ListTasks`. */
  counts(): Readonly<Record<string, number>>;
  /** Empties the log, so that it does not grow for ever. */
  clearLog(): void;
  /** Stops listening and destroys every connection, hanging ones too. */
  close(): Promise<void>;
}

/**
 * Starts a loopback server that answers for ECS, EC2, Elastic Load Balancing, Route 53, EventBridge, SQS, SNS and Cloud
 * Map from the world given. Give its `url` to the SDK clients as their `endpoint`. Rejects when the port is taken.
 *
 * @example
 * const world = createWorld();
 * world.addCluster('blue');
 * const server = await startSandboxServer(world, {
 *   intercept: (request) => {
 *     if (request.operation === 'ecs:ListTasks') throw request.throttled();
 *     return request.answer();
 *   },
 * });
 */
export async function startSandboxServer(world: World, options: SandboxOptions = {}): Promise<SandboxServer> {
  const exchange = newExchange(world, options);
  const latency = latencyOf(options);
  const server = createServer((request, response) => void serve(exchange, latency, request, response));
  // Longer than any client keeps a connection, so that the server never closes one just being used.
  server.keepAliveTimeout = 120_000;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const port = portOf(server);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    log: exchange.log,
    counts: () => countOperations(exchange.log),
    clearLog: () => {
      exchange.log.length = 0;
    },
    close: () => closeServer(server),
  };
}

function newExchange(world: World, options: SandboxOptions): Exchange {
  return {
    context: { world, now: options.now ?? Date.now },
    intercept: options.intercept ?? ((request) => request.answer()),
    log: [],
    quotas: new QuotaMeter(options.quotas ?? 'none'),
    observe: options.observe,
  };
}

/** What every answer waits for; `undefined` when it need not wait. */
function latencyOf({ latencyMs = 0, wait = setTimeout }: SandboxOptions): (() => Promise<void>) | undefined {
  return latencyMs > 0 ? () => wait(latencyMs) : undefined;
}

async function serve(
  exchange: Exchange,
  latency: (() => Promise<void>) | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming).catch(() => undefined);
  if (request === undefined) return;
  const requestId = randomUUID();
  const service = serviceOf(request);
  if (service?.ready !== undefined) await service.ready(exchange.context, request);
  const reply =
    service === undefined
      ? ecsService.encodeError(
          new AwsError(
            'UnknownOperationException',
            'Not an ECS, EC2, Route 53, EventBridge, SQS, SNS or Cloud Map request.',
            404,
          ),
          requestId,
        )
      : answer(exchange, service, request, requestId);
  if (reply === 'hang') return;
  if (latency !== undefined) await latency();
  if (reply === 'drop') {
    incoming.socket.destroy();
    return;
  }
  const length = Buffer.byteLength(reply.body);
  outgoing.writeHead(reply.status, {
    ...reply.headers,
    'x-amzn-requestid': requestId,
    'content-type': reply.contentType,
    ...(reply.delivery === 'drips' ? {} : { 'content-length': length }),
  });
  deliver(reply, outgoing);
}

/** How long a body that drips waits between two bytes. */
const DRIP_MS = 20;

function deliver({ body, delivery }: WireResponse, outgoing: ServerResponse): void {
  switch (delivery) {
    case undefined:
      outgoing.end(body);
      break;
    case 'stalls':
      outgoing.flushHeaders();
      break;
    case 'breaks':
      outgoing.write(Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2)), () => {
        outgoing.destroy();
      });
      break;
    case 'drips': {
      const dripping = setInterval(() => outgoing.write(' '), DRIP_MS);
      outgoing.once('close', () => clearInterval(dripping));
    }
  }
}

/** All that it imitates. */
export const SERVICES: readonly Service[] = [
  ecsService,
  ec2Service,
  route53Service,
  elbv2Service,
  classicService,
  sqsService,
  eventsService,
  snsService,
  cloudMapService,
];

function serviceOf(request: RawRequest): Service | undefined {
  if (request.path.startsWith(VERSION_PATH)) return route53Service;
  const target = String(request.headers['x-amz-target']);
  if (target.startsWith(ECS_TARGET)) return ecsService;
  if (target.startsWith(EVENTS_TARGET)) return eventsService;
  if (target.startsWith(SQS_TARGET)) return sqsService;
  if (target.startsWith(CLOUD_MAP_TARGET)) return cloudMapService;
  const isForm = request.method === 'POST' && /(^|&)Action=/.test(request.body);
  return isForm ? formService(request) : undefined;
}

/** The services that take forms are told apart by the versions of their APIs. */
function formService({ body }: RawRequest): Service {
  switch (/(?:^|&)Version=([0-9-]*)/.exec(body)?.[1] ?? '') {
    case ELBV2_VERSION:
      return elbv2Service;
    case CLASSIC_VERSION:
      return classicService;
    case SNS_VERSION:
      return snsService;
    default:
      return ec2Service;
  }
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const body = await readBody(incoming);
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) body += String(chunk);
  return body;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server listens at no port');
  return address.port;
}

function countOperations(log: readonly LoggedRequest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of log) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
