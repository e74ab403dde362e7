import { printable } from '../model/printable.ts';
import type { NoticeDocument, NoticeList } from './notice-schema.ts';

/** Longer lines are cut. */
const MAX_LINE = 300;

/** `ecs-dns apply, a.internal.: 3 removed, 1 held back` */
export function noticeHead({ mode, zone, removals, heldBack, failures, drift }: NoticeDocument): string {
  const counts = [
    [removals?.count, 'removed'],
    [heldBack?.count, 'held back'],
    [failures?.count, 'failed'],
    [drift?.count, 'to change'],
  ] as const;
  const told = counts.flatMap(([count, what]) => (count === undefined ? [] : [`${count} ${what}`]));
  return cut(`ecs-dns ${mode}, ${zone}: ${told.join(', ')}`);
}

/** A notice for people: its head, and each list under a line of its own; control characters are visible. */
export function noticeText(document: NoticeDocument): string {
  const { removals, heldBack, failures, drift, runId } = document;
  return [
    noticeHead(document),
    ...listLines('Removed', removals),
    ...listLines('Held back', heldBack),
    ...(failures === undefined ? [] : lines('Failed', failures.count, failures.details)),
    ...listLines('A run would change', drift),
    ...(runId === undefined ? [] : [`run ${runId}`]),
  ]
    .map(cut)
    .join('\n');
}

function listLines(title: string, list: NoticeList | undefined): readonly string[] {
  if (list === undefined) return [];
  const rows = list.records.map(({ name, type, value, why }) => `${name} ${type} ${value}: ${why}`);
  return lines(title, list.count, rows);
}

function lines(title: string, count: number, rows: readonly string[]): readonly string[] {
  const more = count - rows.length;
  return [
    `${title}: ${count}`,
    ...rows.map((row) => `• ${row}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

function cut(line: string): string {
  const characters = Array.from(printable(line));
  return characters.length > MAX_LINE
    ? `${characters.slice(0, MAX_LINE - 1).join('')}…`
    : characters.join('');
}
