// Row 5: memory, and growth with size. The peak of the worker's own process over a whole run that probes every
// endpoint, from 1,000 to 100,000 of them, with Node started as a Lambda of 512 MB starts it; and what is left
// of warm runs that repeat in one process.
import { MIB, median, total } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, lambdaFlags, runWorker } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const SIZES =
  process.argv[2] === undefined ? [1_000, 10_000, 50_000, 100_000] : process.argv.slice(2).map(Number);
const SMALL_LAMBDA = lambdaFlags(512);
const [WARM_ENDPOINTS, WARM_RUNS] = [2_500, 12];

await runRow('Memory and growth', async () => {
  const sandbox = startSandbox();
  try {
    const series = [];
    for (const endpoints of SIZES) series.push(await runOn(sandbox, endpoints, SMALL_LAMBDA));
    const largest = series.at(-1);
    const free = await runOn(sandbox, SIZES.at(-1), []);
    const warm = await warmRuns(sandbox);
    const size = SIZES.at(-1).toLocaleString('en-US');
    return {
      table: [...series, { ...free, node: 'as it comes' }],
      series,
      warm,
      sandboxShare: Math.max(...series.map(({ sandboxShare }) => sandboxShare)),
      figures: [
        ...(largest.finished
          ? [
              {
                id: 'memory-peak',
                name: `peak RSS, ${size} endpoints, Node as in a 512 MB Lambda`,
                value: largest.peakMib,
                unit: 'MiB',
                goal: { most: 256 },
              },
            ]
          : [
              {
                id: 'memory-finished',
                name: `${size} endpoints finish with Node as in a 512 MB Lambda (1 is yes)`,
                value: 0,
                unit: '',
                goal: { exactly: 1 },
              },
            ]),
        { id: 'memory-free', name: 'peak RSS, Node as it comes', value: free.peakMib, unit: 'MiB' },
        {
          id: 'memory-base',
          name: `peak RSS, ${SIZES[0].toLocaleString('en-US')} endpoints`,
          value: series[0].peakMib,
          unit: 'MiB',
        },
        {
          id: 'memory-flat',
          name: `heap after warm runs: last quarter over the second, ${WARM_RUNS} runs`,
          value: warm.heapRatio,
          unit: '×',
          goal: { most: 1.1 },
        },
        {
          id: 'memory-flat-rss',
          name: 'RSS, the same',
          value: warm.rssRatio,
          unit: '×',
          goal: { most: 1.1 },
        },
      ],
    };
  } finally {
    sandbox.close();
  }
});

async function runOn(sandbox, endpoints, nodeFlags) {
  const { zone } = await sandbox.fleet({ endpoints, clusters: 10, stalePercent: 5 }, { listen: true });
  const access = await sandbox.serve();
  try {
    const { runs, maxRssBytes } = await runWorker({
      access,
      flags: flagsFor(zone),
      mode: 'apply',
      nodeFlags,
      quiet: true,
    });
    const { calls, share } = await sandbox.account();
    const [{ wallMs, cpuMs, probes }] = runs;
    const peakMib = maxRssBytes / MIB;
    const took = { seconds: wallMs / 1000, cpuSeconds: cpuMs / 1000, peakMib, calls: total(calls) };
    return { endpoints, finished: true, ...took, healthy: probes.healthy, sandboxShare: share };
  } catch (error) {
    // Out of memory: that is a result, too.
    if (!/ended early/.test(error.message)) throw error;
    const { share } = await sandbox.account();
    return { endpoints, finished: false, sandboxShare: share };
  }
}

async function warmRuns(sandbox) {
  const { zone } = await sandbox.fleet({ endpoints: WARM_ENDPOINTS, clusters: 10 }, { listen: true });
  const access = await sandbox.serve();
  const order = { access, flags: flagsFor(zone), runs: WARM_RUNS, settle: true, nodeFlags: SMALL_LAMBDA };
  const { runs } = await runWorker(order);
  const quarter = WARM_RUNS / 4;
  const ratio = (key) => {
    const of = (i) => median(runs.slice(i * quarter, (i + 1) * quarter).map((run) => run[key]));
    return of(3) / of(1);
  };
  return {
    heapRatio: ratio('heapBytes'),
    rssRatio: ratio('rssBytes'),
    heapMib: runs.map(({ heapBytes }) => heapBytes / MIB),
    rssMib: runs.map(({ rssBytes }) => rssBytes / MIB),
  };
}
