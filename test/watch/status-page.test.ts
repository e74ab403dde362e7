import { expect, test } from 'vitest';
import { alreadyDone } from '../../src/model/change.ts';
import { createStatusSite } from '../../src/watch/status-site.ts';
import { groupOf, srvSet, stale } from '../report/support.ts';
import { WELL } from './status-pages.ts';
import { reported, runRecord } from './support.ts';
import { virtualTime } from './virtual-time.ts';

const ABOUT = { command: 'watch', schedule: 'every 5m', zone: 'discovery.internal', settings: [] };
const CALLS = { awsCalls: { 'ecs:DescribeTasks': 1 }, awsThrottled: 0 };

/** The cells of the first row of a table, by the titles of their columns. */
function firstRow(page: string, label: string): Readonly<Record<string, string>> {
  const from = page.indexOf(`aria-label="${label}"`);
  expect(from, label).toBeGreaterThan(-1);
  const table = page.slice(from, page.indexOf('</table>', from));
  const cellsOf = (row: string) =>
    [...row.matchAll(/<t[hd]\b[^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]*>/g, '').trim(),
    );
  const [titles = [], cells = []] = table.split('</tr>').map(cellsOf);
  return Object.fromEntries(titles.map((title, i) => [title, cells[i] ?? '']));
}

test('what was done before stands next to what was applied, of runs and of events', () => {
  const [done, late] = [groupOf(srvSet(1)), groupOf(srvSet(2))];
  const run = runRecord({
    judgements: [stale(srvSet(1)), stale(srvSet(2))],
    groups: [done, late],
    outcomes: [
      [done, { status: 'applied' }],
      [late, alreadyDone(late)],
    ],
  });
  const time = virtualTime();
  const site = createStatusSite({ ...ABOUT, followsEvents: true }, time, {
    readiness: WELL.readiness,
    quotas: () => [],
  });
  site.observe(reported({ run }));
  site.observeEvents({
    kind: 'looked',
    messages: 2,
    ignored: 0,
    scopes: [],
    record: { runs: [run], waiting: [], elsewhere: [], failure: undefined, calls: CALLS },
    durationMs: 40,
    ageMs: undefined,
    failure: undefined,
  });

  const page = site.pages.status(false);

  expect(firstRow(page, 'Last runs')).toMatchObject({
    Removals: '2',
    Applied: '1',
    'Done before': '1',
    Conflicts: '0',
  });
  expect(firstRow(page, 'Events')).toMatchObject({ Applied: '1', 'Done before': '1', 'Not applied': '0' });
  expect(page).toContain('Done before is what another look, run or tool was first with.');
});
