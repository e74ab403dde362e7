import { RunError } from '../model/run-error.ts';
import { VERDICTS, type Verdict } from '../model/verdict.ts';
import { countEach } from '../report/document.ts';
import { renderExplanationPage } from '../report/html/explanation-page.ts';
import { renderExplanation } from '../report/render-explanation.ts';
import { renderExplanationMarkdown } from '../report/render-explanation-markdown.ts';
import { entriesText } from '../report/sections.ts';
import { type Call, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { filterOf } from './report-filter.ts';
import { printDocument } from './terminal.ts';

/** `ecs-dns explain`: everything that leads to the verdict of one entry; changes and remembers nothing. */
export async function explainCommand(call: Call): Promise<number> {
  const settings = call.settings();
  const report = await withWorker(settings, call, (worker, conduct) => worker.explain(call.subject, conduct));
  const { only } = filterOf(call);
  const entries = report.entries.filter(({ verdict }) => only === undefined || only.includes(verdict));
  if (only !== undefined && entries.length === 0) {
    const count = entriesText(report.entries.length);
    throw new RunError(
      'entry-not-found',
      `explain: of ${count} of "${call.subject}" none is ${only.join(' or ')}; they are ${countsOf(report.entries)}`,
    );
  }
  const shown = { ...report, entries, ...(only === undefined ? {} : { missing: [] }) };
  const forms = {
    text: renderExplanation,
    html: renderExplanationPage,
    markdown: renderExplanationMarkdown,
  };
  printDocument(shown, forms, settings, call.terminal);
  return EXIT.done;
}

function countsOf(entries: readonly { readonly verdict: Verdict }[]): string {
  const counts = countEach(VERDICTS, entries, 'verdict');
  return VERDICTS.flatMap((verdict) => (counts[verdict] > 0 ? [`${counts[verdict]} ${verdict}`] : [])).join(
    ', ',
  );
}
