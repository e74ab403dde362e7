import type { DoctorReport } from '../report/doctor-schema.ts';

export type Finding = DoctorReport['findings'][number];

/** A finding without the name of its check, which the caller knows. */
export type Result = WithoutCheck<Finding>;
type WithoutCheck<T> = T extends unknown ? Omit<T, 'check'> : never;

export const ok = (detail: string): Result => ({ status: 'ok', detail });
export const skip = (detail: string): Result => ({ status: 'skip', detail });
export const fail = (detail: string, remedy: string): Result => ({ status: 'fail', detail, remedy });

/** Cuts a message of this project's own, `what is wrong: what to do`, where the remedy begins. */
export function failWith(message: string): Result {
  const cut = message.lastIndexOf(': ');
  return cut < 0 ? fail(message, '') : fail(message.slice(0, cut), message.slice(cut + 2));
}
