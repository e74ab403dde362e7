import { describe, expect, test } from 'vitest';
import { drawPanels, type Line } from '../../bench/report/svg.mjs';

const LINE: Line = {
  name: 'a & b',
  color: '#0969da',
  points: [
    [0, 0],
    [50, 10],
    [100, 37],
  ],
};

function draw(lines: readonly Line[], panels = 1) {
  const panel = { title: 'Time <s>', xLabel: 'endpoints', yLabel: 'seconds', lines };
  return drawPanels(
    'A plot',
    Array.from({ length: panels }, () => panel),
  );
}

function numbers(svg: string, attribute: string): readonly number[] {
  return [...svg.matchAll(new RegExp(` ${attribute}="([-\\d.]+)"`, 'g'))].map(([, value]) => Number(value));
}

describe('a plot', () => {
  test('has all it draws within its frame', () => {
    const svg = draw([LINE, { ...LINE, name: 'other', dashed: true }], 3);
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
    const within = (attributes: readonly string[], most: number) =>
      attributes
        .flatMap((attribute) => numbers(svg, attribute))
        .filter((value) => !(value >= 0 && value <= most));
    expect(within(['x', 'x1', 'x2', 'cx'], width)).toEqual([]);
    expect(within(['y', 'y1', 'y2', 'cy'], height)).toEqual([]);
  });

  test('puts equal steps at equal distances, upwards', () => {
    const svg = draw([LINE]);
    const [first = 0, second = 0, third = 0] = numbers(svg, 'cx');
    expect(third - second).toBeCloseTo(second - first);
    const [low = 0, middle = 0, high = 0] = numbers(svg, 'cy');
    expect((low - middle) / (middle - high)).toBeCloseTo(10 / 27);
  });

  test('starts at nothing and ends at a round number beyond the last', () => {
    expect([...draw([LINE]).matchAll(/text-anchor="end">([\d.k]+)</g)].map(([, label]) => label)).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
    ]);
  });

  test('escapes its texts, and names each line once', () => {
    const svg = draw([LINE], 2);
    expect(svg).toContain('Time &lt;s&gt;');
    expect(svg.match(/a &amp; b/g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('draws no dots on what is only a bound', () => {
    expect(draw([{ ...LINE, dashed: true }])).not.toContain('<circle');
  });
});
