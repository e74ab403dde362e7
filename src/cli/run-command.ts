import { buildReport } from '../report/build-report.ts';
import { renderReportPage } from '../report/html/report-page.ts';
import { renderDifferences } from '../report/render-differences.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { type RunPreview, type RunResult, runFailure } from '../run/run.ts';
import { type Call, type Flags, isCutShort, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { questionOf } from './question.ts';
import {
  ask,
  canAsk,
  complain,
  inform,
  printDocument,
  type Renderers,
  type Terminal,
  wantsColor,
} from './terminal.ts';

/** `ecs-dns plan` and `ecs-dns apply`: one run, whose report is printed. */
export async function runCommand(mode: RunMode, call: Call): Promise<number> {
  const { flags, terminal, signal } = call;
  const { all = false, force = false, yes = false } = flags;
  const settings = call.settings();
  const colored = { color: wantsColor(terminal.stderr, terminal) };
  if (mode === 'apply' && !yes && !canAsk(terminal)) {
    complain('apply: there is no terminal to ask on: pass --yes to apply without asking', terminal);
    return EXIT.error;
  }
  const consent = { given: yes };
  const { result, report, timedOut } = await withWorker(
    settings,
    call,
    async (worker, conduct, attendance) => {
      let shown: Report | undefined;
      const question = async (preview: RunPreview) => {
        const planned = plannedReport(preview);
        const text =
          shown === undefined ? renderText(planned, colored) : renderDifferences(shown, planned, colored);
        terminal.stderr.write(text);
        shown = planned;
        consent.given = await ask(`\n${questionOf(planned)}?`, terminal, signal);
        return consent.given;
      };
      const approve = async (preview: RunPreview) => yes || attendance.asking(() => question(preview));
      for (let asked = 1; ; asked++) {
        const run = await worker.run({ mode, all, force, approve, inParts: yes, ...conduct });
        if (yes || !consent.given || !wasTooLate(run.report) || asked === MAX_QUESTIONS)
          return { ...run, timedOut: attendance.timedOut() };
        consent.given = false;
        inform('the answer came too late, and nothing was changed: all is read anew', terminal);
      }
    },
  );
  // An operator who has just said no has read it all above the question.
  const isCancelled = mode === 'apply' && doesAnything(report) && !consent.given;
  if (!isCancelled || settings.output !== 'text') printDocument(report, RENDERERS, settings, terminal);
  const unsent = [...(result.outcomes?.values() ?? [])].filter(({ status }) => status === 'unsent');
  if (isCutShort(timedOut, unsent.length, terminal)) return EXIT.error;
  return exitCode(result, report, flags, consent.given, terminal);
}

const RENDERERS: Renderers<Report> = { text: renderText, html: (report) => renderReportPage(report) };

function doesAnything({ changes, stopped }: Report): boolean {
  return changes.length > 0 || stopped.some(({ status }) => status !== 'waiting');
}

/** So often an operator is asked at the most, each time after the last answer came too late. */
const MAX_QUESTIONS = 3;

/** Whether nothing of an approved plan was sent because it had become too old. */
function wasTooLate({ changes, stopped }: Report): boolean {
  const tasks = stopped.filter(({ detail }) => detail.startsWith('plan-too-old'));
  return changes.every(({ code }) => code === 'plan-too-old') && changes.length + tasks.length > 0;
}

function plannedReport(preview: RunPreview): Report {
  const untouched = {
    ...preview,
    startedAt: 0,
    finishedAt: 0,
    outcomes: undefined,
    unconfirmed: [],
    deregisteredSince: new Map(),
  };
  const nothingSent = { awsCalls: {}, awsThrottled: 0, warnings: [] };
  return buildReport(untouched, { mode: 'apply', all: false, ...nothingSent });
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
  if (failure?.code === 'unreadable' || failure?.code === 'cut-short') {
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
