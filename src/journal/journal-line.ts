import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';
import type { ChangeOutcome } from '../model/change.ts';
import { printable } from '../model/printable.ts';
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

const common = {
  version: z.literal(1),
  time: journalTime,
  zone: z.looseObject({ id: z.string().min(1), name: z.string() }),
  /** The run that has written it; earlier releases did not tell. */
  runId: z.string().optional(),
};

const removalLine = z.looseObject({
  ...common,
  kind: z.literal('removal'),
  recordSet: journalRecordSet,
  replacedBy: journalRecordSet.optional(),
  reasons: z.array(z.string()),
});

const outcomeLine = z.looseObject({
  ...common,
  kind: z.literal('outcome'),
  name: z.string(),
  type: z.string(),
  setIdentifier: z.string().optional(),
  status: z.enum(['applied', 'already-done', 'conflict', 'failed', 'unsent']),
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
export function encodeRemoval(
  { zone, time, recordSet, replacedBy, reasons }: Removal,
  runId?: string,
): string {
  return encode('removal', zone, time, { runId, recordSet, replacedBy, reasons });
}

/** How the removal of a set ended, as a line without its end; `time` in epoch milliseconds. */
export function encodeOutcome(
  zone: Zone,
  { Name: name, Type: type, SetIdentifier: setIdentifier }: RecordSet,
  outcome: ChangeOutcome,
  time: number,
  runId?: string,
): string {
  return encode('outcome', zone, time, { runId, name, type, setIdentifier, ...outcome, changeId: undefined });
}

function encode(
  kind: JournalLine['kind'],
  { id, name }: Removal['zone'],
  time: number,
  rest: object,
): string {
  const line = { version: 1, kind, time: new Date(time).toISOString(), zone: { id, name }, ...rest };
  // A journal may go to stderr, and so to a terminal.
  return printable(JSON.stringify(line));
}
