import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { RunError } from '../model/run-error.ts';
import { buildReport } from '../report/build-report.ts';
import { filterReport, isAnyNamed, type ReportFilter } from '../report/filter-report.ts';
import { renderReportPage } from '../report/html/report-page.ts';
import { approvedPlanOf, buildPlanFile } from '../report/plan-file.ts';
import { renderDifferences } from '../report/render-differences.ts';
import { renderMarkdown } from '../report/render-markdown.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { placesOf } from '../run/check-approved.ts';
import { type RunPreview, type RunResult, runFailure } from '../run/run.ts';
import { type Call, type Flags, isCutShort, withWorker } from './call.ts';
import { checkPlan } from './check-plan.ts';
import { EXIT } from './exit-codes.ts';
import { checkTarget, loadPlan, writePlan } from './plan-store.ts';
import { questionOf } from './question.ts';
import { filterOf } from './report-filter.ts';
import {
  ask,
  canAsk,
  complain,
  inform,
  printDocument,
  type Renderers,
  type Terminal,
  textOptions,
} from './terminal.ts';
import { VERSION } from './version.ts';

/** `ecs-dns plan` and `ecs-dns apply`: one run, whose report is printed. */
export async function runCommand(mode: RunMode, call: Call): Promise<number> {
  const { flags, terminal, signal } = call;
  const { force = false, yes = false } = flags;
  const { settings, approvedPlan } = await settingsOf(call);
  const filter = filterOf(call);
  requireLists(filter, settings, flags);
  if (flags.out !== undefined) await checkTarget(flags.out);
  const looks = textOptions(terminal.stderr, terminal);
  if (mode === 'apply' && !yes && !canAsk(terminal)) {
    complain('apply: there is no terminal to ask on: pass --yes to apply without asking', terminal);
    return EXIT.error;
  }
  const all = flags.all === true || filter.only?.includes('live') === true;
  const consent: { given: boolean; seen?: Report } = { given: yes };
  const { result, report, timedOut } = await withWorker(
    settings,
    call,
    async (worker, conduct, attendance) => {
      const question = async (preview: RunPreview) => {
        const planned = plannedReport(preview, settings);
        const text =
          consent.seen === undefined
            ? renderText(planned, looks)
            : renderDifferences(consent.seen, planned, looks);
        terminal.stderr.write(text);
        consent.seen = planned;
        consent.given = await ask(`\n${questionOf(planned)}?`, terminal, signal);
        return consent.given;
      };
      const approve = async (preview: RunPreview) => yes || attendance.asking(() => question(preview));
      for (let asked = 1; ; asked++) {
        const inParts = yes && approvedPlan === undefined;
        const run = await worker.run({ mode, all, force, approve, inParts, approvedPlan, ...conduct });
        const isOver = yes || approvedPlan !== undefined || !consent.given || !wasTooLate(run.report);
        if (isOver || asked === MAX_QUESTIONS) return { ...run, timedOut: attendance.timedOut() };
        consent.given = false;
        inform('the answer came too late, and nothing was changed: all is read anew', terminal);
      }
    },
  );
  // An operator who has just said no has read it all above the question.
  const isCancelled = mode === 'apply' && doesAnything(report) && !consent.given;
  if (!isCancelled || settings.output !== 'text') {
    // Where stdout is no terminal, the report is for other readers than the question was.
    const seen = terminal.stdout.isTTY === true ? consent.seen : undefined;
    printDocument(filterReport(report, filter), renderersFor(seen), settings, terminal);
  }
  const names = result.plan.judgements.map(({ entry }) => entry.name);
  if (!isAnyNamed(filter, report, names))
    inform(
      `--name: the zone has no entry of a name like ${filter.name}; * stands for any characters`,
      terminal,
    );
  const unsent = [...(result.outcomes?.values() ?? [])].filter(({ status }) => status === 'unsent');
  if (isCutShort(timedOut, unsent.length, terminal)) return EXIT.error;
  const code = exitCode(result, report, flags, consent.given, terminal);
  return flags.out === undefined || code === EXIT.error ? code : keepPlan(flags.out, result, call, code);
}

/** The settings of a run, and the plan that it is to carry out, where it was made before: its zone counts then. */
async function settingsOf(call: Call) {
  const { plan: path, force = false } = call.flags;
  if (path === undefined) return { settings: call.settings() };
  const file = await loadPlan(path);
  const settings = call.settings(file.zone.id);
  checkPlan(file, path, { settings, deciding: call.deciding(), force, now: systemClock.now() });
  return { settings, approvedPlan: approvedPlanOf(file) };
}

async function keepPlan(path: string, result: RunResult, call: Call, code: number): Promise<number> {
  const { force = false } = call.flags;
  const places = placesOf(result.inventory.clusters);
  await writePlan(path, buildPlanFile(result, { worker: VERSION, force, settings: call.deciding(), places }));
  inform(`the plan is in ${path}; ecs-dns apply --plan carries out exactly that`, call.terminal);
  return code;
}

/** A page and a comment sum up a whole run; and what is to be reviewed is seen whole. */
function requireLists({ only, name }: ReportFilter, { output }: Settings, { out }: Flags): void {
  if ((only ?? name) === undefined) return;
  const flag = only === undefined ? '--name' : '--only';
  if (out !== undefined)
    throw new RunError('usage', `${flag}: --out keeps all of a plan, and is to show it; leave out ${flag}`);
  if (output === 'text' || output === 'json') return;
  throw new RunError('usage', `${flag}: --output ${output} shows all of a run: use text or json`);
}

/** How a report is printed, without what an operator has seen already. */
function renderersFor(seen: Report | undefined): Renderers<Report> {
  return {
    text: (report, options) => renderText(report, { ...options, seen }),
    html: (report) => renderReportPage(report),
    markdown: renderMarkdown,
  };
}

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

function plannedReport(preview: RunPreview, { policy }: Settings): Report {
  const untouched = {
    ...preview,
    startedAt: 0,
    finishedAt: 0,
    outcomes: undefined,
    unconfirmed: [],
    deregisteredSince: new Map(),
  };
  const nothingSent = { awsCalls: {}, awsThrottled: 0, warnings: [] };
  return buildReport(untouched, { mode: 'apply', all: false, isSync: policy === 'sync', ...nothingSent });
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
  if (mode === 'plan') return planCode(report, flags, terminal);
  if (failure !== undefined || summary.conflicts > 0) return EXIT.partial;
  if (doesAnything(report) && !isApproved) {
    complain('apply: cancelled, nothing was changed', terminal);
    return EXIT.error;
  }
  const [first, ...others] = result.left ?? [];
  if (first === undefined) return EXIT.done;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  complain(`apply: not all of the plan was carried out: ${first.subject} ${first.detail}${more}`, terminal);
  return EXIT.partial;
}

function planCode(report: Report, flags: Flags, terminal: Terminal): number {
  if (!doesAnything(report)) return EXIT.done;
  if (flags.expectNoChanges) {
    const { removals, registrations } = report.summary;
    complain(
      `plan: changes although none were expected: ${plural(removals, 'removal')}, ${plural(registrations, 'registration')}, ${plural(report.changes.length, 'change')} in all`,
      terminal,
    );
  }
  return flags.detailedExitcode || flags.expectNoChanges ? EXIT.changes : EXIT.done;
}
