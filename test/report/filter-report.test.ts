import { describe, expect, test } from 'vitest';
import { filterReport, type ReportFilter } from '../../src/report/filter-report.ts';
import { renderText } from '../../src/report/render-text.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { type Given, groupOf, live, reportOf, scope, srvSet, stale, unhealthy } from './support.ts';

const OTHER = '_other._tcp.discovery.internal.';
const HELD = unhealthy(srvSet(3));
const NEW = { ...groupOf(srvSet(5)), removed: [], reasons: ['missing'] as const };
const GIVEN: Given = {
  judgements: [stale(srvSet(1)), live(srvSet(2)), HELD, stale(srvSet(4, { Name: OTHER }))],
  heldBack: [[HELD, 'min-endpoints', 'why']],
  groups: [
    groupOf(srvSet(1)),
    groupOf(srvSet(4, { Name: OTHER })),
    { ...NEW, changes: [{ action: 'CREATE', recordSet: srvSet(5) }] },
  ],
  withheld: [
    { name: OTHER, type: 'SRV', value: '1 1 80 a', reason: 'name-taken', detail: undefined, evidence: {} },
  ],
  incomplete: [scope('cluster/blue')],
  stops: [{ cluster: 'c', service: 's', task: 'arn/1', reason: 'timeout', status: 'planned', detail: 'why' }],
};
const REPORT = reportOf(GIVEN, { all: true });

function filtered(filter: ReportFilter) {
  const { entries, heldBack, changes, withheld, stopped } = filterReport(REPORT, filter);
  return {
    entries: entries.map(({ setIdentifier }) => setIdentifier?.at(-1)).join(''),
    held: heldBack.length,
    changes: changes.map(({ recordSet }) => recordSet.SetIdentifier?.at(-1)).join(''),
    withheld: withheld.length,
    stopped: stopped.length,
  };
}

describe('a report', () => {
  test('without a filter is as it was', () => {
    expect(filterReport(REPORT, {})).toBe(REPORT);
  });

  test.each<[ReportFilter, ReturnType<typeof filtered>]>([
    [{ only: ['stale'] }, { entries: '14', held: 0, changes: '14', withheld: 0, stopped: 0 }],
    [{ only: ['unhealthy', 'live'] }, { entries: '23', held: 1, changes: '', withheld: 0, stopped: 0 }],
    [{ name: '_o*' }, { entries: '4', held: 0, changes: '4', withheld: 1, stopped: 0 }],
    [
      { name: '_CALC._tcp.discovery.internal.' },
      { entries: '123', held: 1, changes: '15', withheld: 0, stopped: 0 },
    ],
    [
      { only: ['stale'], name: '_calc._tcp' },
      { entries: '1', held: 0, changes: '1', withheld: 0, stopped: 0 },
    ],
  ])('of %j has what is meant', (filter, expected) => {
    expect(filtered(filter)).toEqual(expected);
  });

  test('keeps its counts, and says that it was narrowed', () => {
    const filter: ReportFilter = { only: ['stale'], name: '_o*' };
    const report = reportSchema.parse(filterReport(REPORT, filter));
    expect(report).toMatchObject({ filter, summary: REPORT.summary, incomplete: REPORT.incomplete });
    expect(renderText(report, { color: false })).toContain(
      '\nListed is only what is of the verdict stale, of a name like _o*; the counts are those of all.\n',
    );
    expect(renderText(filterReport(REPORT, { name: 'x' }), { color: false })).toContain(
      'Nothing of it is to be removed.',
    );
  });
});
