import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { alreadyDone, type ChangeGroup } from '../../../src/model/change.ts';
import { renderReportPage, summaryTiles } from '../../../src/report/html/report-page.ts';
import {
  foreign,
  type Given,
  groupOf,
  live,
  reportOf,
  scope,
  srvSet,
  stale,
  unhealthy,
  unverified,
} from '../support.ts';

const REMOVAL: Given = { judgements: [stale(srvSet(1)), live(srvSet(2))], groups: [groupOf(srvSet(1))] };
const REGISTRATION: ChangeGroup = {
  ...groupOf(srvSet(3)),
  changes: [{ action: 'CREATE', recordSet: srvSet(3) }],
  removed: [],
  reasons: ['missing'],
};

function pageOf(given: Given, options: Parameters<typeof reportOf>[1] = {}, maxRows?: number): string {
  return renderReportPage(reportOf(given, options), { maxRows });
}

/** What is to be read in a page, or in the part of it that begins with a heading. */
function textOf(page: string, section = ''): string {
  const from = section === '' ? page.indexOf('<body>') : page.indexOf(`<h2 id="${section}-title">`);
  expect(from, section).toBeGreaterThan(-1);
  const part = page.slice(from, section === '' ? undefined : page.indexOf('</section>', from));
  return part
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the page', () => {
  test('loads and runs nothing: all it has is one style sheet, which its policy names by its hash', () => {
    const page = pageOf(REMOVAL);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');

    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}';`,
    );
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|form)|\sstyle=|\son\w+=|@import|url\(|https?:/,
    );
  });

  test.each<{ what: string; given: Given; mode?: 'apply'; says: string }>([
    { what: 'a plan', given: REMOVAL, says: 'A run would remove 1 entry.' },
    { what: 'nothing', given: {}, says: 'There is nothing to do.' },
    {
      what: 'an applied run',
      given: { ...REMOVAL, outcomes: [[groupOf(srvSet(1)), { status: 'applied' }]] },
      mode: 'apply',
      says: 'The run was to remove 1 entry: 1 change applied, 0 in conflict, 0 failed.',
    },
    {
      what: 'a run that came too late',
      given: { ...REMOVAL, outcomes: [[groupOf(srvSet(1)), alreadyDone(groupOf(srvSet(1)))]] },
      mode: 'apply',
      says: 'The run was to remove 1 entry: 0 changes applied, 1 done before by another look, run or tool, 0 in conflict, 0 failed.',
    },
    {
      what: 'a run that was not approved',
      given: REMOVAL,
      mode: 'apply',
      says: 'and has sent nothing.',
    },
    {
      what: 'what stays',
      given: {
        judgements: [unverified(srvSet(1))],
        heldBack: [[unhealthy(srvSet(2)), 'panic-threshold', 'x']],
      },
      says: '1 held back, 1 left as unverified.',
    },
  ])('says of $what: $says', ({ given, mode, says }) => {
    expect(textOf(pageOf(given, mode && { mode }))).toContain(says);
  });

  test('shows a removal with verdict, record, reason in words and as a code, and its evidence', () => {
    const judgements = [stale(srvSet(1), { instance: 'i-1', errorCode: 'ECONNREFUSED' })];

    expect(textOf(pageOf({ judgements, groups: [groupOf(srvSet(1))] }), 'removals')).toMatch(
      /^To remove 1 .* stale _calc\._tcp \.discovery\.internal\. SRV 1 1 32761 ip-10-0-0-1 nothing runs that the entry could lead to, on its host or anywhere task-gone, ECONNREFUSED instance i-1 errorCode ECONNREFUSED Set identifier ip-10-0-0-1:000000000001 What to do nothing: the entry goes/,
    );
  });

  test('shows how a change has ended, and why', () => {
    const outcomes: Given['outcomes'] = [
      [groupOf(srvSet(1)), { status: 'failed', detail: 'AccessDenied: no' }],
    ];

    expect(textOf(pageOf({ ...REMOVAL, outcomes }, { mode: 'apply' }), 'removals')).toMatch(
      /^Removals 1 .* stale failed .* Outcome AccessDenied: no/,
    );
  });

  test('shows what is held back with its guardrail, and what lifts it', () => {
    const heldBack: Given['heldBack'] = [[unhealthy(srvSet(2)), 'panic-threshold', '2 of 2 fail']];

    expect(textOf(pageOf({ heldBack }), 'held-back')).toMatch(
      /unhealthy _calc.* 2 of 2 fail panic-threshold Guardrail panic-threshold holds back .* Lifted by .*--force Else http-status , the endpoint answers/,
    );
  });

  test('shows registrations, what is not registered, what is unknown, foreign, unread, and notices', () => {
    const withheld = { ...IDENTITY, reason: 'name-taken' as const, detail: undefined, evidence: {} };
    const page = pageOf({
      judgements: [unverified(srvSet(1)), foreign(srvSet(2))],
      groups: [REGISTRATION],
      withheld: [withheld],
      incomplete: [scope('cluster/blue')],
      notices: [{ subject: 'orders', detail: 'look at it' }],
    });

    expect(textOf(page, 'registrations')).toMatch(
      /^To register 1 .* new _calc.* no record leads there yet missing/,
    );
    expect(textOf(page, 'withheld')).toMatch(
      /not registered _x\._tcp .* name-taken What to do remove that record/,
    );
    expect(textOf(page, 'unverified')).toContain('address-unknown');
    expect(textOf(page, 'foreign')).toContain('not-weighted');
    expect(textOf(page, 'incomplete')).toContain('cluster/blue ecs:ListTasks AccessDenied: not you');
    expect(textOf(page, 'notices')).toContain('orders look at it');
  });

  test('counts the calls to AWS, and how many were throttled', () => {
    const awsCalls = { 'ecs:ListTasks': 2, 'ecs:DescribeTasks': 30 };
    const page = pageOf({}, { awsCalls, awsThrottled: 4 });

    expect(textOf(page)).toContain('32 AWS calls 4 throttled');
    expect(textOf(page, 'calls')).toMatch(
      /4 requests of these were rejected .* ecs:DescribeTasks 30 ecs:ListTasks 2$/,
    );
  });

  test('has a word for each verdict, the same in tile, section and badge', () => {
    const page = pageOf({ judgements: [unverified(srvSet(1))] });

    expect(textOf(page)).toContain('1 Unverified');
    expect(textOf(page, 'unverified')).toMatch(/^Left as unverified 1 .* unverified _/);
  });

  test('counts in the tile all that are unverified, and says how many of them a guardrail holds', () => {
    const held = unverified(srvSet(1));
    const heldBack = [[held, 'host-not-covered', 'out of sight']] as const;
    const both = pageOf({ judgements: [held, unverified(srvSet(2))], heldBack });
    const one = pageOf({ judgements: [held], heldBack });

    expect(textOf(both)).toContain('2 Unverified 1 of them held back');
    expect(both).toContain('href="#unverified"');
    expect(textOf(one)).toContain('1 Unverified 1 of them held back');
    expect(one).not.toContain('href="#unverified"');
  });

  test('has the changes of events next to its own in the tiles, where a watch knows of some', () => {
    const report = reportOf(REMOVAL);
    const tiles = (events: { removals: number; registrations: number }) =>
      String(summaryTiles(report, { byEvents: events }))
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ');

    expect(tiles({ removals: 3, registrations: 0 })).toMatch(
      /1 To remove 3 more by events since the start 0 To register 0 Held back/,
    );
    expect(tiles({ removals: 0, registrations: 2 })).toContain(
      '0 To register 2 more by events since the start',
    );
  });

  test('says on the tiles how many another look, run or tool was first with', () => {
    const late = [groupOf(srvSet(1)), REGISTRATION] as const;
    const page = textOf(
      pageOf(
        {
          judgements: REMOVAL.judgements ?? [],
          groups: late,
          outcomes: late.map((group) => [group, alreadyDone(group)] as const),
        },
        { mode: 'apply' },
      ),
    );

    expect(page).toContain('1 Removals 1 of them before, by another look, run or tool');
    expect(page).toContain('1 Registrations 1 of them before, by another look, run or tool');
  });

  test('has a link on a tile only where it leads to something', () => {
    const page = pageOf(REMOVAL);
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);

    expect(links).toEqual(['removals']);
    for (const id of links) expect(ids).toContain(id);
  });

  test('bounds its lists where it is told to, and says how much more there is', () => {
    const judgements = [1, 2, 3, 4, 5].map((i) => unverified(srvSet(i)));

    expect(textOf(pageOf({ judgements }, {}, 2), 'unverified')).toMatch(
      /5 .* and 3 more, see \/report\.json$/,
    );
    expect(textOf(pageOf({ judgements }), 'unverified')).not.toContain('more');
  });
});

