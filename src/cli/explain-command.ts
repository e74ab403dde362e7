import type { Settings } from '../config/settings.ts';
import { renderExplanation } from '../report/render-explanation.ts';
import { createWorker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { printDocument, progressBar, type Terminal } from './terminal.ts';

/** `ecs-dns explain`: everything that leads to the verdict of one entry; changes and remembers nothing. */
export async function explainCommand(
  selector: string,
  settings: Settings,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const bar = progressBar(terminal);
  const worker = createWorker(settings);
  const report = await worker.explain(selector, { signal, progress: bar.show }).finally(() => {
    bar.stop();
    worker.close();
  });
  printDocument(report, renderExplanation, settings, terminal);
  return EXIT.done;
}
