import { z } from 'zod';
import { reportSchema } from './report-schema.ts';

const { shape } = reportSchema;
const reported = shape.entries.element;
const change = shape.changes.element.pick({ action: true, recordSet: true });

const milliseconds = z.int().min(0);
const seconds = z.int().min(0);
const runs = z.int().min(0);

const attempt = z.object({
  attempt: z.int().min(1),
  endedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  kind: z.enum(['healthy', 'unhealthy', 'indeterminate', 'exhausted']),
  reason: z.string().optional(),
  status: z.int().optional(),
  errorCode: z.string().optional(),
  body: z.string().optional(),
});

/** Of headers only the names are told, and of credentials only that there are some. */
const check = z.object({
  kind: z.enum(['http', 'https', 'tcp', 'none']),
  method: z.string(),
  path: z.string(),
  expects: z.string(),
  headers: z.array(z.string()),
  hasCredentials: z.boolean(),
  bodyContains: z.string().optional(),
  hostName: z.string().optional(),
  tlsSkipVerify: z.boolean(),
  timeoutMs: milliseconds,
  attempts: z.int().min(1),
  intervalMs: milliseconds,
  /** The parts that are not those of the general settings, and whose word they are. */
  origins: z.array(z.object({ part: z.string(), from: z.string() })),
});

const entry = reported.extend({
  recordSet: change.shape.recordSet,
  meaning: z.string(),
  advice: z.string(),
  /** What the entry says of itself; absent where its value cannot be read, and for A entries. */
  srvRecord: z
    .object({ service: z.string(), port: z.int(), target: z.string(), containerId: z.string().optional() })
    .optional(),
  match: z.object({ kind: z.string(), by: z.string(), meaning: z.string() }),
  host: z
    .object({
      containerInstance: z.string(),
      instanceId: z.string(),
      cluster: z.string(),
      state: z.enum(['present', 'gone', 'unreachable', 'unknown']),
      address: z.string().optional(),
      privateDnsName: z.string().optional(),
      vpcId: z.string().optional(),
    })
    .optional(),
  container: z
    .object({
      name: z.string(),
      id: z.string().optional(),
      task: z.string(),
      cluster: z.string(),
      phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
      startedAt: z.iso.datetime().optional(),
      essential: z.boolean(),
      ecsHealth: z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']),
      ecsService: z.string().optional(),
    })
    .optional(),
  endpoint: z
    .object({
      service: z.string().optional(),
      address: z.string().optional(),
      port: z.int(),
      containerPort: z.int(),
      protocol: z.enum(['tcp', 'udp']),
    })
    .optional(),
  check: check.optional(),
  probe: z
    .object({
      address: z.string(),
      port: z.int(),
      kind: z.enum(['healthy', 'unhealthy', 'indeterminate']),
      reason: z.string().optional(),
      attempts: z.array(attempt),
    })
    .optional(),
  /** Runs before this one; nothing is remembered of what has not failed. */
  health: z
    .object({
      failingRuns: runs,
      passingRuns: runs,
      unhealthyThreshold: runs,
      healthyThreshold: runs,
      ageSeconds: seconds.optional(),
      gracePeriodSeconds: seconds,
      gracePeriodFrom: z.string(),
    })
    .optional(),
  /** In the order in which they are asked. The first that holds decides; the others say what they would. */
  guardrails: z.array(
    z.object({
      guardrail: z.string(),
      answer: z.enum(['passes', 'holds']),
      decides: z.boolean(),
      detail: z.string(),
    }),
  ),
  /** What was asked again; empty for an entry that is not to go as stale. */
  confirmation: z.array(z.object({ asked: z.string(), seen: z.string() })),
  outcome: z.enum(['removed', 'held-back', 'left']),
  heldBy: z.object({ guardrail: z.string(), detail: z.string(), liftedBy: z.string() }).optional(),
  /** What a run would send to Route 53 for the entry's set. */
  changes: z.array(change),
});

/**
 * What `ecs-dns explain --output json` prints, version 1. Fields may be added within a version; none
 * changes its meaning or goes. Names, values and record sets are exactly as Route 53 keeps them.
 */
export const explanationSchema = z.object({
  version: z.literal(1),
  zone: shape.zone,
  /** The name or set identifier that was asked for, as it was written. */
  selector: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: milliseconds,
  entries: z.array(entry),
  /** Under `sync`: what the name is to have, or would have, and has not. */
  missing: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      setIdentifier: z.string().optional(),
      value: z.string(),
      outcome: z.enum(['registered', 'withheld']),
      reason: z.string(),
      detail: z.string(),
      advice: z.string(),
    }),
  ),
  incomplete: shape.incomplete,
});

export type ExplanationReport = z.infer<typeof explanationSchema>;
export type MissingRecord = ExplanationReport['missing'][number];
export type ExplainedEntry = ExplanationReport['entries'][number];
