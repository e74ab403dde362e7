import { taskBars } from './bars.ts';
import { captionsOf, drawCaptions } from './captions.ts';
import { cross, recordLane, requestLane } from './lanes.ts';
import { type Layout, layoutOf, PLOT, ROWS, SUBTITLE_Y, TITLE_Y, WIDTH } from './layout.ts';
import { motion } from './motion.ts';
import type { Recording } from './recording.ts';
import { escapeXml, rectangle, shape, words } from './shapes.ts';
import { style } from './style.ts';
import { dotsOf, recordSteps, taskLines } from './timeline.ts';

const TICK_SECONDS = 5;

/** Draws a recorded deployment, as it goes on or as a whole; the same recording gives the same bytes. */
export function drawDeploy(recording: Recording, isMoving: boolean): string {
  const { seconds, tasks, events, ttlSeconds, drainSeconds } = recording;
  const oldTasks = tasks.filter(({ generation }) => generation === 'old').length;
  const layout = layoutOf({ seconds, oldTasks, tasks: tasks.length });
  const lines = taskLines(recording);
  const captions = captionsOf(recording, lines);
  const height = layout.captionsY + captions.length * 24 + 6;
  const requests = events.filter(({ kind }) => kind === 'request');
  const failed = requests.filter((event) => event.kind === 'request' && !event.ok).length;
  const title = `A deploy of ${oldTasks} ${oldTasks === 1 ? 'task' : 'tasks'}: ${failed} of ${requests.length} requests failed`;
  const about = `A recorded run. Records have a TTL of ${ttlSeconds} s, and a container answers for ${drainSeconds} s after SIGTERM.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml([about, ...captions.map(({ text }) => text)].join(' '))}</desc>`,
    `<style>${style()}${isMoving ? motion(captions.map(({ at }) => at / seconds)) : ''}</style>`,
    rectangle({ x: 0, y: 0, width: WIDTH, height }, 'paper'),
    shape('rect', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 8, class: 'frame' }),
    words(20, TITLE_Y, title, 'title'),
    words(20, SUBTITLE_Y, about, 'text'),
    ...grid(layout, seconds),
    ...taskBars(lines, layout),
    ...recordLane(
      recordSteps(recording),
      Math.max(...recordSteps(recording).map((one) => one.old + one.new)),
      seconds,
      layout,
    ),
    ...requestLane(dotsOf(recording, 'anew'), ['client asks', 'DNS each time'], layout.anew, layout),
    ...requestLane(
      dotsOf(recording, 'cached'),
      ['client caches', `for ${ttlSeconds} s`],
      layout.cached,
      layout,
    ),
    ...(isMoving ? [veil(layout)] : []),
    ...axis(layout, recording),
    ...legend(layout, failed),
    ...drawCaptions(captions, layout),
    '</svg>',
    '',
  ].join('\n');
}

function ticks(seconds: number): readonly number[] {
  return Array.from({ length: Math.floor(seconds / TICK_SECONDS) + 1 }, (_, i) => i * TICK_SECONDS);
}

function grid({ x, axisY }: Layout, seconds: number): readonly string[] {
  return ticks(seconds).map((at) =>
    shape('line', { x1: x(at), x2: x(at), y1: ROWS.top - 6, y2: axisY, class: 'grid' }),
  );
}

function axis({ x, axisY }: Layout, { seconds }: Recording): readonly string[] {
  return ticks(seconds).map((at) => words(x(at), axisY + 15, `${at} s`, 'tick'));
}

/** Over what is yet to come; it leaves the plot to the right, and is seen nowhere else. */
function veil({ axisY }: Layout): string {
  const y = ROWS.top - 6;
  const box = { x: 0, y: 0, width: WIDTH - PLOT.left, height: axisY - y };
  const edge = shape('line', { x1: 0, x2: 0, y1: 0, y2: box.height, class: 'now' });
  const moving = shape('g', { class: 'veil' }, rectangle(box, 'cover'), edge);
  const place = { x: PLOT.left, y, width: PLOT.right - PLOT.left + 1, height: box.height };
  return shape('svg', { ...place, 'aria-hidden': 'true' }, moving);
}

function legend({ axisY }: Layout, failed: number): readonly string[] {
  const y = axisY + 36;
  return [
    shape('circle', { cx: PLOT.left + 6, cy: y - 4, r: 3.6, class: 'old-dot' }),
    words(PLOT.left + 16, y, 'answered by an old task', 'small'),
    shape('circle', { cx: PLOT.left + 190, cy: y - 4, r: 3.6, class: 'new-dot' }),
    words(PLOT.left + 200, y, 'answered by a new task', 'small'),
    cross(PLOT.left + 376, y - 4),
    words(PLOT.left + 387, y, `failed: ${failed === 0 ? 'none' : failed}`, 'small'),
    rectangle({ x: PLOT.left + 492, y: y - 11, width: 14, height: 14 }, 'new-ready'),
    words(PLOT.left + 513, y, 'healthy, not yet in DNS', 'small'),
  ];
}
