import { PLOT } from './layout.ts';

/** So long all of the picture is shown first, then it is drawn, and then it is shown again. */
const SHOW_SECONDS = 4;
const DRAW_SECONDS = 14;
const STAND_SECONDS = 4;
const ROUND_SECONDS = SHOW_SECONDS + DRAW_SECONDS + STAND_SECONDS;
const FAINT = 0.3;
const BLINK_SECONDS = 0.2;

/**
 * A veil over what is yet to come, which goes off the plot to the right, and captions that light up as their time comes;
 * `shares` are where in the recording that is, from 0 to 1. Where motion is not wanted, all is there all the time.
 */
export function motion(shares: readonly number[]): string {
  const [begin, end] = [moment(0), moment(1)];
  const [before, after] = [moment(0, -BLINK_SECONDS), moment(1, BLINK_SECONDS)];
  const width = PLOT.right - PLOT.left;
  const sweep = `@keyframes sweep{0%,${begin}{transform:translateX(0)}${end},100%{transform:translateX(${width}px)}}`;
  const veil = `@keyframes veil{0%,${before}{opacity:0}${begin},${end}{opacity:1}${after},100%{opacity:0}}`;
  const lights = shares.map((share, i) => {
    const [dark, light] = [moment(share), moment(share, BLINK_SECONDS)];
    return `@keyframes light-${i}{0%,${before}{opacity:1}${begin},${dark}{opacity:${FAINT}}${light},100%{opacity:1}}`;
  });
  const all = `${ROUND_SECONDS}s linear infinite`;
  const rules = [
    `.veil{display:inline;animation:sweep ${all},veil ${all}}`,
    ...shares.map((_, i) => `.caption-${i}{animation:light-${i} ${all}}`),
  ];
  const moving = `@media (prefers-reduced-motion:no-preference){${rules.join('')}}`;
  return `${sweep}${veil}${lights.join('')}${moving}`;
}

/** When in the round a share of the recording has been drawn, and some seconds later. */
function moment(share: number, later = 0): string {
  const seconds = SHOW_SECONDS + share * DRAW_SECONDS + later;
  return `${Math.round((1000 * seconds) / ROUND_SECONDS) / 10}%`;
}
