import { isBelow, normalizeName, relativeName } from '../model/dns-name.ts';
import { namePattern } from '../model/name-pattern.ts';
import { recordSetKey } from '../model/record-set.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report } from './report-schema.ts';

/** What of a report an operator wants to see. */
export interface ReportFilter {
  /** Only entries of these verdicts, and what is done about them. */
  readonly only?: readonly Verdict[] | undefined;
  /** Only names like this one, relative to the zone or whole; `*` stands for any characters. */
  readonly name?: string | undefined;
}

/**
 * A report with what its lists have of what is meant; its counts stay those of the zone. What is not about an entry
 * (a task to stop; with verdicts, what is registered or withheld) is left out. What could not be read, and notices, stay.
 */
export function filterReport(report: Report, { only, name }: ReportFilter): Report {
  if (only === undefined && name === undefined) return report;
  const isNamed = nameTest(name, report);
  const isVerdict = (verdict: Verdict) => only === undefined || only.includes(verdict);
  const entries = report.entries.filter((entry) => isNamed(entry.name) && isVerdict(entry.verdict));
  const sets = new Set(
    entries.map(({ name: Name, type: Type, setIdentifier: SetIdentifier }) =>
      recordSetKey({ Name, Type, SetIdentifier }),
    ),
  );
  return {
    ...report,
    filter: { ...(only && { only: [...only] }), ...(name !== undefined && { name }) },
    entries,
    heldBack: report.heldBack.filter((held) => isNamed(held.name) && isVerdict(held.verdict)),
    changes: report.changes.filter(
      ({ recordSet }) => isNamed(recordSet.Name) && (only === undefined || sets.has(recordSetKey(recordSet))),
    ),
    withheld: only === undefined ? report.withheld.filter((one) => isNamed(one.name)) : [],
    stopped: [],
  };
}

/** Whether any entry or withheld record of a whole zone is of the name of a filter; true where it has none. */
export function isAnyNamed(
  { name }: ReportFilter,
  report: Pick<Report, 'zone' | 'withheld'>,
  names: readonly string[],
): boolean {
  const isNamed = nameTest(name, report);
  return name === undefined || [...names, ...report.withheld.map((one) => one.name)].some(isNamed);
}

function nameTest(pattern: string | undefined, { zone }: Pick<Report, 'zone'>): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const zoneName = normalizeName(zone.name);
  const written = normalizeName(pattern);
  const matches = namePattern(isBelow(written, zoneName) ? relativeName(written, zoneName) : written);
  return (name) => matches(relativeName(normalizeName(name), zoneName));
}
