/**
 * AWS errors told apart by name, in this one place. Names are those of the service models and of
 * SDK v3's own retry classification; messages are never matched.
 */

/** The service asked to slow down; the request was not carried out. */
export const isThrottling = hasName([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'PriorRequestNotComplete',
]);

/** The credentials are missing, wrong or expired: no other call will do better. */
export const isCredentialsError = hasName([
  'CredentialsProviderError',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
]);

/** The credentials are good, but the action is not allowed. */
export const isAccessDenied = hasName(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);

/** One or more of what was asked for by name is not there; a batch fails as a whole. */
export const isUnknown = hasName([
  'TargetGroupNotFound',
  'TargetGroupNotFoundException',
  'LoadBalancerNotFound',
  'LoadBalancerNotFoundException',
  'AccessPointNotFoundException',
  'ServiceNotFoundException',
]);

/** Route 53 keeps what became of a change for a while only. */
export const isForgotten = hasName(['NoSuchChange']);

/** The error's name, as AWS and the SDK give it; `Error` for anything without one. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

function hasName(names: readonly string[]): (error: unknown) => boolean {
  return (error) => names.includes(errorName(error));
}

/** What SDK v3 advises programmers to do about an answer that it cannot read. */
const SDK_HINT = /\s+Deserialization error: to see the raw response[\s\S]*$/;

/** What is called so says all in its message. */
const NAMES_NOTHING: ReadonlySet<string> = new Set(['', 'Error', 'RunError']);

/** `Name: message` on one line, for reports; never a stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.replace(SDK_HINT, '') || (networkCode(error) ?? 'no message');
  const text = NAMES_NOTHING.has(error.name) ? message : `${error.name}: ${message}`;
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * No definite answer: a server fault, a timeout, a broken connection, or a success whose text was cut
 * off. The request may have been carried out all the same.
 */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof Error) || isThrottling(error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: unknown } }).$metadata?.httpStatusCode;
  if (typeof status === 'number') return status >= 500 || status < 300;
  return ['TimeoutError', 'UnreadableAnswerError'].includes(error.name) || networkCode(error) !== undefined;
}

/** Nothing listens at the endpoint, or its name does not resolve. */
export function isUnreachable(error: unknown): boolean {
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(networkCode(error) ?? '');
}

const NETWORK_CODE = /^(?:E[A-Z0-9]+|EAI_[A-Z]+)$/;

/** The system's code of a network error, wherever the SDK has put it: on the error, its cause, or its parts. */
function networkCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return code;
  const parts: unknown = Reflect.get(error, 'errors');
  if (Array.isArray(parts) && parts.length > 0) return networkCode(parts[0]);
  return networkCode(Reflect.get(error, 'cause'));
}