const IDENTITY = { name: '_x._tcp.discovery.internal.', type: 'SRV', value: '1 1 1 x' };

describe('what comes from outside', () => {
  const EVIL = '"><script>alert(1)</script>\u202e\u0007';

  test('is escaped wherever it stands', () => {
    const set = srvSet(1, {
      Name: `_${EVIL}.discovery.internal.`,
      SetIdentifier: EVIL,
      ResourceRecords: [{ Value: EVIL }],
    });
    const evidence = { service: EVIL, [EVIL]: EVIL };
    const page = pageOf(
      {
        zone: { id: EVIL, name: 'discovery.internal.' },
        judgements: [stale(set, evidence), unhealthy(srvSet(2), evidence), unverified(srvSet(3), evidence)],
        groups: [groupOf(set)],
        heldBack: [[unhealthy(srvSet(2)), 'panic-threshold', EVIL]],
        withheld: [{ ...IDENTITY, value: EVIL, reason: 'name-taken', detail: EVIL, evidence }],
        incomplete: [scope(EVIL, EVIL)],
        notices: [{ subject: EVIL, detail: EVIL }],
        stops: [
          { cluster: EVIL, service: EVIL, task: EVIL, reason: 'timeout', status: 'waiting', detail: EVIL },
        ],
        outcomes: [[groupOf(set), { status: 'failed', detail: EVIL }]],
      },
      { mode: 'apply', awsCalls: { [EVIL]: 1 } },
    );

    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(15);
  });
});
