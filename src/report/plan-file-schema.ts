import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';
import { zoneSchema } from './document.ts';

/** Tells a plan file from everything else that is JSON. */
export const PLAN_FILE_KIND = 'ecs-dns-plan';
export const PLAN_FILE_VERSION = 1;

/**
 * A plan as `plan --out` writes it, version 1: all that `apply --plan` may do, to the last field of a record set. It
 * holds no secrets.
 */
export const planFileSchema = z.strictObject({
  kind: z.literal(PLAN_FILE_KIND),
  version: z.literal(PLAN_FILE_VERSION),
  /** The release that has made it. */
  worker: z.string(),
  runId: z.string(),
  /** When the reading began: `guardrails.maxPlanAge` counts from then on. */
  startedAt: z.iso.datetime(),
  zone: zoneSchema,
  /** Where the clusters were, as `account/region`. */
  places: z.array(z.string()),
  /** Whether it was made with `--force`. */
  force: z.boolean(),
  /** By their dotted names, those that decide, as a config file would hold them; of a secret only whether it is set. */
  settings: z.record(z.string(), z.json()),
  /** Changes that travel together, in the order of the zone. */
  groups: z.array(
    z.strictObject({
      changes: z
        .array(z.strictObject({ action: z.enum(['CREATE', 'DELETE']), recordSet: recordSetSchema }))
        .min(1),
      /** Sets of the same name that have to stay for the change to be right. */
      survivors: z.array(recordSetSchema).optional(),
      reasons: z.array(z.string()),
    }),
  ),
  /** The tasks to stop. */
  stops: z.array(
    z.strictObject({ cluster: z.string(), service: z.string(), task: z.string(), reason: z.string() }),
  ),
  /** A digest of all of it: a plan that an operator edits is another plan. The digest tells of accidents, and is no signature. */
  integrity: z.string(),
});

export type PlanFile = z.infer<typeof planFileSchema>;
