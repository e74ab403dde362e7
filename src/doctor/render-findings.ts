import { createColors } from 'picocolors';
import { printable } from '../model/printable.ts';
import type { Finding } from './finding.ts';

/** One line a finding; what fails has its remedy behind it. */
export function renderFindings(findings: readonly Finding[], { color }: { readonly color: boolean }): string {
  const { green, red, dim } = createColors(color);
  const paint = { ok: green, fail: red, skip: dim };
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map((finding) => {
    const { check, status, detail } = finding;
    const remedy = finding.status === 'fail' ? ` → ${finding.remedy}` : '';
    return `${paint[status](status.padEnd(4))}  ${check.padEnd(width)}  ${printable(`${detail}${remedy}`)}\n`;
  });
  return lines.join('');
}
