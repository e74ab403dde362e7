import { ANOTHER_WRITER } from '../model/change.ts';
import { leftEntries, writtenChanges } from './html/report-sections.ts';
import { code, type FoldedTable, fittingDocument, markdownTable } from './markdown.ts';
import {
  entriesTable,
  heldBackTable,
  noticesTable,
  RECORD,
  recordCells,
  unreadTable,
  withheldTable,
} from './markdown-tables.ts';
import { removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import { andCostOf, describeEvidence, entriesText, plural } from './sections.ts';

/**
 * The report as a comment on a pull request: what is decided in a table, and each list folded below it. Whatever comes
 * from outside is code, and none of it links, mentions or marks up anything. It fits into a comment: removals come first.
 *
 * @example
 * const { report } = await worker.run(request);
 * await writeFile('comment.md', renderMarkdown(report));
 */
export function renderMarkdown(report: Report): string {
  const { heldBack, withheld, stopped } = report;
  const tables = [
    removals(report),
    written(report, 'registration', 'Registrations'),
    written(report, 'rewrite', 'Rewrites'),
    stops(
      'Tasks to stop',
      stopped.filter(({ status }) => status !== 'waiting'),
    ),
    heldBackTable(heldBack),
    entriesTable('Left as unverified', leftEntries(report, 'unverified')),
    entriesTable('Left as protected', leftEntries(report, 'protected')),
    withheldTable(withheld),
    stops(
      'Unhealthy, and not stopped',
      stopped.filter(({ status }) => status === 'waiting'),
    ),
    unreadTable(report),
    noticesTable(report),
  ].filter(({ rows }) => rows.length > 0);
  return fittingDocument({ head: headOf(report), tables, foot: footOf(report) });
}

function headOf(report: Report): string {
  const { mode, zone, summary } = report;
  const done = report.changes.some(({ status }) => status !== 'planned');
  const rewritten = writtenChanges(report, 'rewrite').length;
  const counts = [
    ['Entries looked at', summary.entries],
    [done ? 'Removals' : 'To remove', summary.removals],
    [done ? 'Registrations' : 'To register', summary.registrations],
    [done ? 'Rewrites' : 'To rewrite', rewritten],
    ['Held back', summary.heldBack],
    ['Left as unverified', leftEntries(report, 'unverified').length],
    ...(done
      ? ([
          ['Changes applied', summary.applied],
          [`Done before by ${ANOTHER_WRITER}`, summary.alreadyDone],
          ['In conflict', summary.conflicts],
          ['Failed', summary.failed],
        ] as const)
      : []),
    ['Scopes that could not be read', report.incomplete.length],
  ] as const;
  const rows = counts
    .filter(([, count], i) => count > 0 || i <= 1)
    .map(([what, count]) => [what, `${count}`]);
  return `### ecs-dns ${mode}: ${code(zone.name)}\n\n${markdownTable(['', 'Count'], rows)}`;
}

function footOf(report: Report): string {
  return `Zone ${code(report.zone.id)}, read at ${report.startedAt} by run ${code(report.runId)}.${andCostOf(report)}`;
}

type Status = Pick<Report['changes'][number], 'status' | 'detail'>;

/** A column more once anything was sent. */
function withStatus(items: readonly Status[]) {
  const planned = items.every(({ status }) => status === 'planned');
  return {
    columns: planned ? [] : ['Outcome'],
    cellOf: ({ status, detail }: Status) => (planned ? [] : [[status, code(detail ?? '')].join(' ').trim()]),
  };
}

function removals(report: Report): FoldedTable {
  const removed = removedEntries(report);
  const { columns, cellOf } = withStatus(removed.map(({ deletion }) => deletion));
  return {
    title: `Removals: ${entriesText(report.summary.removals)}`,
    columns: [...RECORD, 'Verdict', 'Evidence', ...columns],
    rows: removed.map(({ entry, deletion }) => [
      ...recordCells(entry),
      code(`${entry.verdict}: ${entry.reason}`),
      code(describeEvidence(entry.evidence)),
      ...cellOf(deletion),
    ]),
  };
}

function written(report: Report, kind: 'registration' | 'rewrite', title: string): FoldedTable {
  const changes = writtenChanges(report, kind);
  const { columns, cellOf } = withStatus(changes);
  return {
    title: `${title}: ${plural(changes.length, 'record')}`,
    columns: [...RECORD, 'Reason', ...columns],
    rows: changes.map((change) => {
      const { Name: name, Type: type, ResourceRecords = [] } = change.recordSet;
      const value = ResourceRecords.map(({ Value }) => Value).join(', ');
      return [...recordCells({ name, type, value }), code(change.reasons.join(', ')), ...cellOf(change)];
    }),
  };
}

function stops(title: string, stopped: Report['stopped']): FoldedTable {
  return {
    title: `${title}: ${plural(stopped.length, 'task')}`,
    columns: ['Service', 'Task', 'Reason', 'Status', 'Detail'],
    rows: stopped.map(({ cluster, service, task, reason, status, detail }) =>
      [`${cluster}/${service}`, task.slice(task.lastIndexOf('/') + 1), reason, status, detail].map(code),
    ),
  };
}
