import { isWithheldReason } from '../model/registration.ts';
import { code, type FoldedTable } from './markdown.ts';
import type { Report } from './report-schema.ts';
import { describeEvidence, entriesText, plural } from './sections.ts';

/** What all lists of records begin with. */
export const RECORD = ['Name', 'Type', 'Value'] as const;

export function recordCells({
  name,
  type,
  value,
}: Pick<Report['entries'][number], 'name' | 'type' | 'value'>) {
  return [code(name), code(type), code(value)];
}

export function heldBackTable(heldBack: Report['heldBack'], title = 'Held back'): FoldedTable {
  return {
    title: `${title}: ${entriesText(heldBack.length)}`,
    columns: [...RECORD, 'Verdict', 'Guardrail', 'Detail'],
    rows: heldBack.map(({ verdict, reason, guardrail, detail, ...record }) => [
      ...recordCells(record),
      ...[`${verdict}: ${reason}`, guardrail, detail].map(code),
    ]),
  };
}

export function withheldTable(withheld: Report['withheld'], title = 'Not registered'): FoldedTable {
  return {
    title: `${title}: ${plural(withheld.length, 'record')}`,
    columns: [...RECORD, 'Reason', 'Detail'],
    rows: withheld.map(({ reason, detail, evidence, ...record }) => {
      const told = isWithheldReason(reason) ? '' : describeEvidence(evidence);
      return [...recordCells(record), code(reason), code(told || detail)];
    }),
  };
}

export function unreadTable({ incomplete }: Pick<Report, 'incomplete'>): FoldedTable {
  return {
    title: `Could not be read: ${plural(incomplete.length, 'scope')}`,
    columns: ['Scope', 'Operation', 'Error'],
    rows: incomplete.map(({ scope, operation, error }) => [scope, operation, error].map(code)),
  };
}

export function noticesTable({ notices }: Pick<Report, 'notices'>): FoldedTable {
  return {
    title: `To put right: ${plural(notices.length, 'notice')}`,
    columns: ['Subject', 'Detail'],
    rows: notices.map(({ subject, detail }) => [subject, detail].map(code)),
  };
}

export function entriesTable(title: string, entries: Report['entries']): FoldedTable {
  return {
    title: `${title}: ${entriesText(entries.length)}`,
    columns: [...RECORD, 'Verdict', 'Evidence'],
    rows: entries.map((entry) => [
      ...recordCells(entry),
      code(`${entry.verdict}: ${entry.reason}`),
      code(describeEvidence(entry.evidence)),
    ]),
  };
}
