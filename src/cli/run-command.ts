import type { Settings } from '../config/settings.ts';
import { buildReport } from '../report/build-report.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { type RunPreview, type RunResult, runFailure } from '../run/run.ts';
import { createWorker, type RunRequest } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { journalFor } from './journal-for.ts';
import { questionOf } from './question.ts';
import { ask, canAsk, complain, printDocument, progressBar, type Terminal, wantsColor } from './terminal.ts';

/** The flags of plan and apply that are no settings. */
export interface RunFlags {
  readonly all: boolean;
  readonly force: boolean;
  readonly detailedExitcode: boolean;
  readonly yes: boolean;
}

/** One run from the command line: prints its report, and resolves with the exit code. */
export async function runCommand(
  mode: RunMode,
  settings: Settings,
  flags: RunFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  if (mode === 'apply' && !flags.yes && !canAsk(terminal)) {
    complain('apply: there is no terminal to ask on: pass --yes to apply without asking', terminal);
    return EXIT.error;
  }
  const bar = progressBar(terminal);
  const consent: Consent = { given: flags.yes };
  const approve = async (preview: RunPreview) => {
    bar.stop();
    consent.given ||= await askFor(preview, terminal, signal);
    return consent.given;
  };
  const request: RunRequest = { mode, ...flags, approve, progress: bar.show, signal };
  const worker = createWorker(settings, { journal: journalFor(settings, terminal) });
  const { result, report } = await worker.run(request).finally(() => {
    bar.stop();
    worker.close();
  });
  // Whoever has just said no has read it all above the question.
  const isCancelled = mode === 'apply' && doesAnything(report) && !consent.given;
  if (!isCancelled || settings.output === 'json') printDocument(report, renderText, settings, terminal);
  return exitCode(result, report, flags, consent, terminal);
}

/** Whether there is anything to be asked for. */
function doesAnything({ changes, stopped }: Report): boolean {
  return changes.length > 0 || stopped.some(({ status }) => status !== 'waiting');
}

interface Consent {
  given: boolean;
}

async function askFor(preview: RunPreview, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const untouched = {
    ...preview,
    startedAt: 0,
    finishedAt: 0,
    outcomes: undefined,
    unconfirmed: [],
    deregisteredSince: new Map(),
  };
  const report = buildReport(untouched, {
    mode: 'apply',
    all: false,
    awsCalls: {},
    awsThrottled: 0,
    warnings: [],
  });
  terminal.stderr.write(renderText(report, { color: wantsColor(terminal.stderr, terminal) }));
  return ask(`\n${questionOf(report)}?`, terminal, signal);
}

function exitCode(
  result: RunResult,
  report: Report,
  flags: RunFlags,
  consent: Consent,
  terminal: Terminal,
): number {
  const { mode, summary } = report;
  const failure = runFailure(result);
  if (failure?.code === 'unreadable') {
    complain(failure.detail, terminal);
    return EXIT.error;
  }
  if (mode === 'plan') return flags.detailedExitcode && doesAnything(report) ? EXIT.changes : EXIT.done;
  if (failure !== undefined || summary.conflicts > 0) return EXIT.partial;
  if (doesAnything(report) && !consent.given) {
    complain('apply: cancelled, nothing was changed', terminal);
    return EXIT.error;
  }
  return EXIT.done;
}
