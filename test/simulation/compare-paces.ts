import { generate } from './generate.ts';
import type { Pace } from './pace.ts';
import { play } from './play.ts';
import type { Choice } from './shapes.ts';

/** Plays the same histories without events and with them, and tells in words how soon the zone followed. */
export async function comparePaces(seed: number, count: number, choice: Choice): Promise<string> {
  const { without = [], always = [] } = choice;
  const off = await paceIn(seed, count, { always, without: [...without, 'events'] });
  const on = await paceIn(seed, count, {
    always: [...always, 'events'],
    without: without.filter((one) => one !== 'events'),
  });
  return [
    `how soon the zone follows, in ${count} histories, each without events and with them: median (p90)`,
    `  a container is up, and has its entry: ${render(off.starts)} without, ${render(on.starts)} with`,
    `  a container has ended, and its entry is gone: ${render(off.stops)} without, ${render(on.stops)} with`,
  ].join('\n');
}

/** The pace in the histories of `count` seeds. */
export async function paceIn(seed: number, count: number, choice: Choice): Promise<Pace> {
  const starts: number[] = [];
  const stops: number[] = [];
  for (let index = 0; index < count; index++) {
    const { pace } = await play(generate(seed + index, choice));
    starts.push(...pace.starts);
    stops.push(...pace.stops);
  }
  return { starts, stops };
}

function render(times: readonly number[]): string {
  return times.length === 0 ? 'none' : `${seconds(times, 0.5)} (${seconds(times, 0.9)})`;
}

function seconds(times: readonly number[], quantile: number): string {
  return `${(quantileOf(times, quantile) / 1_000).toFixed(1)} s`;
}

/** The time that such a share of all is not longer than; `NaN` of none. */
export function quantileOf(times: readonly number[], quantile: number): number {
  const inOrder = times.toSorted((a, b) => a - b);
  return inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * quantile))] ?? Number.NaN;
}
