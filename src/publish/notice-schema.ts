import { z } from 'zod';

/** What notices are about: what was removed, what was not and why, what went wrong, and what a plan would change. */
export const NOTICE_KINDS = ['removals', 'held-back', 'failures', 'drift'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

const count = z.int().min(0);

const record = z.object({
  name: z.string(),
  type: z.string(),
  setIdentifier: z.string().optional(),
  value: z.string().describe('The value, or several with commas between them.'),
  why: z.string().describe('The reason codes; of what is held back the guardrail with its numbers.'),
});

const list = z.object({ count, records: z.array(record).describe('The first ones; `count` counts all.') });

/** What a topic or a webhook is told of a run, version 1. Fields may be added within a version; none changes or goes. */
export const noticeSchema = z.object({
  version: z.literal(1),
  kinds: z
    .array(z.enum(NOTICE_KINDS))
    .min(1)
    .describe('What it tells of: those of the following that are there.'),
  mode: z.enum(['plan', 'apply']),
  time: z.iso.datetime(),
  runId: z.string().optional().describe('Missing where a run ended before it could do anything.'),
  zone: z.string().describe('The name of the zone, or its id where the run did not get to know the name.'),
  removals: list.optional(),
  heldBack: list.optional(),
  failures: z
    .object({ count, details: z.array(z.string()).describe('The first ones, a line each.') })
    .optional(),
  drift: list
    .extend({ removals: count, written: count.describe('Records that would be registered or rewritten.') })
    .optional()
    .describe('What a plan would change; `count` counts the changes.'),
});

export type NoticeDocument = z.infer<typeof noticeSchema>;
export type NoticeList = z.infer<typeof list>;
