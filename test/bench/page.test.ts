import { describe, expect, test } from 'vitest';
import { fillPage, type Results } from '../../bench/report/page.mjs';

function results(commit: string, value: number): Results {
  return {
    date: '2030-02-03T04:05:06.000Z',
    commit,
    node: 'v24.0.0',
    machine: { cpu: 'A Processor', cpus: 2, memoryGib: 7.9 },
    rows: {
      planning: {
        figures: [
          { id: 'growth', name: 'growth', value, unit: '×', goal: { most: 2.2 } },
          { id: 'bytes', name: 'allocated', value: 1.5, unit: 'KiB' },
        ],
      },
    },
  };
}

const page = (name: string) => `before\n<!-- figures:${name} -->\nold\n<!-- /figures -->\nafter\n`;

describe('the page', () => {
  test('has the figures between its markers, and keeps all else', () => {
    const filled = fillPage(page('table'), results('abc', 2.5), undefined);
    expect(filled).toMatch(/^before\n<!-- figures:table -->\n\n[\s\S]+\n\n<!-- \/figures -->\nafter\n$/);
    expect(filled).not.toContain('old');
    expect(filled).toMatch(/\| Pure planning +\| growth +\| 2\.50 × +\| ≤ 2\.20 × +\| \*\*no\*\* +\|/);
    expect(filled).toMatch(/\| +\| allocated +\| 1\.50 KiB +\| +\| +\|/);
  });

  test('stays as it is when it is filled again', () => {
    const once = fillPage(page('table'), results('abc', 2), undefined);
    expect(fillPage(once, results('abc', 2), undefined)).toBe(once);
    expect(fillPage(once, results('abc', 2.1), undefined)).not.toBe(once);
    const empty = page('table').replace('old\n', '');
    expect(fillPage(empty + empty, results('abc', 2), undefined)).toBe(once + once);
  });

  test('says what it was measured on', () => {
    const filled = fillPage(page('machine'), results('abc', 2), undefined);
    expect(filled).toContain(
      'Measured on 2030-02-03 at commit `abc`, Node.js v24.0.0, 2 × A Processor, 8 GiB.',
    );
  });

  test('compares what has changed, and says so when there is nothing to compare with', () => {
    const filled = fillPage(page('before-after'), results('new', 2), results('old', 4));
    expect(filled).toMatch(/\| Pure planning \| growth \| 4 × +\| 2 × +\|/);
    expect(filled).not.toContain('allocated');
    expect(fillPage(page('before-after'), results('new', 2), undefined)).toContain('no older results');
  });

  test('has no marker that nothing fills', () => {
    expect(() => fillPage(page('weather'), results('abc', 2), undefined)).toThrow(/weather/);
  });
});
