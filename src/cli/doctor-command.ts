import { systemClock } from '../aws/system-clock.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { renderFindings } from '../report/render-findings.ts';
import { inTime } from '../run/in-time.ts';
import type { Call } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { printDocument } from './terminal.ts';

/** `ecs-dns doctor`: one line for everything that a run needs; 0 when nothing of it fails. */
export async function doctorCommand({ settings: load, terminal, signal: outer }: Call): Promise<number> {
  const settings = load();
  const bounds = { clock: systemClock, timeoutMs: settings.timeoutMs, signal: outer };
  const report = await inTime(bounds, ({ signal, onStep }) => {
    onStep('examining the set-up');
    return diagnose(settings, signal, { env: terminal.env });
  });
  printDocument(report, { text: renderFindings }, settings, terminal);
  return report.findings.some(({ status }) => status === 'fail') ? EXIT.error : EXIT.done;
}
