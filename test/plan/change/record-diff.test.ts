import { describe, expect, it } from 'vitest';
import type { Change, ChangeGroup, ChangeReason } from '../../../src/model/change.ts';
import { entriesOf } from '../../../src/model/entry.ts';
import { type RecordSet, recordSetKey, withValues } from '../../../src/model/record-set.ts';
import { diffKey, isSameDiff, type RecordDiff, recordDiffs } from '../../../src/plan/change/record-diff.ts';
import type { Removable } from '../../../src/plan/judge/judge-entries.ts';
import { agentSet, CALC, simpleSet, srvValue, vacant, ZONE } from '../support.ts';

const removal = (recordSet: RecordSet): Change => ({ action: 'DELETE', recordSet });
const creation = (recordSet: RecordSet): Change => ({ action: 'CREATE', recordSet });

function group(changes: readonly Change[], ...reasons: readonly ChangeReason[]): ChangeGroup {
  const [first] = changes;
  if (first === undefined) throw new TypeError('a group has changes');
  return { key: recordSetKey(first.recordSet), changes, removed: [], reasons, after: [] };
}

/** Values of a set that go as stale: all of them, unless they are named. */
function stale(set: RecordSet, ...values: readonly string[]): readonly Removable[] {
  return entriesOf([set])
    .filter(({ value }) => values.length === 0 || values.includes(value))
    .map((entry) => ({
      match: vacant(),
      judgement: { entry, evidence: {}, verdict: 'stale', reason: 'task-gone' },
    }));
}

/** A diff in one line: what it is, the identifier and value that it leaves, and why. */
function told(diff: RecordDiff): string {
  const { recordSet, value } = diff.kind === 'removed' ? diff.from : diff.to;
  return `${diff.kind} ${recordSet.SetIdentifier ?? '-'} ${value} ${diff.reasons.join(',')}`;
}

const [ONE, TWO, THREE] = [1, 2, 3].map((n) => agentSet({ owner: n, target: n })) as [
  RecordSet,
  RecordSet,
  RecordSet,
];
const [V1, V2, V3] = [1, 2, 3].map((target) => srvValue({ target })) as [string, string, string];
const MANY: RecordSet = { ...simpleSet([V1, V2]), SetIdentifier: 'many', MultiValueAnswer: true };
const [ID1, ID2] = [ONE.SetIdentifier, TWO.SetIdentifier];

