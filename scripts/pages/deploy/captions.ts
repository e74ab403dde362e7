import { type Layout, PLOT, ROWS } from './layout.ts';
import type { Recording } from './recording.ts';
import { shape, words } from './shapes.ts';
import type { TaskLine } from './timeline.ts';

/** A sentence under the picture, and where its number stands in it. */
export interface Caption {
  readonly at: number;
  readonly task: number;
  readonly text: string;
}

/** The story of the first task of each generation. */
export function captionsOf(
  { tasks, ttlSeconds, drainSeconds }: Recording,
  lines: readonly TaskLine[],
): readonly Caption[] {
  const [old, young] = [0, tasks.findIndex(({ generation }) => generation === 'new')];
  const [ending, starting] = [lines[old], lines[young]];
  const startOf = (line: TaskLine | undefined, phase: string) =>
    line?.spans.find((span) => span.phase === phase)?.from ?? 0;
  const drained = startOf(ending, 'draining');
  return [
    { at: startOf(starting, 'starting'), task: young, text: 'ECS starts a new task.' },
    {
      at: startOf(starting, 'listed'),
      task: young,
      text: 'It passes its health check: the worker writes its record.',
    },
    {
      at: drained,
      task: old,
      text: 'ECS tells an old task to stop: its record goes at once, its container goes on answering.',
    },
    {
      at: drained + ttlSeconds,
      task: old,
      text: `${ttlSeconds} s later no cache can hold that record any more.`,
    },
    { at: ending?.endedAt ?? 0, task: old, text: `The container ends, ${drainSeconds} s after SIGTERM.` },
  ];
}

const RADIUS = 9;

export function drawCaptions(captions: readonly Caption[], layout: Layout): readonly string[] {
  return captions.map(({ at, task, text }, i) => {
    const number = String(i + 1);
    const y = layout.captionsY + 14 + i * 24;
    return shape(
      'g',
      { class: `caption-${i}` },
      badge(layout.x(at), layout.rowY(task) + ROWS.bar / 2, number),
      badge(PLOT.left + 6, y - 5, number),
      words(PLOT.left + 24, y, text, 'text'),
    );
  });
}

function badge(x: number, y: number, number: string): string {
  return shape('circle', { cx: x, cy: y, r: RADIUS, class: 'badge' }) + words(x, y + 5, number, 'number');
}
