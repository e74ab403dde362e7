import { z } from 'zod';
import { attemptShape, checkShape } from './check-schema.ts';
import { count, documentSchema } from './document.ts';
import { reportSchema } from './report-schema.ts';

const { shape } = reportSchema;
const reported = shape.entries.element;
const change = shape.changes.element.pick({ action: true, recordSet: true });

const check = checkShape.extend({
  /** The parts that are not those of the general settings, and whose word they are. */
  origins: z.array(z.object({ part: z.string(), from: z.string() })),
});

const attempt = attemptShape.extend({ endedAt: z.iso.datetime() });

export const srvRecordShape = z.object({
  service: z.string(),
  port: z.int(),
  target: z.string(),
  containerId: z.string().optional(),
});

export const containerShape = z.object({
  name: z.string(),
  id: z.string().optional(),
  task: z.string(),
  cluster: z.string(),
  phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
  startedAt: z.iso.datetime().optional(),
  essential: z.boolean(),
  ecsHealth: z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']),
  ecsService: z.string().optional(),
});

export const endpointShape = z.object({
  service: z.string().optional(),
  address: z.string().optional(),
  port: z.int(),
  containerPort: z.int(),
  protocol: z.enum(['tcp', 'udp']),
});

const entry = reported.extend({
  recordSet: change.shape.recordSet,
  meaning: z.string(),
  advice: z.string(),
  /** What the entry says of itself; absent where its value cannot be read, and for A entries. */
  srvRecord: srvRecordShape.optional(),
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
  container: containerShape.optional(),
  endpoint: endpointShape.optional(),
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
      failingRuns: count,
      passingRuns: count,
      unhealthyThreshold: count,
      healthyThreshold: count,
      ageSeconds: count.optional(),
      gracePeriodSeconds: count,
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
export const explanationSchema = documentSchema.extend({
  mode: z.literal('explain'),
  zone: shape.zone,
  /** The name or set identifier that was asked for, as it was written. */
  selector: z.string(),
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
});

export type ExplanationReport = z.infer<typeof explanationSchema>;
export type MissingRecord = ExplanationReport['missing'][number];
export type ExplainedEntry = ExplanationReport['entries'][number];
