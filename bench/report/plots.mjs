// The plots of docs/performance.md, each drawn of the results of one row.
import { drawPanels } from './svg.mjs';

const [BLUE, ORANGE, GREY] = ['#0969da', '#bc4c00', '#6e7781'];

/** File names under docs/ with their text; `before` are older results, or `undefined`. */
export function drawPlots({ rows }, before) {
  const old = before?.rows;
  return {
    'performance-growth.svg': growth(rows.memory.series, old?.memory.series, before?.commit),
    'performance-probes.svg': probes(rows.probing.series),
    'performance-quotas.svg': quotas(rows.quotas.series, old?.quotas.series, before?.commit),
  };
}

function growth(series, old = [], commit = '') {
  const panel = (title, yLabel, key) => {
    const points = (all) => all.filter(({ finished }) => finished).map((one) => [one.endpoints, one[key]]);
    const own = { name: 'a whole run that probes every endpoint', color: BLUE, points: points(series) };
    return { title, xLabel: 'endpoints', yLabel, lines: [...earlier(points(old), commit), own] };
  };
  return drawPanels('How time, memory and calls grow with the fleet', [
    panel('Processor time', 'seconds', 'cpuSeconds'),
    panel('Peak memory', 'MiB', 'peakMib'),
    panel('Calls to AWS', 'requests', 'calls'),
  ]);
}

function earlier(points, commit) {
  return points.length === 0 ? [] : [{ name: `before, at ${commit}`, color: ORANGE, dashed: true, points }];
}

function probes(series) {
  // Each number at a time is four times the one before it.
  const place = ({ concurrency }) => Math.log2(concurrency);
  return drawPanels('Health checks a second by how many run at a time', [
    {
      title: 'Probe throughput',
      xLabel: 'probes at a time',
      yLabel: 'checks a second',
      xTicks: series.map((one) => [place(one), String(one.concurrency)]),
      lines: [
        { name: 'this worker', color: BLUE, points: series.map((one) => [place(one), one.engine]) },
        {
          name: 'bare node:net loop',
          color: GREY,
          dashed: true,
          points: series.map((one) => [place(one), one.bare]),
        },
      ],
    },
  ]);
}

function quotas(series, old = [], commit = '') {
  const kinds = { current: "Today's quotas", older: 'Route 53 at 5 requests a second' };
  const panels = Object.entries(kinds).map(([kind, title]) => {
    const points = (all, key) =>
      all.filter((one) => one.quotas === kind).map((one) => [one.endpoints, one[key]]);
    const floor = {
      name: 'what the quotas alone force',
      color: GREY,
      dashed: true,
      points: points(series, 'forced'),
    };
    const own = { name: 'this worker', color: BLUE, points: points(series, 'seconds') };
    const lines = [...earlier(points(old, 'seconds'), commit), floor, own];
    return { title, xLabel: 'endpoints', yLabel: 'seconds', lines };
  });
  return drawPanels("Time to clean a zone under AWS's quotas", panels);
}
