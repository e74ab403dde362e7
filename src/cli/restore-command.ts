import { readFile } from 'node:fs/promises';
import { mayNeverEnd } from '../config/endless-file.ts';
import type { Settings } from '../config/settings.ts';
import { parseJournal } from '../journal/parse-journal.ts';
import { normalizeName, writtenName } from '../model/dns-name.ts';
import { oneLine } from '../model/one-line.ts';
import type { ParsedJournal } from '../model/removal.ts';
import { RunError } from '../model/run-error.ts';
import { buildRestoreReport } from '../report/build-restore-report.ts';
import { renderRestore } from '../report/render-restore.ts';
import type { RestoreReport } from '../report/restore-report-schema.ts';
import type { TextOptions } from '../report/text-document.ts';
import type { RestorePreview } from '../run/run.ts';
import { type Call, isCutShort, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { ask, canAsk, complain, printDocument, type Terminal, textOptions } from './terminal.ts';

/** `ecs-dns restore`: puts back what a journal says was removed; its zone counts where the settings name none. */
export async function restoreCommand(call: Call): Promise<number> {
  const { subject: path, terminal, signal } = call;
  const { dryRun = false, yes = false } = call.flags;
  const journal = parseJournal(await readJournal(path), path);
  const settings = call.settings(onlyZone(journal, path, terminal));
  if (!dryRun && !yes && !canAsk(terminal)) {
    complain('restore: there is no terminal to ask on: pass --yes to put back without asking', terminal);
    return EXIT.error;
  }
  const consent = { given: yes, wasAsked: false };
  const { report, timedOut } = await withWorker(settings, call, async (worker, conduct, attendance) => {
    const approve = async (preview: RestorePreview) => {
      consent.wasAsked ||= !consent.given;
      consent.given ||= await attendance.asking(() => askFor(preview, journal, terminal, signal));
      return consent.given;
    };
    const { progress, ...others } = conduct;
    const restored = await worker.restore(journal, { dryRun, approve, ...others });
    return { report: restored, timedOut: attendance.timedOut() };
  });
  const code = conclude(report, settings, consent, terminal);
  const unsent = consent.given ? report.sets.filter(({ status }) => status === 'planned') : [];
  return isCutShort(timedOut, unsent.length, terminal) ? EXIT.error : code;
}

/** A file that is left out as a directory would be is the likeliest slip. */
const READ_FAULTS: ReadonlyMap<unknown, string> = new Map([
  [
    'ENOENT',
    'there is no such file: name one that apply or watch has written, by default in ~/.local/state/ecs-dns/journal',
  ],
  ['EISDIR', 'it is a directory: name one of the files in it; the newest is the last by name'],
  ['EACCES', 'it may not be read: restore as the user who wrote it'],
]);

async function readJournal(path: string): Promise<string> {
  if (mayNeverEnd(path)) {
    throw new RunError('journal', `${path}: it is no file: name one that apply or watch has written`);
  }
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const fault = READ_FAULTS.get(Reflect.get(Object(error), 'code')) ?? oneLine(error);
    throw new RunError('journal', `${path}: ${fault}`, error);
  }
}

/** Where a journal has several zones, the settings have to name the one that is meant. */
function onlyZone({ removals }: ParsedJournal, path: string, terminal: Terminal): string | undefined {
  const ids = [...new Set(removals.map(({ zone }) => zone.id))];
  if (ids.length > 1) complain(`${path} holds removals from several zones: ${ids.join(', ')}`, terminal);
  return ids.length === 1 ? ids[0] : undefined;
}

async function askFor(
  preview: RestorePreview,
  journal: ParsedJournal,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const untouched = { ...preview, startedAt: 0, finishedAt: 0, outcomes: undefined };
  const nothingSent = { awsCalls: {}, awsThrottled: 0, warnings: [] };
  const report = buildRestoreReport(untouched, { journal, dryRun: false, ...nothingSent });
  terminal.stderr.write(renderRestore(report, textOptions(terminal.stderr, terminal)));
  const { groups } = preview.plan;
  const what = groups.length === 1 ? 'record set' : 'record sets';
  return ask(
    `\nPut ${groups.length} ${what} back into ${writtenName(normalizeName(preview.zone.name))}?`,
    terminal,
    signal,
  );
}

function conclude(
  report: RestoreReport,
  settings: Settings,
  { given, wasAsked }: { readonly given: boolean; readonly wasAsked: boolean },
  terminal: Terminal,
): number {
  const { dryRun, summary } = report;
  const isCancelled = !dryRun && !given && summary.missing + summary.reduced > 0;
  // An operator who has just said no has read it all above the question.
  if (!isCancelled || settings.output === 'json') {
    // Where stdout is no terminal, the report is for other readers than the question was.
    const isSeen = wasAsked && terminal.stdout.isTTY === true;
    const text = (document: RestoreReport, options: TextOptions) =>
      renderRestore(document, { ...options, isSeen });
    printDocument(report, { text }, settings, terminal);
  }
  if (isCancelled) {
    complain('restore: cancelled, nothing was changed', terminal);
    return EXIT.error;
  }
  return summary.conflicts + summary.failed + summary.refused > 0 ? EXIT.partial : EXIT.done;
}
