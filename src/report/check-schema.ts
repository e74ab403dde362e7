import { z } from 'zod';
import { CHECK_KINDS } from '../model/health-check.ts';
import { count, documentSchema } from './document.ts';

/** How an endpoint is asked. Of headers only the names are told, and of credentials only that there are some. */
export const checkShape = z.object({
  kind: z.enum(CHECK_KINDS),
  method: z.string(),
  path: z.string(),
  expects: z.string(),
  headers: z.array(z.string()),
  hasCredentials: z.boolean(),
  bodyContains: z.string().optional(),
  hostName: z.string().optional(),
  tlsSkipVerify: z.boolean(),
  grpcService: z.string().optional(),
  grpcUseTls: z.boolean().optional(),
  timeoutMs: count,
  attempts: z.int().min(1),
  intervalMs: count,
});

export type ReportedCheck = z.infer<typeof checkShape>;

const answer = z.object({
  reason: z.string().optional(),
  status: z.int().optional(),
  errorCode: z.string().optional(),
  body: z.string().optional(),
  durationMs: z.number().min(0),
});

/** One attempt of a probe; `exhausted` was none, because the process had no socket left. */
export const attemptShape = answer.extend({
  attempt: z.int().min(1),
  kind: z.enum(['healthy', 'unhealthy', 'indeterminate', 'exhausted']),
});

/**
 * What `ecs-dns check --output json` prints, version 1. Fields may be added within a version; none changes its
 * meaning or goes.
 *
 * @example
 * const { endpoints } = checkSchema.parse(JSON.parse(stdout));
 * const failing = endpoints.filter(({ outcome }) => outcome.kind !== 'healthy');
 */
export const checkSchema = documentSchema.extend({
  mode: z.literal('check'),
  /** The service, or the address and port, that was asked for, as it was written. */
  subject: z.string(),
  endpoints: z.array(
    z.object({
      address: z.string(),
      port: z.int(),
      /** The name of its service and the ARN of its task, where the inventory tells them. */
      service: z.string().optional(),
      task: z.string().optional(),
      check: checkShape,
      outcome: answer.extend({ kind: z.enum(['healthy', 'unhealthy', 'indeterminate']), attempts: count }),
      attempts: z.array(attemptShape),
    }),
  ),
  /** Endpoints of the service that need no probe, or whose address is not known. */
  unchecked: z.array(
    z.object({
      service: z.string().optional(),
      address: z.string().optional(),
      port: z.int(),
      protocol: z.enum(['tcp', 'udp']),
    }),
  ),
});

export type CheckReport = z.infer<typeof checkSchema>;
