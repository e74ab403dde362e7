import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';
import { STOP_STATUSES } from '../model/task-stop.ts';
import { VERDICTS } from '../model/verdict.ts';
import { CHANGE_STATUSES, count, countsOf, documentSchema, PROBE_KINDS, zoneSchema } from './document.ts';

/** What a change is part of: something new, something that stays what it leads to in another form, or a removal. */
const CHANGE_KINDS = ['registration', 'rewrite', 'removal'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const entry = z.object({
  name: z.string(),
  type: z.string(),
  setIdentifier: z.string().optional(),
  value: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number()])),
});

/**
 * The report of one run, version 1: what `--output json` prints. Fields may be added within a
 * version; none changes its meaning or goes. Names, values and record sets are exactly as Route 53
 * keeps them. `summary` counts entries, but `registrations` counts record sets, and `applied`, `alreadyDone`,
 * `conflicts` and `failed` count changes.
 */
export const reportSchema = documentSchema.extend({
  mode: z.enum(['plan', 'apply']),
  /** The same in the journal, the log, the events and the comments of Route 53's changes. */
  runId: z.string(),
  zone: zoneSchema,
  summary: countsOf([
    'entries',
    ...VERDICTS,
    'removals',
    'registrations',
    'heldBack',
    'withheld',
    'applied',
    'alreadyDone',
    'conflicts',
    'failed',
  ]),
  entries: z.array(entry),
  changes: z.array(
    z.object({
      action: z.enum(['CREATE', 'DELETE']),
      recordSet: recordSetSchema,
      /** What it is part of: a removal also creates, namely what stays of a set. */
      kind: z.enum(CHANGE_KINDS),
      reasons: z.array(z.string()),
      status: z.enum(CHANGE_STATUSES),
      detail: z.string().optional(),
      /**
       * Why it was not sent: `deadline`, `plan-too-old`; why it failed: `name-protected`, `no-answer`; or what another
       * writer was first with: `already-gone`, `already-there`.
       */
      code: z.string().optional(),
    }),
  ),
  heldBack: z.array(entry.omit({ evidence: true }).extend({ guardrail: z.string(), detail: z.string() })),
  /** What runs and is not registered, with the reason why. */
  withheld: z.array(entry.omit({ verdict: true, setIdentifier: true }).extend({ detail: z.string() })),
  /** Tasks that fail and may be stopped, by ARN, with how they fail and what became of them. */
  stopped: z.array(
    z.object({
      cluster: z.string(),
      service: z.string(),
      task: z.string(),
      reason: z.string(),
      status: z.enum(STOP_STATUSES),
      detail: z.string(),
    }),
  ),
  /**
   * There when most probes failed in a network way, in the whole run or in one part of the network (`scope`, of
   * several the first): the worker suspects itself.
   */
  networkSelfTest: z
    .object({
      scope: z.string(),
      reason: z.string(),
      failing: count,
      probed: count,
      hosts: count,
      detail: z.string(),
    })
    .optional(),
  /** With `policy: sync`: containers that have a name, or may have one, and are not up yet; none of them is registered. */
  starting: count.optional(),
  /** There where its lists were narrowed for a reader; `summary` counts everything all the same. */
  filter: z.object({ only: z.array(z.enum(VERDICTS)).optional(), name: z.string().optional() }).optional(),
  /** Distinct endpoints probed, by outcome. */
  probes: countsOf(PROBE_KINDS),
});

export type Report = z.infer<typeof reportSchema>;
export type RunMode = Report['mode'];
