import type { DoctorReport } from './doctor-schema.ts';
import { remarkLines } from './sections.ts';
import { table } from './table.ts';
import { type TextOptions, textOf } from './text-document.ts';

/** One row a finding; what fails has its remedy behind it. Then the notices. */
export function renderFindings({ findings, notices }: DoctorReport, options: TextOptions): string {
  return textOf(options, (page) => {
    const { colors, width } = page;
    const paint = { ok: colors.green, fail: colors.red, skip: colors.dim };
    const rows = findings.map((finding) => {
      const { check, status, detail } = finding;
      const remedy = finding.status === 'fail' ? ` → ${finding.remedy}` : '';
      return { mark: paint[status](status), cells: [check, `${detail}${remedy}`] };
    });
    // What could not be read has failed as a finding.
    const remarks = remarkLines({ incomplete: [], notices }, page);
    return [[...table(rows, { width, indent: 0 }), ...remarks]];
  });
}
