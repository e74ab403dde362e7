import { diagnose } from '../doctor/diagnose.ts';
import { renderFindings } from '../report/render-findings.ts';
import type { Call } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { printDocument } from './terminal.ts';

/** `ecs-dns doctor`: one line for everything that a run needs; 0 when nothing of it fails. */
export async function doctorCommand({ settings: load, terminal, signal }: Call): Promise<number> {
  const settings = load();
  const report = await diagnose(settings, signal, { env: terminal.env });
  printDocument(report, renderFindings, settings, terminal);
  return report.findings.some(({ status }) => status === 'fail') ? EXIT.error : EXIT.done;
}
