import { z } from 'zod';
import { journalRecordSet, journalTime } from './journal-line.ts';

/** The messages of the Lambda's records that tell of a removal: before it, and how it ended. */
const MESSAGES = ['removing', 'removed', 'not removed'] as const;

/** One record of the Lambda's log that tells of a removal. */
export const removalRecord = z.looseObject({
  message: z.enum(MESSAGES),
  timestamp: journalTime,
  zone: z.string().min(1),
  zoneName: z.string().optional(),
  recordSet: journalRecordSet,
  replacedBy: journalRecordSet.optional(),
  reasons: z.array(z.string()),
  status: z.enum(['applied', 'conflict', 'failed']).optional(),
  detail: z.string().optional(),
});

/** Whether a value is such a record, be it whole or not. */
export function isRemovalRecord(value: unknown): value is object {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && 'recordSet' in value && MESSAGES.some((one) => Reflect.get(value, 'message') === one);
}
