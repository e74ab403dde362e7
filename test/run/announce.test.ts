import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { RunError } from '../../src/model/run-error.ts';
import type { NoticeDocument, NoticeKind } from '../../src/publish/notice-schema.ts';
import { createAnnouncer } from '../../src/run/announce.ts';
import type { RunResult } from '../../src/run/run.ts';
import { type Given, groupOf, runResult, srvSet, unhealthy } from '../report/support.ts';

const ALL: readonly NoticeKind[] = ['removals', 'held-back', 'failures', 'drift'];
const HELD: Given = { heldBack: [[unhealthy(srvSet(1)), 'min-endpoints', 'the last one']] };

/** Runs in a row in one process, and the notices of each. */
function process(on: readonly NoticeKind[] = ALL) {
  const announce = createAnnouncer(systemClock);
  return async (
    run: RunResult | Error,
    { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<readonly NoticeDocument[]> => {
    const sent: NoticeDocument[] = [];
    const notifier = { send: async (document: NoticeDocument) => void sent.push(document) };
    const given = async () => {
      if (run instanceof Error) throw run;
      return run;
    };
    const outcome = await announce(given, notifier, { on, zone: 'a.internal', dryRun, signal }).catch(
      (error: unknown) => error,
    );
    expect(outcome).toBe(run);
    return sent;
  };
}

const kindsOf = (notices: readonly NoticeDocument[]) => notices.flatMap(({ kinds }) => kinds);

function ended(given: Given, now: string, before?: string): RunResult {
  return { ...runResult(given), concerns: { before, now } };
}

describe('what is told of a run', () => {
  test('what is held back, once, until it is other than before', async () => {
    const tell = process();

    expect(kindsOf(await tell(ended(HELD, 'a')))).toEqual(['held-back']);
    expect(await tell(ended(HELD, 'a'))).toEqual([]);
    expect(kindsOf(await tell(ended(HELD, 'b')))).toEqual(['held-back']);
    expect(await tell(ended({}, ''))).toEqual([]);
    expect(kindsOf(await tell(ended(HELD, 'b')))).toEqual(['held-back']);
  });

  test('in a process of its own, what the state has of the run before counts', async () => {
    expect(await process()(ended(HELD, 'a', 'a'))).toEqual([]);
    expect(kindsOf(await process()(ended(HELD, 'a', 'b')))).toEqual(['held-back']);
  });

  test('removals each time, and failures with what failed', async () => {
    const [gone, failed] = [groupOf(srvSet(1)), groupOf(srvSet(2))];
    const outcomes: Given['outcomes'] = [
      [gone, { status: 'applied' }],
      [failed, { status: 'failed', detail: 'AccessDenied: no' }],
    ];
    const tell = process();
    const run = ended({ groups: [gone, failed], outcomes }, 'a');

    const [notice] = await tell(run);

    expect(notice).toMatchObject({
      kinds: ['removals', 'failures'],
      removals: {
        count: 1,
        records: [
          {
            name: '_calc._tcp.discovery.internal.',
            type: 'SRV',
            setIdentifier: srvSet(1).SetIdentifier,
            value: '1 1 32761 ip-10-0-0-1',
            why: 'task-gone',
          },
        ],
      },
      failures: { count: 1, details: ['_calc._tcp.discovery.internal.: failed: AccessDenied: no'] },
    });
    expect(kindsOf(await tell(run))).toEqual(['removals']);
  });

  test('of long lists the first ten, and how many there are', async () => {
    const groups = Array.from({ length: 25 }, (_, i) => groupOf(srvSet(i)));
    const outcomes: Given['outcomes'] = groups.map((group) => [group, { status: 'applied' }]);

    const [notice] = await process()(ended({ groups, outcomes }, ''));

    expect(notice?.removals?.count).toBe(25);
    expect(notice?.removals?.records).toHaveLength(10);
  });

  test('of a plan what it would change, and nothing else', async () => {
    const set = srvSet(3);
    const rewrite = {
      ...groupOf(set),
      changes: [
        { action: 'DELETE' as const, recordSet: set },
        { action: 'CREATE' as const, recordSet: { ...set, TTL: 60 } },
      ],
      removed: [],
      reasons: ['ttl' as never],
    };
    const run = ended({ ...HELD, groups: [groupOf(srvSet(1)), rewrite] }, 'a');
    const tell = process();

    const [notice] = await tell(run, { dryRun: true });

    expect(notice).toMatchObject({
      kinds: ['drift'],
      mode: 'plan',
      drift: {
        count: 2,
        removals: 1,
        written: 1,
        records: [{ why: 'to go: task-gone' }, { why: 'to be written anew: ttl' }],
      },
    });
    expect(await tell(run, { dryRun: true })).toEqual([]);
    // What the last plan was concerned about is no matter of a run.
    expect(kindsOf(await tell(ended(HELD, 'a')))).toEqual(['held-back']);
  });

  test.each<[string, readonly NoticeKind[], boolean]>([
    ['a plan without drift', ['removals', 'held-back', 'failures'], true],
    ['a run of which only drift is told', ['drift'], false],
  ])('nothing of %s', async (_, on, dryRun) => {
    const group = groupOf(srvSet(1));
    const outcomes: Given['outcomes'] = dryRun ? [] : [[group, { status: 'applied' }]];
    expect(await process(on)(ended({ ...HELD, groups: [group], outcomes }, 'a'), { dryRun })).toEqual([]);
    expect(await process(on)(new RunError('aws', 'no'), { dryRun })).toEqual([]);
  });
});

describe('a run that ends before it could do anything', () => {
  const denied = new RunError('access-denied', 'route53:GetHostedZone: denied: grant it');

  test('is told with its message, once, until a run has come to its end', async () => {
    const tell = process();

    const [notice] = await tell(denied);

    expect(notice).toMatchObject({
      kinds: ['failures'],
      zone: 'a.internal',
      failures: { count: 1, details: [denied.message] },
    });
    expect(await tell(denied)).toEqual([]);
    expect(await tell(ended({}, ''))).toEqual([]);
    expect(kindsOf(await tell(denied))).toEqual(['failures']);
  });

  test('is not told where it was stopped', async () => {
    expect(await process()(denied, { signal: AbortSignal.abort() })).toEqual([]);
  });
});
