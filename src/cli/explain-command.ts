import type { Settings } from '../config/settings.ts';
import { buildExplanation } from '../report/build-explanation.ts';
import { renderExplanation } from '../report/render-explanation.ts';
import { createWorker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { progressBar, type Terminal, wantsColor } from './terminal.ts';

/** `ecs-dns explain`: everything that leads to the verdict of one entry; changes and remembers nothing. */
export async function explainCommand(
  selector: string,
  settings: Settings,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const bar = progressBar(terminal);
  const worker = createWorker(settings);
  const explained = await worker.explain(selector, { signal, progress: bar.show }).finally(() => {
    bar.stop();
    worker.close();
  });
  const document = buildExplanation(explained);
  terminal.stdout.write(
    settings.output === 'json'
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderExplanation(document, { color: wantsColor(terminal.stdout, terminal) }),
  );
  return EXIT.done;
}
