import { renderExplanation } from '../report/render-explanation.ts';
import { type Call, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { printDocument } from './terminal.ts';

/** `ecs-dns explain`: everything that leads to the verdict of one entry; changes and remembers nothing. */
export async function explainCommand(call: Call): Promise<number> {
  const settings = call.settings();
  const report = await withWorker(settings, call, (worker, conduct) => worker.explain(call.subject, conduct));
  printDocument(report, { text: renderExplanation }, settings, call.terminal);
  return EXIT.done;
}
