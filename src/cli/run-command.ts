import { buildReport } from '../report/build-report.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { type RunPreview, type RunResult, runFailure } from '../run/run.ts';
import { type Call, type Flags, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { questionOf } from './question.ts';
import { ask, canAsk, complain, printDocument, type Terminal, wantsColor } from './terminal.ts';

/** `ecs-dns plan` and `ecs-dns apply`: one run, whose report is printed. */
export async function runCommand(mode: RunMode, call: Call): Promise<number> {
  const { flags, terminal, signal } = call;
  const { all = false, force = false, yes = false } = flags;
  const settings = call.settings();
  if (mode === 'apply' && !yes && !canAsk(terminal)) {
    complain('apply: there is no terminal to ask on: pass --yes to apply without asking', terminal);
    return EXIT.error;
  }
  const consent = { given: yes };
  const { result, report } = await withWorker(settings, call, (worker, { stop, ...conduct }) => {
    const approve = async (preview: RunPreview) => {
      stop();
      consent.given ||= await askFor(preview, terminal, signal);
      return consent.given;
    };
    return worker.run({ mode, all, force, approve, ...conduct });
  });
  // Whoever has just said no has read it all above the question.
  const isCancelled = mode === 'apply' && doesAnything(report) && !consent.given;
  if (!isCancelled || settings.output === 'json') printDocument(report, renderText, settings, terminal);
  return exitCode(result, report, flags, consent.given, terminal);
}

function doesAnything({ changes, stopped }: Report): boolean {
  return changes.length > 0 || stopped.some(({ status }) => status !== 'waiting');
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
  const nothingSent = { awsCalls: {}, awsThrottled: 0, warnings: [] };
  const report = buildReport(untouched, { mode: 'apply', all: false, ...nothingSent });
  terminal.stderr.write(renderText(report, { color: wantsColor(terminal.stderr, terminal) }));
  return ask(`\n${questionOf(report)}?`, terminal, signal);
}

function exitCode(
  result: RunResult,
  report: Report,
  flags: Flags,
  isApproved: boolean,
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
  if (doesAnything(report) && !isApproved) {
    complain('apply: cancelled, nothing was changed', terminal);
    return EXIT.error;
  }
  return EXIT.done;
}
