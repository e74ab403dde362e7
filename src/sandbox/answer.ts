import { AwsError } from './aws-error.ts';
import type { FaultEffect, FaultPlan, FaultRequest, FiredEffects } from './faults.ts';
import type { PrebuiltAnswers } from './prebuilt-answers.ts';
import type { QuotaMeter } from './quotas.ts';
import { REQUESTS } from './request-channel.ts';
import type { Call, Json, OperationContext, RawRequest, Service, WireResponse } from './service.ts';

/** One request as the log has it; `status` is 0 when no answer was sent. */
export interface LoggedRequest {
  readonly operation: string;
  readonly input: Json;
  readonly status: number;
  readonly errorCode?: string;
}

/** What all requests to one server share. */
export interface Exchange {
  readonly context: OperationContext;
  readonly faults: FaultPlan;
  readonly log: LoggedRequest[];
  readonly quotas: QuotaMeter;
  readonly requireAccessKey: string | undefined;
  readonly observe: ((logged: LoggedRequest, raw: RawRequest) => void) | undefined;
  /** Answers that are kept; `undefined` when each is made anew. */
  readonly prebuilt: PrebuiltAnswers | undefined;
}

type Reply = WireResponse | 'drop' | 'hang';

/** One request that is being answered. */
interface Asked {
  readonly service: Service;
  readonly raw: RawRequest;
  readonly call: Call;
  /** The same call as fault rules see it. */
  readonly request: FaultRequest;
  readonly requestId: string;
}

/** Answers one request: checks its key, meets it with the faults in force, carries it out, logs it. */
export function answer(exchange: Exchange, service: Service, raw: RawRequest, requestId: string): Reply {
  const operation = service.operationOf(raw);
  const name = `${service.name}:${operation}`;
  let input: Json = {};
  let errorCode: string | undefined;
  let reply: Reply;
  try {
    checkAccessKey(exchange, service, raw);
    input = service.decode(raw, operation);
    const asked = {
      service,
      raw,
      call: { operation, input },
      request: { operation: name, input },
      requestId,
    };
    reply = meet(exchange, asked);
  } catch (error) {
    const awsError = asAwsError(error);
    errorCode = awsError.code;
    reply = service.encodeError(awsError, requestId);
  }
  const status = typeof reply === 'string' ? 0 : reply.status;
  const logged = { operation: name, input, status, ...(errorCode === undefined ? {} : { errorCode }) };
  exchange.log.push(logged);
  exchange.observe?.(logged, raw);
  if (REQUESTS.hasSubscribers) REQUESTS.publish(logged);
  return reply;
}

// A bug of the sandbox must fail the test that met it, not hang it.
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('SandboxBug', text, 400);
}

function checkAccessKey(exchange: Exchange, service: Service, request: RawRequest): void {
  if (exchange.requireAccessKey === undefined) return;
  const authorization = String(request.headers['authorization'] ?? '');
  const accessKey = /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
  if (accessKey !== exchange.requireAccessKey) throw service.badCredentials();
}

function meet(exchange: Exchange, asked: Asked): Reply {
  const { service, call, request } = asked;
  const effects = exchange.faults.fire(request);
  const { decisive } = effects;
  if (!exchange.quotas.take(service, call.operation, exchange.context.now())) throw service.throttled();
  if (decisive?.kind === 'drop' || decisive?.kind === 'hang') return decisive.kind;
  if (decisive?.kind === 'throttle') throw service.throttled();
  if (decisive?.kind === 'error') throw faultError(decisive, 400);
  if (decisive === undefined) return carryOut(exchange, asked, effects);
  applyUnseen(() => carryOut(exchange, asked, effects));
  if (decisive.kind === 'apply-then-drop') return 'drop';
  throw faultError(decisive, 500);
}

// Whether the operation itself was refused is lost with its reply, too.
function applyUnseen(carryOutOperation: () => WireResponse): void {
  try {
    carryOutOperation();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

function carryOut(exchange: Exchange, asked: Asked, effects: FiredEffects): WireResponse {
  const { service, raw, call, requestId } = asked;
  const make = () => execute(exchange, asked, effects);
  const isPlain = effects.before.length === 0 && effects.transforms.length === 0;
  if (!isPlain || exchange.prebuilt === undefined) return make();
  const kept = exchange.prebuilt.answer(service.name, call.operation, raw, make);
  return { ...kept, headers: { ...kept.headers, 'x-amzn-requestid': requestId } };
}

function execute(
  { context }: Exchange,
  { service, call, request, requestId }: Asked,
  { before, transforms }: FiredEffects,
): WireResponse {
  for (const effect of before) effect.before(context.world, request);
  let output = service.execute(context, call);
  for (const effect of transforms) output = effect.transform(structuredClone(output), request);
  return service.encode(call, output, requestId);
}

function faultError(
  effect: Extract<FaultEffect, { kind: 'error' | 'apply-then-error' }>,
  defaultStatus: number,
): AwsError {
  const code = effect.code ?? 'InternalFailure';
  const message = effect.message ?? `The sandbox was told to answer ${code}.`;
  return new AwsError(code, message, effect.status ?? defaultStatus);
}
