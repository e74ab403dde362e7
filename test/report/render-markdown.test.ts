import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alreadyDone } from '../../src/model/change.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { code, fittingDocument, MAX_COMMENT_BYTES } from '../../src/report/markdown.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { type Given, groupOf, reportOf, scope, srvSet, stale, unhealthy, unverified } from './support.ts';

const HOSTILE =
  '`</details>` | @octocat <img src=x onerror=alert(1)> [a](https://evil.example)\n# 1 \u202e www.a.b a@b.c';

/** A report in which everything from outside is one text. */
function reportWith(text: string, count = 1): Given {
  const sets = Array.from({ length: count }, (_, i): RecordSet => {
    const ResourceRecords = [{ Value: `${text} ${i}` }];
    return { ...srvSet(1), Name: text, SetIdentifier: `${text} ${i}`, ResourceRecords };
  });
  const [removed, held, unknown] = ['a', 'b', 'c'].map((part) =>
    sets.map((set) => ({ ...set, SetIdentifier: `${part}${set.SetIdentifier}` })),
  ) as [RecordSet[], RecordSet[], RecordSet[]];
  const heldBack = held.map((set) => unhealthy(set));
  return {
    zone: { id: text, name: text },
    judgements: [
      ...removed.map((set) => stale(set, { host: text })),
      ...heldBack,
      ...unknown.map((set) => unverified(set, { host: text })),
    ],
    heldBack: heldBack.map((judgement) => [judgement, 'min-endpoints', text] as const),
    groups: removed.map((set) => groupOf(set)),
    withheld: [
      { name: text, type: 'SRV', value: text, reason: 'set-limit', detail: text, evidence: { host: text } },
    ],
    stops: [
      { cluster: text, service: text, task: text, reason: 'timeout', status: 'planned', detail: text },
      { cluster: text, service: text, task: text, reason: 'timeout', status: 'waiting', detail: text },
    ],
    incomplete: [scope(text, text)],
    notices: [{ subject: text, detail: text }],
  };
}

const markdownOf = (given: Given, mode: 'plan' | 'apply' = 'plan') =>
  renderMarkdown(reportOf(given, { mode }));
/** What of a document GitHub takes for Markdown. */
const outsideCode = (markdown: string) => markdown.replace(/`[^`\n]+`/g, '`x`');

describe('the comment', () => {
  test('says what is decided in a table, and has each list folded below it, removals first', () => {
    const lines = markdownOf(reportWith('api')).split('\n');

    expect(lines.slice(0, 12)).toEqual([
      '### ecs-dns plan: `api`',
      '',
      '|  | Count |',
      '| --- | --- |',
      '| Entries looked at | 3 |',
      '| To remove | 1 |',
      '| Held back | 1 |',
      '| Left as unverified | 1 |',
      '| Scopes that could not be read | 1 |',
      '',
      '<details>',
      '<summary>Removals: 1 entry</summary>',
    ]);
    expect(lines.slice(13, 17)).toEqual([
      '| Name | Type | Value | Verdict | Evidence |',
      '| --- | --- | --- | --- | --- |',
      '| `api` | `SRV` | `api 0` | `stale: task-gone` | `host api` |',
      '',
    ]);
    expect(lines.filter((line) => line.startsWith('<summary>'))).toEqual([
      '<summary>Removals: 1 entry</summary>',
      '<summary>Tasks to stop: 1 task</summary>',
      '<summary>Held back: 1 entry</summary>',
      '<summary>Left as unverified: 1 entry</summary>',
      '<summary>Not registered: 1 record</summary>',
      '<summary>Unhealthy, and not stopped: 1 task</summary>',
      '<summary>Could not be read: 1 scope</summary>',
      '<summary>To put right: 1 notice</summary>',
    ]);
  });

  test('says how each change ended', () => {
    const group = groupOf(srvSet(1));
    const registered = {
      ...groupOf(srvSet(2)),
      changes: [{ action: 'CREATE' as const, recordSet: srvSet(2) }],
      removed: [],
      reasons: ['missing' as const],
    };
    const markdown = markdownOf(
      {
        judgements: [stale(srvSet(1))],
        groups: [group, registered],
        outcomes: [
          [group, { status: 'applied' }],
          [registered, { status: 'failed', detail: 'Access|Denied' }],
        ],
      },
      'apply',
    );

    expect(markdown).toContain('| Changes applied | 1 |\n| Failed | 1 |');
    expect(markdown).toMatch(/^\| `_calc.* \| applied \|$/m);
    expect(markdown).toContain('| `missing` | failed `Access\\u007cDenied` |');
  });

  test('counts apart what another look, run or tool was first with', () => {
    const late = groupOf(srvSet(1));
    const markdown = markdownOf(
      { judgements: [stale(srvSet(1))], groups: [late], outcomes: [[late, alreadyDone(late)]] },
      'apply',
    );

    expect(markdown).toContain('| Removals | 1 |\n| Done before by another look, run or tool | 1 |');
  });

  test('of nothing is short, and has no list', () => {
    expect(markdownOf({})).toBe(
      [
        '### ecs-dns plan: `discovery.internal.`',
        '',
        '|  | Count |',
        '| --- | --- |',
        '| Entries looked at | 0 |',
        '| To remove | 0 |',
        '',
        'Zone `Z1`, read at 2030-01-02T03:04:05.000Z by run `run-1`.',
        '',
      ].join('\n'),
    );
  });
});

