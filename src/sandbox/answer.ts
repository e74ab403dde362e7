import { AwsError } from './aws-error.ts';
import type { FaultEffect, FaultPlan, FaultRequest, FiredEffects } from './faults.ts';
import type { QuotaMeter } from './quotas.ts';
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
}

type Reply = WireResponse | 'drop' | 'hang';

/** Answers one request: checks its key, meets it with the faults in force, carries it out, logs it. */
export function answer(exchange: Exchange, service: Service, request: RawRequest, requestId: string): Reply {
  const operation = service.operationOf(request);
  const name = `${service.name}:${operation}`;
  let input: Json = {};
  let errorCode: string | undefined;
  let reply: Reply;
  try {
    checkAccessKey(exchange, service, request);
    input = service.decode(request, operation);
    reply = meet(exchange, service, { operation, input }, { operation: name, input }, requestId);
  } catch (error) {
    const awsError = asAwsError(error);
    errorCode = awsError.code;
    reply = service.encodeError(awsError, requestId);
  }
  const status = typeof reply === 'string' ? 0 : reply.status;
  exchange.log.push({ operation: name, input, status, ...(errorCode === undefined ? {} : { errorCode }) });
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

function meet(
  exchange: Exchange,
  service: Service,
  call: Call,
  request: FaultRequest,
  requestId: string,
): Reply {
  const effects = exchange.faults.fire(request);
  const { decisive } = effects;
  if (!exchange.quotas.take(service, call.operation, exchange.context.now())) throw service.throttled();
  if (decisive?.kind === 'drop' || decisive?.kind === 'hang') return decisive.kind;
  if (decisive?.kind === 'throttle') throw service.throttled();
  if (decisive?.kind === 'error') throw faultError(decisive, 400);
  if (decisive === undefined) return carryOut(exchange, service, call, request, effects, requestId);
  applyUnseen(() => carryOut(exchange, service, call, request, effects, requestId));
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

function carryOut(
  exchange: Exchange,
  service: Service,
  call: Call,
  request: FaultRequest,
  effects: FiredEffects,
  requestId: string,
): WireResponse {
  for (const effect of effects.before) effect.before(exchange.context.world, request);
  let output = service.execute(exchange.context, call);
  for (const effect of effects.transforms) output = effect.transform(structuredClone(output), request);
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
