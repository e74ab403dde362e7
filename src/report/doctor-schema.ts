import { z } from 'zod';
import { documentSchema } from './document.ts';

/** What the doctor says of one thing: for `fail` a run will fail, or hold something back; `skip` was not tried. */
const finding = z.discriminatedUnion('status', [
  z.object({ check: z.string(), status: z.enum(['ok', 'skip']), detail: z.string() }),
  z.object({ check: z.string(), status: z.literal('fail'), detail: z.string(), remedy: z.string() }),
]);

/**
 * What `ecs-dns doctor --output json` prints, version 1. Fields may be added within a version; none changes its
 * meaning or goes.
 *
 * @example
 * const { findings } = doctorSchema.parse(JSON.parse(stdout));
 * const remedies = findings.flatMap((finding) => (finding.status === 'fail' ? [finding.remedy] : []));
 */
export const doctorSchema = documentSchema.extend({
  mode: z.literal('doctor'),
  /** One a check, always the same checks in the same order. */
  findings: z.array(finding),
});

export type DoctorReport = z.infer<typeof doctorSchema>;
