import { type Layout, PLOT, ROWS } from './layout.ts';
import type { Generation } from './recording.ts';
import { rectangle, widthOf, words } from './shapes.ts';
import { FONT_SIZES } from './style.ts';
import type { Phase, Span, TaskLine } from './timeline.ts';

const WORDS: Readonly<Record<Phase, string>> = {
  starting: 'starting',
  ready: 'healthy',
  listed: 'in DNS',
  draining: 'out of DNS, still answers',
};
/** Where numbers stand in a bar. */
const SHORT_WORDS: Readonly<Record<Phase, string>> = { ...WORDS, draining: 'still answers' };
const INSET = 7;
const INSET_AFTER_NUMBER = 14;

/** A bar for each task: what it does, and when. */
export function taskBars(lines: readonly TaskLine[], layout: Layout): readonly string[] {
  const seen = { old: 0, new: 0 };
  return lines.flatMap((line, task) => {
    seen[line.generation] += 1;
    const y = layout.rowY(task);
    const label = `${line.generation} task ${seen[line.generation]}`;
    const row = { y, layout, generation: line.generation, isNumbered: seen[line.generation] === 1 };
    return [
      words(PLOT.left - 12, baseline(y), label, 'label'),
      ...line.spans.flatMap((span) => bar(span, row)),
      ...ending(line, row),
    ];
  });
}

interface Row {
  readonly y: number;
  readonly layout: Layout;
  readonly generation: Generation;
  /** The captions have their numbers in the first row of each generation. */
  readonly isNumbered: boolean;
}

function bar({ phase, from, to }: Span, { y, layout, generation, isNumbered }: Row): readonly string[] {
  const [left, right] = [layout.x(from), layout.x(to)];
  const box = { x: left, y, width: right - left, height: ROWS.bar };
  const className = phase === 'starting' ? 'waiting' : `${generation}-${phase}`;
  const text = (isNumbered ? SHORT_WORDS : WORDS)[phase];
  const inset = isNumbered && from > 0 ? INSET_AFTER_NUMBER : INSET;
  const isRoom = widthOf(text, FONT_SIZES.small) + inset + INSET < box.width;
  const kind = phase === 'listed' ? 'on-bar' : 'on-pale';
  return [
    rectangle(box, className, phase === 'starting' ? 3 : 0),
    ...(isRoom ? [words(left + inset, baseline(y), text, kind)] : []),
  ];
}

function ending({ endedAt }: TaskLine, { y, layout, isNumbered }: Row): readonly string[] {
  if (endedAt === undefined) return [];
  const inset = isNumbered ? INSET_AFTER_NUMBER : INSET;
  return [words(layout.x(endedAt) + inset, baseline(y), 'gone', 'small')];
}

function baseline(y: number): number {
  return y + ROWS.bar / 2 + 4.5;
}