describe('what comes from outside', () => {
  test('is code and nothing else, wherever it stands', () => {
    expect(outsideCode(markdownOf(reportWith(HOSTILE)))).toBe(outsideCode(markdownOf(reportWith('x'))));
  });

  test('never ends its code, its cell or its line', () => {
    const characters = fc.constantFrom('`', '|', '\\', '\n', '\r', ' ', '<', '@', 'a', '\u2028', '😀');
    fc.assert(
      fc.property(fc.string({ unit: characters, minLength: 1 }), (text) => {
        expect(code(text)).toMatch(/^(?:`[^`|\p{Cc}\p{Zl}\p{Zp}]+`)?$/u);
      }),
    );
  });

  test('is cut where it is longer than a cell bears, and never within a character', () => {
    expect(code('😀'.repeat(400))).toBe(`\`${'😀'.repeat(299)}…\``);
    expect(code('a'.repeat(300))).toBe(`\`${'a'.repeat(300)}\``);
  });
});

describe('a comment holds 65,536 characters', () => {
  test('and the largest report fits, cut after whole rows, with what is left out counted', () => {
    const markdown = markdownOf(reportWith('x'.repeat(60), 2_000));

    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(MAX_COMMENT_BYTES);
    const [removals = '', heldBack = ''] = [
      /Removals: 2000[\s\S]*?<\/details>/,
      /Held back: 2000[\s\S]*?<\/details>/,
    ].map((section) => section.exec(markdown)?.[0]);
    const rows = removals.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.every((row) => row.endsWith(' |'))).toBe(true);
    expect(rows.length).toBeGreaterThan(100);
    expect(removals).toContain(`${2_000 - rows.length} more are not shown: a comment holds no more.`);
    expect(heldBack).toMatch(/\b(?:2000|19\d\d) more are not shown/);
    expect(markdown.match(/<details>/g)).toHaveLength(8);
    expect(markdown.match(/<\/details>/g)).toHaveLength(8);
    expect(markdown.trimEnd().split('\n').at(-1)).toMatch(/^Zone /);
  });

  test('whatever its size, no byte is over the limit, and no row is lost uncounted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 700, max: 3_000 }),
        (sizes, limit) => {
          const tables = sizes.map((size, i) => ({
            title: `${i}`,
            columns: ['a'],
            rows: Array.from({ length: size }, (_, row) => [`r${i} é ${row}`]),
          }));
          const text = fittingDocument({ head: 'head', tables, foot: 'foot' }, limit);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
          const shown = text.match(/^\| r/gm)?.length ?? 0;
          const missing = [...text.matchAll(/^(\d+) more are/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
          expect(shown + missing).toBe(sizes.reduce((sum, size) => sum + size, 0));
        },
      ),
    );
  });
});
