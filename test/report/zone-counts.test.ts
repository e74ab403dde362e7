import { expect, it } from 'vitest';
import { zoneCounts } from '../../src/report/zone-counts.ts';
import { groupOf, live, reportOf, srvSet, stale, unhealthy } from './support.ts';

const SEVERAL = srvSet(3, { ResourceRecords: [{ Value: '1 1 80 a' }, { Value: '1 1 81 b' }] });
const [GONE, NARROWED, LOST] = [groupOf(srvSet(1)), groupOf(SEVERAL, ['1 1 81 b']), groupOf(srvSet(4))];
const NEW = {
  ...groupOf(srvSet(5)),
  changes: [{ action: 'CREATE' as const, recordSet: srvSet(5) }],
  removed: [],
  reasons: ['missing' as const],
};
const GIVEN = {
  judgements: [
    stale(srvSet(1)),
    live(srvSet(2)),
    stale(SEVERAL, {}, '1 1 80 a'),
    { ...live(SEVERAL), entry: { ...live(SEVERAL).entry, value: '1 1 81 b' } },
    unhealthy(srvSet(4)),
  ],
  groups: [GONE, NARROWED, LOST, NEW],
};

it('counts a zone that is only planned for as it is', () => {
  const { entries, verdicts, isChanged } = zoneCounts(reportOf(GIVEN));
  expect({ entries, ...verdicts, isChanged }).toMatchObject({
    entries: 5,
    live: 2,
    stale: 2,
    unhealthy: 1,
    isChanged: false,
  });
});

it('counts what a run has left and written, whatever was planned', () => {
  const { entries, verdicts, isChanged } = zoneCounts(
    reportOf({
      ...GIVEN,
      outcomes: [
        [GONE, { status: 'applied' }],
        [NARROWED, { status: 'applied' }],
        [LOST, { status: 'failed', detail: 'why' }],
        [NEW, { status: 'applied' }],
      ],
    }),
  );
  expect({ entries, ...verdicts, isChanged }).toMatchObject({
    entries: 4,
    live: 3,
    stale: 0,
    unhealthy: 1,
    isChanged: true,
  });
});
