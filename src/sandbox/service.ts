import type { AwsError } from './error-answer.ts';
import type { World } from './world/world.ts';

/** A request or response body in the SDK's own field names. */
export type Json = Readonly<Record<string, unknown>>;

export type ServiceName =
  | 'ecs'
  | 'ec2'
  | 'route53'
  | 'events'
  | 'elbv2'
  | 'elb'
  | 'sqs'
  | 'sns'
  | 'servicediscovery';

/** What came in over HTTP, the body read to its end. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A decoded request; `operation` is the API's own name without the service, such as `ListTasks`. */
export interface Call {
  readonly operation: string;
  readonly input: Json;
}

/** What goes out over HTTP. */
export interface WireResponse {
  readonly status: number;
  readonly contentType: string;
  /** In addition to its length, its type and its request id. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /**
   * How the body is sent, where it is not at once and whole: not a byte of it after the headers, a byte again and
   * again without end, or the first half, and then the end of the connection.
   */
  readonly delivery?: 'stalls' | 'drips' | 'breaks';
}

/** What an operation works on; `now` is epoch milliseconds. */
export interface OperationContext {
  readonly world: World;
  readonly now: () => number;
}

/** Carries one operation out; throws AwsError for what AWS would refuse. */
export type Operation = (context: OperationContext, input: Json) => Json;

/** One AWS API: its wire protocol and its operations. */
export interface Service {
  readonly name: ServiceName;
  /** The operations that it knows, by AWS's names. */
  readonly operations: readonly string[];
  /** Which operation a request asks for; never throws, so that a broken request can be logged too. */
  operationOf(request: RawRequest): string;
  /** The request's input; throws AwsError when it is malformed. */
  decode(request: RawRequest, operation: string): Json;
  execute(context: OperationContext, call: Call): Json;
  encode(call: Call, output: Json, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
  throttled(): AwsError;
  /** The token bucket of an operation: how much at once, and how much a second. */
  rateOf(operation: string): Rate;
  /** Resolves when a request can be answered; by default at once. */
  ready?(context: OperationContext, request: RawRequest): Promise<void>;
  /** Whether all its operations draw on one bucket; otherwise each has its own. */
  readonly hasOneBucket?: boolean;
}

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}
