import { printable } from '../model/printable.ts';
import type { DoctorReport } from './doctor-schema.ts';
import { type TextOptions, textOf } from './sections.ts';

/** One line a finding; what fails has its remedy behind it. */
export function renderFindings({ findings }: DoctorReport, options: TextOptions): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return textOf(options, ({ green, red, dim }) => {
    const paint = { ok: green, fail: red, skip: dim };
    const lines = findings.map((finding) => {
      const { check, status, detail } = finding;
      const remedy = finding.status === 'fail' ? ` → ${finding.remedy}` : '';
      return `${paint[status](status.padEnd(4))}  ${check.padEnd(width)}  ${printable(`${detail}${remedy}`)}`;
    });
    return [lines.join('\n')];
  });
}
