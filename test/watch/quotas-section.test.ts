import { expect, test } from 'vitest';
import type { QuotaUse } from '../../src/model/quota.ts';
import { quotasSection } from '../../src/watch/quotas-section.ts';

const CALM: QuotaUse = {
  bucket: 'ecs:ListTasks',
  documented: { burst: 100, perSecond: 20 },
  burst: 95,
  perSecond: 20,
  left: 92.7,
  rejected: 0,
  waited: 0,
  waitedMs: 0,
  waiting: 0,
};

/** The cells of each row of the table. */
function rowsOf(quotas: readonly QuotaUse[]): readonly (readonly string[])[] {
  const [, body = ''] = String(quotasSection(quotas)).split('<tbody>');
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );
}

test('a quota that nothing has strained is as AWS documents it', () => {
  expect(rowsOf([CALM])).toEqual([
    ['ecs:ListTasks', '20/s, 100 at once', '20/s, 95 at once', '92', '0', '0', '0'],
  ]);
});

test('a quota that was strained says what it grants by now, and who waits', () => {
  const strained = {
    perSecond: 7.25,
    burst: 41.6,
    left: 0,
    rejected: 3,
    waited: 12,
    waitedMs: 1_840,
    waiting: 2,
  };
  expect(rowsOf([{ ...CALM, ...strained }])).toEqual([
    ['ecs:ListTasks', '20/s, 100 at once', '7.3/s, 41 at once', '0', '3', '12, in all 1.8s', '2'],
  ]);
});

test('a quota of more than one operation says so, and one that is not documented too', () => {
  const documented = { burst: 1_000, perSecond: 1_000, isGuess: true };
  const rows = rowsOf([
    { ...CALM, bucket: 'route53' },
    { ...CALM, bucket: 'route53 changes', documented },
  ]);
  expect(rows.map((cells) => cells.slice(0, 2))).toEqual([
    ['route53, all operations', '20/s, 100 at once'],
    ['route53 changes of record sets', 'not documented'],
  ]);
});

test('without a request that has drawn on a quota there is no section', () => {
  expect(quotasSection([])).toBeUndefined();
});
