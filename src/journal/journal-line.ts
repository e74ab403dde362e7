import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';
import type { ChangeOutcome } from '../model/change.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Removal } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';

// What Route 53 gave goes back as it is: the fields that are checked are those that are looked at.
export const journalRecordSet = recordSetSchema.transform((set) => set as RecordSet);

/** An ISO time as epoch milliseconds. */
export const journalTime = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is no time')
  .transform((text) => Date.parse(text));

const zone = z.looseObject({ id: z.string().min(1), name: z.string() });

const removalLine = z.looseObject({
  version: z.literal(1),
  kind: z.literal('removal'),
  time: journalTime,
  zone,
  recordSet: journalRecordSet,
  replacedBy: journalRecordSet.optional(),
  reasons: z.array(z.string()),
});

const outcomeLine = z.looseObject({
  version: z.literal(1),
  kind: z.literal('outcome'),
  time: journalTime,
  zone,
  name: z.string(),
  type: z.string(),
  setIdentifier: z.string().optional(),
  status: z.enum(['applied', 'conflict', 'failed', 'unsent']),
  detail: z.string().optional(),
});

/**
 * One line of a journal, version 1. Every line can be understood without the others. Fields may be added
 * within a version; none changes its meaning or goes.
 *
 * | kind    | says                                                                           |
 * |---------|--------------------------------------------------------------------------------|
 * | removal | what is about to be taken out of the zone; written before the change is sent   |
 * | outcome | how the last removal of that set ended; missing after a crash                  |
 *
 * @example
 * const lines = text.split('\n').map((line) => journalLine.parse(JSON.parse(line)));
 */
export const journalLine = z.discriminatedUnion('kind', [removalLine, outcomeLine]);

export type JournalLine = z.output<typeof journalLine>;

/** A removal as a line, without its end. */
export function encodeRemoval({ zone: { id, name }, time, ...removal }: Removal): string {
  const { recordSet, replacedBy, reasons } = removal;
  return JSON.stringify({
    version: 1,
    kind: 'removal',
    time: new Date(time).toISOString(),
    zone: { id, name },
    recordSet,
    replacedBy,
    reasons,
  });
}

/** How the removal of a set ended, as a line without its end; `time` in epoch milliseconds. */
export function encodeOutcome(
  { id, name }: Zone,
  { Name, Type, SetIdentifier }: RecordSet,
  outcome: ChangeOutcome,
  time: number,
): string {
  return JSON.stringify({
    version: 1,
    kind: 'outcome',
    time: new Date(time).toISOString(),
    zone: { id, name },
    name: Name,
    type: Type,
    setIdentifier: SetIdentifier,
    ...outcome,
  });
}
