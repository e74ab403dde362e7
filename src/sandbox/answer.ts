import { AwsError } from './error-answer.ts';
import { REQUESTS } from './request-channel.ts';
import type { QuotaMeter } from './request-quotas.ts';
import type {
  Call,
  Json,
  OperationContext,
  RawRequest,
  Service,
  ServiceName,
  WireResponse,
} from './service.ts';
import type { World } from './world/world.ts';

/** One request as the log has it; `status` is 0 when no answer was sent. */
export interface LoggedRequest {
  readonly operation: string;
  readonly input: Json;
  readonly status: number;
  readonly errorCode?: string;
}

/** A request on its way to its operation. */
export interface SandboxRequest {
  readonly service: ServiceName;
  /** With its service, such as `ecs:ListTasks`. */
  readonly operation: string;
  readonly input: Json;
  readonly raw: RawRequest;
  readonly world: World;
  /** The service's own error for a request too many. */
  throttled(): AwsError;
  /** Carries it out. What it is to say goes through `change`, if there is one. Throws AwsError for a refusal. */
  answer(change?: (output: Json) => Json): WireResponse;
}

/** What goes back: an answer, a connection that is destroyed, or nothing at all. */
export type Reply = WireResponse | 'drop' | 'hang';

/**
 * Stands between the requests and their operations: may answer in their place, throw an AwsError, change
 * the world before the request is carried out, or what is said of it after.
 */
export type Intercept = (request: SandboxRequest) => Reply;

/** What all requests to one server share. */
export interface Exchange {
  readonly context: OperationContext;
  readonly intercept: Intercept;
  readonly log: LoggedRequest[];
  readonly quotas: QuotaMeter;
  readonly observe: ((logged: LoggedRequest, raw: RawRequest) => void) | undefined;
}

/** Answers one request: lets it through if the quotas do, carries it out, logs it. */
export function answer(exchange: Exchange, service: Service, raw: RawRequest, requestId: string): Reply {
  const name = service.operationOf(raw);
  const operation = `${service.name}:${name}`;
  let input: Json = {};
  let errorCode: string | undefined;
  let reply: Reply;
  try {
    input = service.decode(raw, name);
    if (!exchange.quotas.take(service, name, exchange.context.now(), changesIn(input)))
      throw service.throttled();
    reply = exchange.intercept(passing(exchange, service, raw, { operation: name, input }, requestId));
  } catch (error) {
    const awsError = asAwsError(error);
    errorCode = awsError.code;
    reply = service.encodeError(awsError, requestId);
  }
  const status = typeof reply === 'string' ? 0 : reply.status;
  const logged = { operation, input, status, ...(errorCode === undefined ? {} : { errorCode }) };
  exchange.log.push(logged);
  exchange.observe?.(logged, raw);
  if (REQUESTS.hasSubscribers) REQUESTS.publish(logged);
  return reply;
}

/** How many record sets a request asks to be changed. */
function changesIn(input: Json): number {
  const changes: unknown = Reflect.get(Object(input['ChangeBatch']), 'Changes');
  return Array.isArray(changes) ? changes.length : 0;
}

// A bug of the sandbox must fail the test that met it, not hang it.
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('SandboxBug', text, 400);
}

function passing(
  { context }: Exchange,
  service: Service,
  raw: RawRequest,
  call: Call,
  requestId: string,
): SandboxRequest {
  return {
    service: service.name,
    operation: `${service.name}:${call.operation}`,
    input: call.input,
    raw,
    world: context.world,
    throttled: () => service.throttled(),
    answer: (change = (output) => output) =>
      service.encode(call, change(service.execute(context, call)), requestId),
  };
}
