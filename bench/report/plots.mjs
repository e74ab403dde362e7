// The plots of docs/performance.md, each drawn of the results of one row.
import { drawPanels } from './svg.mjs';

const [BLUE, ORANGE, GREY] = ['#0969da', '#bc4c00', '#6e7781'];

/** File names under docs/ with their text. */
export function drawPlots({ rows }) {
  return {
    'performance-growth.svg': growth(rows.memory.series.filter(({ finished }) => finished)),
    'performance-probes.svg': probes(rows.probing.series),
    'performance-quotas.svg': quotas(rows.quotas.series),
  };
}

function growth(series) {
  const panel = (title, yLabel, key) => ({
    title,
    xLabel: 'endpoints',
    yLabel,
    lines: [
      {
        name: 'a whole run that probes every endpoint',
        color: BLUE,
        points: series.map((one) => [one.endpoints, one[key]]),
      },
    ],
  });
  return drawPanels('How time, memory and calls grow with the fleet', [
    panel('Processor time', 'seconds', 'cpuSeconds'),
    panel('Peak memory', 'MiB', 'peakMib'),
    panel('Calls to AWS', 'requests', 'calls'),
  ]);
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

function quotas(series) {
  const kinds = [
    { quotas: 'current', title: "Today's quotas", color: BLUE },
    { quotas: 'older', title: 'Route 53 at 5 requests a second', color: ORANGE },
  ];
  return drawPanels("Time to clean a zone under AWS's quotas", [
    ...kinds.map(({ quotas: kind, title }) => {
      const own = series.filter((one) => one.quotas === kind);
      return {
        title,
        xLabel: 'endpoints',
        yLabel: 'seconds',
        lines: [
          { name: 'this worker', color: BLUE, points: own.map((one) => [one.endpoints, one.seconds]) },
          {
            name: 'what the quotas alone force',
            color: GREY,
            dashed: true,
            points: own.map((one) => [one.endpoints, one.forced]),
          },
        ],
      };
    }),
  ]);
}
