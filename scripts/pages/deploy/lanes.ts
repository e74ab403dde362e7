import { type Band, type Layout, PLOT } from './layout.ts';
import type { Generation } from './recording.ts';
import { rounded, shape, words } from './shapes.ts';
import type { Dot, Step } from './timeline.ts';

/** How many records of either generation the name has: those of old tasks below, those of new ones on top. */
export function recordLane(
  steps: readonly Step[],
  most: number,
  seconds: number,
  layout: Layout,
): readonly string[] {
  const { records: band, x } = layout;
  const y = (count: number) => band.top + band.height * (1 - count / most);
  const area = (className: string, low: (step: Step) => number, high: (step: Step) => number) => {
    const ends = steps.map((step, i) => ({ step, from: x(step.at), to: x(steps[i + 1]?.at ?? seconds) }));
    const upper = ends.map(
      ({ step, from, to }) => `L${point(from, y(high(step)))}L${point(to, y(high(step)))}`,
    );
    const lower = ends
      .toReversed()
      .map(({ step, from, to }) => `L${point(to, y(low(step)))}L${point(from, y(low(step)))}`);
    const d = `${upper.join('')}${lower.join('')}Z`.replace(/^L/, 'M');
    return shape('path', { d, class: className });
  };
  const middle = band.top + band.height / 2;
  const last = steps.at(-1);
  return [
    words(PLOT.left - 12, middle - 4, 'records', 'label'),
    words(PLOT.left - 12, middle + 13, 'in DNS', 'label'),
    area(
      'old-listed',
      () => 0,
      (step) => step.old,
    ),
    area(
      'new-listed',
      (step) => step.old,
      (step) => step.old + step.new,
    ),
    words(x(0) + 7, y(steps[0]?.old ?? 0) + 16, `${steps[0]?.old ?? 0} old`, 'on-bar'),
    words(PLOT.right - 46, y(last?.new ?? 0) + 16, `${last?.new ?? 0} new`, 'on-bar'),
  ];
}

/** A dot for each request: above where an old task has answered, below where a new one has. */
export function requestLane(
  dots: readonly Dot[],
  label: readonly [string, string],
  band: Band,
  { x }: Layout,
): readonly string[] {
  const middle = band.top + band.height / 2;
  const height: Readonly<Record<Generation, number>> = { old: middle - 9, new: middle + 9 };
  return [
    words(PLOT.left - 12, middle - 4, label[0], 'label'),
    words(PLOT.left - 12, middle + 13, label[1], 'label'),
    shape('line', { x1: PLOT.left, x2: PLOT.right, y1: middle, y2: middle, class: 'grid' }),
    ...dots.map(({ at, generation, ok }) =>
      ok
        ? shape('circle', { cx: x(at), cy: height[generation], r: 3.6, class: `${generation}-dot` })
        : cross(x(at), height[generation]),
    ),
  ];
}

export function cross(x: number, y: number): string {
  const arm = 4;
  const d = `M${point(x - arm, y - arm)}l${2 * arm} ${2 * arm}m${-2 * arm} 0l${2 * arm} ${-2 * arm}`;
  return shape('path', { d, class: 'failed' });
}

function point(x: number, y: number): string {
  return `${rounded(x)} ${rounded(y)}`;
}