describe('what groups do to records', () => {
  it.each<{
    what: string;
    groups: readonly ChangeGroup[];
    removing?: readonly Removable[];
    diffs: readonly string[];
  }>([
    { what: 'nothing', groups: [], diffs: [] },
    {
      what: 'a set that is missing',
      groups: [group([creation(ONE)], 'missing')],
      diffs: [`registered ${ID1} ${V1} missing`],
    },
    {
      what: 'a set that goes',
      groups: [group([removal(ONE)], 'task-gone')],
      removing: stale(ONE),
      diffs: [`removed ${ID1} ${V1} task-gone`],
    },
    {
      what: 'a set that goes for a reason that is nobody’s verdict',
      groups: [group([removal(ONE)], 'superseded')],
      diffs: [`removed ${ID1} ${V1} superseded`],
    },
    {
      what: 'a value that goes out of a set, in which the others stay as they are',
      groups: [group([removal(MANY), creation(withValues(MANY, [V1]))], 'task-gone')],
      removing: stale(MANY, V2),
      diffs: [`removed many ${V2} task-gone`],
    },
    {
      what: 'a value that comes into a set while another goes',
      groups: [group([removal(MANY), creation(withValues(MANY, [V1, V3]))], 'missing', 'task-gone')],
      removing: stale(MANY, V2),
      diffs: [`removed many ${V2} task-gone`, `registered many ${V3} missing`],
    },
    {
      what: 'sets that are merged in one, with one that is missing',
      groups: [
        group(
          [removal(ONE), removal(TWO), creation(withValues(MANY, [V1, V2, V3]))],
          'merged',
          'missing',
          'task-gone',
        ),
      ],
      removing: stale(TWO),
      diffs: [
        `rewritten many ${V1} merged,missing`,
        `removed ${ID2} ${V2} task-gone`,
        `registered many ${V2} merged,missing`,
        `registered many ${V3} merged,missing`,
      ],
    },
    {
      what: 'a set that is split',
      groups: [group([removal(MANY), creation(ONE), creation(TWO)], 'split')],
      diffs: [`rewritten ${ID1} ${V1} split`, `rewritten ${ID2} ${V2} split`],
    },
    {
      what: 'a weight that is put right',
      groups: [group([removal({ ...ONE, Weight: 9 }), creation(ONE)], 'corrected')],
      diffs: [`rewritten ${ID1} ${V1} corrected`],
    },
    {
      what: 'a priority that is put right: the value is another, and leads to the same location',
      groups: [group([removal(withValues(ONE, [V1.replace('1', '7')])), creation(ONE)], 'corrected')],
      diffs: [`rewritten ${ID1} ${V1} corrected`],
    },
    {
      what: 'two sets that lead to one location, each of which stays itself',
      groups: [
        group(
          [
            removal({ ...ONE, TTL: 60 }),
            removal({ ...ONE, TTL: 60, SetIdentifier: 'x' }),
            creation({ ...ONE, SetIdentifier: 'x' }),
            creation(ONE),
          ],
          'corrected',
        ),
      ],
      diffs: [`rewritten ${ID1} ${V1} corrected`, `rewritten x ${V1} corrected`],
    },
    {
      what: 'a CNAME that becomes a weighted one with the same target',
      groups: [
        group(
          [removal(cname('lb.example.com')), creation({ ...cname('lb.example.com'), Weight: 1 })],
          'corrected',
        ),
      ],
      diffs: ['rewritten - lb.example.com corrected'],
    },
    {
      what: 'a CNAME with another target: one goes and one comes',
      groups: [group([removal(cname('old.example.com')), creation(cname('new.example.com'))], 'superseded')],
      diffs: ['removed - old.example.com superseded', 'registered - new.example.com superseded'],
    },
  ])('$what', ({ groups, removing = [], diffs }) => {
    expect(recordDiffs({ groups, removing }).map(told)).toEqual(diffs);
  });

  it('have both sides of what is rewritten, exactly as they are', () => {
    const wrong = { ...ONE, Weight: 9 };
    expect(
      recordDiffs({ groups: [group([removal(wrong), creation(ONE)], 'corrected')], removing: [] }),
    ).toEqual([
      {
        kind: 'rewritten',
        from: { recordSet: wrong, value: V1 },
        to: { recordSet: ONE, value: V1 },
        reasons: ['corrected'],
      },
    ]);
  });
});

function cname(target: string): RecordSet {
  return { Name: `web.${ZONE}.`, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: target }] };
}

describe('two diffs are the same', () => {
  const registered = (recordSet: RecordSet): RecordDiff => ({
    kind: 'registered',
    to: { recordSet, value: V1 },
    reasons: ['missing'],
  });
  const removed = (reason: ChangeReason): RecordDiff => ({
    kind: 'removed',
    from: { recordSet: ONE, value: V1 },
    reasons: [reason],
  });

  it.each<[string, RecordDiff, RecordDiff, boolean]>([
    ['a removal, whatever its reason', removed('task-gone'), removed('timeout'), true],
    ['a registration of the same set', registered(ONE), registered({ ...ONE }), true],
    ['a registration with another TTL', registered(ONE), registered({ ...ONE, TTL: 60 }), false],
    ['a registration among other values', registered(ONE), registered(withValues(ONE, [V1, V3])), true],
  ])('%s', (_, left, right, same) => {
    expect(diffKey(left)).toBe(diffKey(right));
    expect(isSameDiff(left, right)).toBe(same);
  });

  it('only when they do the same to the same record', () => {
    const keys = [registered(ONE), removed('task-gone'), registered(THREE)].map(diffKey);
    expect(new Set(keys).size).toBe(3);
    expect(keys[0]).toContain(CALC);
    expect(isSameDiff(registered(ONE), removed('task-gone'))).toBe(false);
  });
});
