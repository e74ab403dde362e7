import { isIPv6 } from 'node:net';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import { type ChannelOptions, Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import { type Conclusion, OUT_OF_TIME, type StartAttempt } from './attempt.ts';
import { classifyError } from './classify-error.ts';
import { outOfTime } from './socket-attempt.ts';
import { tlsContextOf } from './tls-context.ts';

/** Source: grpc.health.v1, of which a check needs one call with one text, and one number of its answer. */
const METHOD = '/grpc.health.v1.Health/Check';
const SERVING = 1;
const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** Each channel is for one call to one address: no name, no proxy, nothing that is shared or tried again. */
const OPTIONS: ChannelOptions = {
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': 1_024,
};

/** Asks the health service of a gRPC server, as `Check` of grpc.health.v1 has it. */
export const startGrpcAttempt: StartAttempt = (target, settle) => {
  const { timeoutMs, grpcService = '' } = target.check;
  const client = clientOf(target);
  const dueAt = performance.now() + timeoutMs;
  let isCancelled = false;
  const call = client.makeUnaryRequest(
    METHOD,
    requestBytes,
    servingStatus,
    grpcService,
    { deadline: Date.now() + timeoutMs },
    (error: ServiceError | null, found?: number) => {
      client.close();
      const result = error === null ? answered(found ?? 0) : failed(error, performance.now() - dueAt);
      setImmediate(() => settle(isCancelled ? OUT_OF_TIME : result));
    },
  );
  return {
    cancel: () => {
      isCancelled = true;
      call.cancel();
    },
  };
};

function clientOf({ address, port, check }: ProbeTarget): Client {
  const { hostName, grpcUseTls = false, tlsSkipVerify } = check;
  const target = isIPv6(address) ? `ipv6:[${address}]:${port}` : `ipv4:${address}:${port}`;
  const name = hostName === undefined ? {} : { 'grpc.default_authority': hostName };
  if (!grpcUseTls) return new Client(target, credentials.createInsecure(), { ...OPTIONS, ...name });
  const secured = credentials.createFromSecureContext(tlsContextOf(check) ?? createSecureContext(), {
    rejectUnauthorized: !tlsSkipVerify,
    checkServerIdentity: (_, certificate) => checkServerIdentity(hostName ?? address, certificate),
  });
  const server = hostName === undefined ? {} : { 'grpc.ssl_target_name_override': hostName };
  return new Client(target, secured, { ...OPTIONS, ...name, ...server });
}

/** HealthCheckRequest: field 1 is the name of a service; no name means the whole server. */
function requestBytes(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** HealthCheckResponse: field 1 is the status, and left out where it is 0. */
function servingStatus(bytes: Buffer): number {
  return bytes[0] === 0x08 ? (bytes[1] ?? 0) : 0;
}

function answered(found: number): Conclusion {
  if (found === SERVING) return { kind: 'healthy' };
  return { kind: 'unhealthy', reason: 'not-serving', errorCode: SERVING_STATUSES[found] ?? `${found}` };
}

/**
 * What a call that failed says of the endpoint.
 *
 * | status of the call | what it means                                                    |
 * |--------------------|------------------------------------------------------------------|
 * | DEADLINE_EXCEEDED  | no answer in time                                                |
 * | NOT_FOUND          | the server does not know the service                             |
 * | UNAVAILABLE        | no connection: see below; or the server says so itself           |
 * | any other          | something answers, and not as a health service: `protocol-error` |
 */
function failed({ code, details }: ServiceError, lateMs: number): AttemptResult {
  const errorCode = status[code];
  if (code === status.DEADLINE_EXCEEDED) return outOfTime(lateMs);
  if (code === status.UNAVAILABLE && details.startsWith(NO_CONNECTION)) return unconnected(details);
  const isHealthService = code === status.NOT_FOUND || code === status.UNAVAILABLE;
  return { kind: 'unhealthy', reason: isHealthService ? 'not-serving' : 'protocol-error', errorCode };
}

const NO_CONNECTION = 'No connection established';
const CODE = /\b(?:ERR_[A-Z_]+|E[A-Z]{3,})\b/;

/** Why there is no connection; grpc-js has it in words alone. Words that are not known are no proof of anything. */
function unconnected(details: string): AttemptResult {
  const code = CODE.exec(details)?.[0];
  if (code !== undefined) return classifyError(Object.assign(new Error(details), { code }));
  const [, result] = WORDS.find(([words]) => words.test(details)) ?? [];
  return result ?? { kind: 'indeterminate', reason: 'checker-error', errorCode: 'UNAVAILABLE' };
}

const WORDS: readonly (readonly [RegExp, Conclusion])[] = [
  [/SSL routines|certificate/, { kind: 'unhealthy', reason: 'tls', errorCode: 'UNAVAILABLE' }],
  [/Protocol error/, { kind: 'unhealthy', reason: 'protocol-error', errorCode: 'UNAVAILABLE' }],
  // The connection stood, and was closed before the first word of HTTP/2.
  [/Failed to connect/, { kind: 'unhealthy', reason: 'connection-reset', errorCode: 'UNAVAILABLE' }],
];
