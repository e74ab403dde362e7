import { printable } from '../model/printable.ts';
import type { DoctorReport } from './doctor-schema.ts';
import { remarkLines, type TextOptions, textOf } from './sections.ts';

/** One line a finding; what fails has its remedy behind it. Then the notices. */
export function renderFindings({ findings, notices }: DoctorReport, options: TextOptions): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return textOf(options, (colors) => {
    const paint = { ok: colors.green, fail: colors.red, skip: colors.dim };
    const lines = findings.map((finding) => {
      const { check, status, detail } = finding;
      const remedy = finding.status === 'fail' ? ` → ${finding.remedy}` : '';
      return `${paint[status](status.padEnd(4))}  ${check.padEnd(width)}  ${printable(`${detail}${remedy}`)}`;
    });
    // What could not be read has failed as a finding.
    return [[...lines, ...remarkLines({ incomplete: [], notices }, colors)].join('\n')];
  });
}
