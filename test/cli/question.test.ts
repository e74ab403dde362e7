import { expect, test } from 'vitest';
import { questionOf } from '../../src/cli/question.ts';
import type { ChangeGroup } from '../../src/model/change.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { type Given, groupOf, reportOf, srvSet, stale } from '../report/support.ts';

function created(n: number, reasons: ChangeGroup['reasons'], before: readonly RecordSet[] = []): ChangeGroup {
  return {
    ...groupOf(srvSet(n)),
    changes: [
      ...before.map((recordSet) => ({ action: 'DELETE', recordSet }) as const),
      { action: 'CREATE', recordSet: srvSet(n) },
    ],
    removed: [],
    reasons,
  };
}

const removal: Given = { judgements: [stale(srvSet(1))], groups: [groupOf(srvSet(1))] };
const NEW = created(7, ['missing']);
const REWRITTEN = created(8, ['corrected'], [srvSet(8)]);
const ZONE = 'discovery.internal';
const STOP = {
  cluster: 'blue',
  service: 'orders',
  task: 'arn:task/1',
  reason: 'timeout',
  detail: 'why',
  status: 'planned',
} as const;

test.each<[string, Given, string]>([
  ['a removal', removal, `Remove 1 entry from ${ZONE}`],
  ['a registration', { groups: [NEW] }, `Register 1 entry in ${ZONE}`],
  [
    'registrations and a removal',
    { ...removal, groups: [NEW, created(9, ['missing']), ...(removal.groups ?? [])] },
    `Register 2 entries and remove 1 entry in ${ZONE}`,
  ],
  [
    'all that there is',
    { ...removal, groups: [NEW, REWRITTEN, ...(removal.groups ?? [])], stops: [STOP] },
    `Register 1 entry, rewrite 1 entry and remove 1 entry in ${ZONE} and stop 1 task`,
  ],
  ['a task to stop', { stops: [STOP] }, 'Stop 1 task'],
])('asks for %s', (_, given, expected) => {
  expect(questionOf(reportOf(given))).toBe(expected);
});
