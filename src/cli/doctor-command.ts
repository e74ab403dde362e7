import type { Settings } from '../config/settings.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { renderFindings } from '../doctor/render-findings.ts';
import { EXIT } from './exit-codes.ts';
import { type Terminal, wantsColor } from './terminal.ts';

/** `ecs-dns doctor`: one line for everything that a run needs; 0 when nothing of it fails. */
export async function doctorCommand(
  settings: Settings,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const findings = await diagnose(settings, signal, { env: terminal.env });
  terminal.stdout.write(
    settings.output === 'json'
      ? `${JSON.stringify(findings, null, 2)}\n`
      : renderFindings(findings, { color: wantsColor(terminal.stdout, terminal) }),
  );
  return findings.some(({ status }) => status === 'fail') ? EXIT.error : EXIT.done;
}
