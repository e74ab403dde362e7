/** HTTP statuses from `from` to `to`, both included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

const PART = /^(\d{3})(?:-(\d{3}))?$/;
const MIN_STATUS = 100;
const MAX_STATUS = 599;

/**
 * Reads a matcher in the form that Application Load Balancers use: `200`, `200,204`, `200-299` or a
 * mixture. Gives the ranges in the order written; `undefined` for anything else, for a status
 * outside 100-599 and for a range that runs backwards.
 */
export function parseStatusMatcher(text: string): readonly StatusRange[] | undefined {
  const ranges: StatusRange[] = [];
  for (const part of text.split(',')) {
    const fields = PART.exec(part.trim());
    if (fields === null) return undefined;
    const from = Number(fields[1]);
    const to = Number(fields[2] ?? fields[1]);
    if (from < MIN_STATUS || to > MAX_STATUS || from > to) return undefined;
    ranges.push({ from, to });
  }
  return ranges;
}

export function matchesStatus(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some(({ from, to }) => from <= status && status <= to);
}
