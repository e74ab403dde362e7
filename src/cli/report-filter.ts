import { RunError } from '../model/run-error.ts';
import { VERDICTS, type Verdict } from '../model/verdict.ts';
import type { ReportFilter } from '../report/filter-report.ts';
import type { Call } from './call.ts';

/** Verdicts as an operator writes them, with commas between. Throws a `RunError` for one that there is not. */
export function readVerdicts(text: string): readonly Verdict[] {
  return text.split(',').map((part) => {
    const verdict = VERDICTS.find((one) => one === part.trim());
    if (verdict !== undefined) return verdict;
    const known = VERDICTS.join(', ');
    throw new RunError(
      'usage',
      `--only: ${JSON.stringify(part.trim())} is no verdict; write some of ${known}`,
    );
  });
}

/** What of its report a command is to show. */
export function filterOf({ flags: { only, name } }: Call): ReportFilter {
  return { only: only === undefined ? undefined : readVerdicts(only), name };
}
