import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';
import { CHANGE_STATUSES, countsOf, documentSchema, zoneSchema } from './document.ts';

export const RESTORE_STATES = ['missing', 'reduced', 'there', 'changed', 'refused'] as const;

/**
 * The report of `ecs-dns restore`, version 1: what `--output json` prints. Fields may be added within a
 * version; none changes its meaning or goes. `summary` counts record sets.
 */
export const restoreReportSchema = documentSchema.extend({
  mode: z.literal('restore'),
  dryRun: z.boolean(),
  zone: zoneSchema,
  summary: countsOf(['sets', ...RESTORE_STATES, 'restored', 'alreadyDone', 'conflicts', 'failed']),
  sets: z.array(
    z.object({
      /** What the zone held of it: nothing, what was left of it, all of it, or something else; or it is refused. */
      state: z.enum(RESTORE_STATES),
      /** As it was before it was removed. */
      recordSet: recordSetSchema,
      /** As it was found. */
      there: recordSetSchema.optional(),
      reasons: z.array(z.string()),
      removedAt: z.iso.datetime(),
      /** How the removal ended, where the journal tells it. */
      removal: z.object({ status: z.string(), detail: z.string().optional() }).optional(),
      /** For those that are to be put back. */
      status: z.enum(CHANGE_STATUSES).optional(),
      /** Why it was refused, is left to another writer, or was not put back. */
      detail: z.string().optional(),
    }),
  ),
});

export type RestoreReport = z.infer<typeof restoreReportSchema>;
