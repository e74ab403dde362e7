import { describe, expect, test } from 'vitest';
import {
  type ExplainedEntry,
  type ExplanationReport,
  explanationSchema,
  type MissingRecord,
} from '../../src/report/explanation-schema.ts';
import { MAX_COMMENT_BYTES } from '../../src/report/markdown.ts';
import { renderExplanationMarkdown } from '../../src/report/render-explanation-markdown.ts';

const HOSTILE =
  '`</details>` | @octocat <img src=x onerror=alert(1)> [a](https://evil.example)\n# 1 \u202e www.a.b a@b.c';

/** An entry in which everything from outside is one text. */
function entryWith(text: string): ExplainedEntry {
  return {
    name: text,
    type: 'SRV',
    value: text,
    verdict: 'stale',
    reason: 'instance-gone',
    meaning: 'the `instance` is gone',
    advice: 'nothing',
    evidence: { host: text },
    recordSet: { Name: text, Type: 'SRV', SetIdentifier: text, ResourceRecords: [{ Value: text }] },
    srvRecord: { service: text, target: text, port: 80, containerId: text },
    match: { kind: 'endpoint', by: 'position', meaning: 'leads to a running container' },
    host: { containerInstance: text, instanceId: text, cluster: text, state: 'unreachable' },
    guardrails: [{ guardrail: 'min-endpoints', answer: 'holds', decides: true, detail: text }],
    confirmation: [{ asked: text, seen: text }],
    outcome: 'held-back',
    heldBy: { guardrail: 'min-endpoints', detail: text, liftedBy: '`--force`' },
    changes: [{ action: 'DELETE', recordSet: { Name: text, Type: 'SRV' } }],
  };
}

function missingWith(text: string): MissingRecord {
  const record = { name: text, type: 'SRV', setIdentifier: text, value: text };
  return { ...record, outcome: 'withheld', reason: 'set-limit', detail: text, advice: text };
}

const markdownOf = (text: string, count?: number) => renderExplanationMarkdown(explanationOf(text, count));

function explanationOf(text: string, count = 1): ExplanationReport {
  const many = Array.from({ length: count });
  return explanationSchema.parse({
    version: 1,
    mode: 'explain',
    zone: { id: text, name: text },
    selector: text,
    startedAt: new Date(0).toISOString(),
    durationMs: 1,
    entries: many.map(() => entryWith(text)),
    missing: [missingWith(text)],
    incomplete: [{ scope: text, operation: text, error: text }],
    notices: [{ subject: text, detail: text }],
    awsCalls: {},
    awsThrottled: 0,
  });
}

/** What of a document GitHub takes for Markdown. */
const outsideCode = (markdown: string) => markdown.replace(/`[^`\n]+`/g, '`x`');

describe('an explanation as a comment', () => {
  test('says what becomes of each entry in a table, and has all that leads to it folded below', () => {
    const lines = markdownOf('api').split('\n');

    expect(lines.slice(0, 9)).toEqual([
      '### ecs-dns explain: `api`',
      '',
      '|  | Name | Type | Value | Set | Verdict | What becomes of it |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| 1 | `api` | `SRV` | `api` | `api` | `stale: instance-gone` | `held back by min-endpoints` |',
      '| 2 | `api` | `SRV` | `api` | `api` | `not in the zone` | `is not registered: set-limit` |',
      '',
      '<details>',
      '<summary>1: stale: instance-gone</summary>',
    ]);
    expect(lines).toContain('| Guardrails | `min-endpoints holds: api` |');
    expect(lines).toContain('| A run would | `leave the entry: held back by min-endpoints` |');
    expect(lines).toContain('|  | `lifted by: --force` |');
    expect(lines).toContain('| Verdict | `stale: instance-gone: the instance is gone` |');
    expect(lines.filter((line) => line.startsWith('<summary>'))).toEqual([
      '<summary>1: stale: instance-gone</summary>',
      '<summary>2: not in the zone</summary>',
      '<summary>Could not be read: 1 scope</summary>',
      '<summary>To put right: 1 notice</summary>',
    ]);
    expect(lines.at(-2)).toMatch(
      /^Zone `api` \(`api`\), read at 1970-01-01T00:00:00\.000Z; nothing was changed\./,
    );
  });

  test('has no column for set identifiers where no set has one', () => {
    const entry = entryWith('api');
    const { SetIdentifier: _, ...recordSet } = entry.recordSet;
    const { setIdentifier: __, ...missing } = missingWith('api');
    const head = (entries: readonly ExplainedEntry[], others: readonly MissingRecord[]) =>
      renderExplanationMarkdown({
        ...explanationOf('api'),
        entries: [...entries],
        missing: [...others],
      }).split('\n')[2];

    expect(head([{ ...entry, recordSet }], [missing])).not.toContain('| Set |');
    expect(head([{ ...entry, recordSet }], [missingWith('api')])).toContain('| Set |');
    expect(head([entry], [missing])).toContain('| Set |');
  });

  test('has what comes from outside as code and as nothing else', () => {
    expect(outsideCode(markdownOf(HOSTILE))).toBe(outsideCode(markdownOf('x')));
  });

  test('fits into a comment, and counts what is not shown', () => {
    const markdown = markdownOf('x'.repeat(255), 500);

    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(MAX_COMMENT_BYTES);
    expect(markdown).toContain('\n481 more are not shown; name one, or narrow them down with --only.\n');
  });
});
