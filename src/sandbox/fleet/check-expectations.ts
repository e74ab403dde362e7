import type { Report } from '../../report/report-schema.ts';
import type { Planted } from './planted.ts';

/**
 * Holds a report (with live entries) against what was planted: one line for every entry that got
 * another verdict or reason, or another guardrail, than it should have; none when all is well.
 */
export function checkExpectations(planted: readonly Planted[], report: Report): readonly string[] {
  const found = new Map(report.entries.map((entry) => [keyOf(entry), entry]));
  const held = new Map(report.heldBack.map((item) => [keyOf(item), item.guardrail]));
  return planted.flatMap((expected) => {
    const entry = found.get(keyOf(expected));
    const want = describe(expected.expected, expected.reason, expected.heldBack);
    const guardrail = held.get(keyOf(expected));
    const got = entry && describe(entry.verdict, entry.reason, guardrail === undefined ? [] : [guardrail]);
    const isHeldRight = guardrail === undefined ? !expected.heldBack : isOneOf(guardrail, expected.heldBack);
    const isRight = entry?.verdict === expected.expected && entry.reason === expected.reason && isHeldRight;
    return isRight ? [] : [`${expected.name} ${expected.value}: ${got ?? 'not in the report'}, not ${want}`];
  });
}

function isOneOf(guardrail: string, expected: readonly string[] | undefined): boolean {
  return expected?.includes(guardrail) ?? false;
}

function keyOf(
  entry: Pick<Planted, 'name' | 'type' | 'value'> & { setIdentifier?: string | undefined },
): string {
  return `${entry.name} ${entry.type} ${entry.setIdentifier ?? ''} ${entry.value}`;
}

function describe(verdict: string, reason: string, guardrails: readonly string[] | undefined): string {
  const held = guardrails && guardrails.length > 0 ? `, held back by ${guardrails.join(' or ')}` : '';
  return `${verdict} (${reason})${held}`;
}
