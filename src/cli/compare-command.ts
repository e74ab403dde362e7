import { RunError } from '../model/run-error.ts';
import type { SettingDifference } from '../model/setting-difference.ts';
import { renderComparisonPage } from '../report/html/comparison-page.ts';
import { renderComparison } from '../report/render-comparison.ts';
import { renderComparisonMarkdown } from '../report/render-comparison-markdown.ts';
import { runFailure } from '../run/run.ts';
import { type Call, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { complain, printDocument } from './terminal.ts';

/** `ecs-dns compare`: what switching the settings in force to those of the flags would change; changes nothing. */
export async function compareCommand(call: Call): Promise<number> {
  const { flags, terminal } = call;
  const { inForce, alternative, differences } = call.alternative();
  requireSwitch(alternative.policy, differences);
  const request = { now: inForce, differences, all: flags.all === true };
  const { compared, report } = await withWorker(alternative, call, (worker, conduct) =>
    worker.compare({ ...request, ...conduct }),
  );
  const forms = { text: renderComparison, html: renderComparisonPage, markdown: renderComparisonMarkdown };
  printDocument(report, forms, alternative, terminal);
  const { inventory } = compared.observation;
  const failure = runFailure({ inventory, plan: compared.plan, outcomes: undefined });
  if (failure !== undefined) {
    complain(`${failure.detail}, and what a switch would change is not known`, terminal);
    return EXIT.error;
  }
  return flags.detailedExitcode && report.changes ? EXIT.changes : EXIT.done;
}

/** What only says how to look is nothing to switch to. */
function requireSwitch(policy: string, differences: readonly SettingDifference[]): void {
  if (differences.some(({ role }) => role === 'compared')) return;
  const others = differences.filter(({ role }) => role !== 'silent').map(({ name }) => name);
  const apart = others.length === 0 ? '' : ` (but for what is not compared: ${others.join(', ')})`;
  const other = policy === 'sync' ? '--manage zone or --policy prune' : '--policy sync or --manage zone';
  throw new RunError(
    'usage',
    `compare: there is nothing to switch: file and variables say policy ${policy}, and no flag differs from them${apart}; give as a flag what is to be switched, such as ${other}`,
  );
}
