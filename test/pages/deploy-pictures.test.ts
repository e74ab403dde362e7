import { readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { Recording } from '../../scripts/pages/deploy/recording.ts';
import { recordSteps, taskLines } from '../../scripts/pages/deploy/timeline.ts';
import { deployPictures } from '../../scripts/pages/deploy-pictures.ts';

const FILE = new URL('../../scripts/pages/deploy/recording.json', import.meta.url);
const RECORDED: Recording = JSON.parse(readFileSync(FILE, 'utf8'));

/** One task is replaced by another, and one of two requests fails. */
const SMALL: Recording = {
  ttlSeconds: 5,
  drainSeconds: 10,
  seconds: 20,
  tasks: [{ generation: 'old' }, { generation: 'new' }],
  events: [
    { at: 1, kind: 'task', task: 1, status: 'PENDING' },
    { at: 3, kind: 'process', task: 1, does: 'answers' },
    { at: 4, kind: 'record', task: 1, change: 'CREATE', outcome: 'applied' },
    { at: 4.5, kind: 'task', task: 0, status: 'DEACTIVATING' },
    { at: 5, kind: 'record', task: 0, change: 'DELETE', outcome: 'InvalidChangeBatch' },
    { at: 6, kind: 'record', task: 0, change: 'DELETE', outcome: 'applied' },
    { at: 7, kind: 'request', client: 'anew', task: 1, ok: true },
    { at: 16, kind: 'process', task: 0, does: 'ends' },
    { at: 17, kind: 'request', client: 'cached', task: 0, ok: false },
  ],
};

describe('what became of a task', () => {
  test('is told by what was applied, and not by what was asked for', () => {
    expect(taskLines(SMALL).map(({ spans }) => spans)).toEqual([
      [
        { phase: 'listed', from: 0, to: 6 },
        { phase: 'draining', from: 6, to: 16 },
      ],
      [
        { phase: 'starting', from: 1, to: 3 },
        { phase: 'ready', from: 3, to: 4 },
        { phase: 'listed', from: 4, to: 20 },
      ],
    ]);
    expect(recordSteps(SMALL)).toEqual([
      { at: 0, old: 1, new: 0 },
      { at: 4, old: 1, new: 1 },
      { at: 6, old: 0, new: 1 },
    ]);
  });
});

describe('the picture of a deployment', () => {
  const { 'a-deploy.svg': moving = '', 'a-deploy-still.svg': still = '' } = deployPictures(SMALL);

  test('counts what failed, and has a cross for it', () => {
    expect(still).toContain('<title>A deploy of 1 task: 1 of 2 requests failed</title>');
    // One more in the legend.
    expect(still.match(/class="failed"/g)).toHaveLength(2);
    expect(still).toContain('>failed: 1<');
  });

  test('moves in one of its forms, and never where no motion is wanted', () => {
    expect(moving).toMatch(
      /@media \(prefers-reduced-motion:no-preference\)\{\.veil\{display:inline;animation:/,
    );
    expect(moving.match(/animation:/g)).toHaveLength(
      moving.slice(moving.indexOf('@media (prefers-reduced-motion')).match(/animation:/g)?.length ?? 0,
    );
    expect(still).not.toMatch(/animation|keyframes|veil"/);
  });

  test.each(Object.entries(deployPictures(RECORDED)))(
    '%s is small, whole, and asks for nothing else',
    (_, svg) => {
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg.length).toBeLessThan(40_000);
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|@import|<script/);
      expect(svg).toContain('@media (prefers-color-scheme:dark)');
    },
  );
});

/** What the page says of the recording. */
describe('the recording', () => {
  const requests = RECORDED.events.filter((event) => event.kind === 'request');

  test('has five tasks replaced, and no request that failed', () => {
    expect(RECORDED.tasks.map(({ generation }) => generation)).toEqual([
      ...Array.from({ length: 5 }, () => 'old'),
      ...Array.from({ length: 5 }, () => 'new'),
    ]);
    expect(requests.length).toBeGreaterThan(60);
    expect(requests.filter((event) => event.kind === 'request' && !event.ok)).toEqual([]);
  });

  test('has each record written after a healthy answer, and gone a TTL before its container ends', () => {
    const lines = taskLines(RECORDED);
    for (const [task, { generation, spans, endedAt }] of lines.entries()) {
      const listed = spans.find(({ phase }) => phase === 'listed');
      if (generation === 'new') {
        const probe = RECORDED.events.find((event) => event.kind === 'probe' && event.task === task);
        expect(probe).toMatchObject({ status: 200 });
        expect(probe?.at).toBeLessThanOrEqual(listed?.from ?? 0);
      } else expect((endedAt ?? 0) - (listed?.to ?? 0)).toBeGreaterThan(RECORDED.ttlSeconds);
    }
    expect(Math.min(...recordSteps(RECORDED).map((step) => step.old + step.new))).toBe(5);
  });
});
