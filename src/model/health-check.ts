import type { StatusRange } from './status-matcher.ts';

/** How an endpoint may be checked: by asking it, by ECS's own word, or not at all, so that it is never unhealthy. */
export const CHECK_KINDS = ['http', 'https', 'grpc', 'tcp', 'ecs', 'none'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** Whether the endpoint itself is asked. */
export function asks({ kind }: Pick<HealthCheck, 'kind'>): boolean {
  return kind !== 'ecs' && kind !== 'none';
}

/** The methods a check may use: none of them changes anything at the endpoint. */
export const CHECK_METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;
export type CheckMethod = (typeof CHECK_METHODS)[number];

/**
 * Everything that can be set about the check of one endpoint. What a kind has no use for is ignored
 * by it: a `tcp` check has no path, only `https` has a certificate. Durations in milliseconds.
 */
export interface HealthCheck {
  readonly kind: CheckKind;
  readonly method: CheckMethod;
  /** With its query, if any. */
  readonly path: string;
  /** Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** `user:password` for HTTP Basic authentication (RFC 7617); a secret. */
  readonly basicAuth: string | undefined;
  readonly matcher: readonly StatusRange[];
  /** What the first 5,120 bytes of the body have to contain (as many as Route 53's own checks read); not for HEAD. */
  readonly bodyContains: string | undefined;
  /** The Host header and, over TLS, the server name that is asked for and verified: targets are addresses. */
  readonly hostName: string | undefined;
  readonly tlsSkipVerify: boolean;
  /** Each a PEM, or the path of a file that is one: what is trusted instead of Node's own authorities, and the client's pair. */
  readonly tlsCa?: string | undefined;
  readonly tlsCert?: string | undefined;
  /** A secret. */
  readonly tlsKey?: string | undefined;
  /** The service that a gRPC server is asked about, of at most 127 bytes; without one it is the whole server. */
  readonly grpcService?: string | undefined;
  readonly grpcUseTls?: boolean | undefined;
  /** Bounds one attempt, from the connect to the last byte that is needed. */
  readonly timeoutMs: number;
  /** So many failures in a row make an endpoint unhealthy. */
  readonly attempts: number;
  /** Between two attempts; jittered by a quarter either way. */
  readonly intervalMs: number;
}

/** What a service says of its check, or an operator of a service's; anything left out stays as it was. */
export type CheckOverrides = { readonly [K in keyof HealthCheck]?: HealthCheck[K] | undefined };
