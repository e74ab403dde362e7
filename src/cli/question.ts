import { normalizeName, writtenName } from '../model/dns-name.ts';
import type { Report } from '../report/report-schema.ts';
import { entriesText, plural } from '../report/sections.ts';

/**
 * What an operator is asked before a plan is applied: all that it does, in one sentence without its mark. The zone is
 * without its last dot, which would end the sentence.
 */
export function questionOf({ summary, zone, changes, stopped }: Report): string {
  const written = changes.filter(({ action }) => action === 'CREATE');
  const [registered, rewritten] = (['registration', 'rewrite'] as const).map(
    (kind) => written.filter((change) => change.kind === kind).length,
  );
  const stops = stopped.filter(({ status }) => status === 'planned').length;
  const additions = [
    ...(registered ? [`register ${entriesText(registered)}`] : []),
    ...(rewritten ? [`rewrite ${entriesText(rewritten)}`] : []),
  ];
  const removal = summary.removals === 0 ? [] : [`remove ${entriesText(summary.removals)}`];
  const inZone = listed([...additions, ...removal]);
  const place =
    inZone === ''
      ? ''
      : `${inZone} ${additions.length === 0 ? 'from' : 'in'} ${writtenName(normalizeName(zone.name))}`;
  const tasks = stops === 0 ? '' : `stop ${plural(stops, 'task', 'tasks')}`;
  const question = [place, tasks].filter((part) => part !== '').join(' and ');
  return question.charAt(0).toUpperCase() + question.slice(1);
}

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
