// Row 8: beside what people run today, a worker that does one thing after the other, on the same fleet and wire;
// and beside this worker with each of its optimisations switched off, one at a time.
import { total } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, runWorker } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';
import { SWITCHES } from '../support/switches.mjs';

const ENDPOINTS = Number(process.argv[2] ?? 3_000);
const LATENCY_MS = 30;

await runRow('Beside what people run today', async () => {
  const sandboxes = [startSandbox(), startSandbox(), startSandbox()];
  try {
    const [quick, serial, sequential] = await Promise.all(sandboxes.map(openFleet));
    // The slow ones only wait for containers that hang, so they do not disturb the others.
    const slow = Promise.all([
      run(serial, SWITCHES['parallel-probes'], 'parallel-probes'),
      run(sequential, 'one thing after the other', 'everything'),
    ]);
    const own = await run(quick, 'this worker', undefined);
    const without = [];
    for (const [off, name] of Object.entries(SWITCHES))
      if (off !== 'parallel-probes') without.push(await run(quick, name, off));
    const [oneProbe, oneThing] = await slow;
    const all = [own, ...without, oneProbe, oneThing];
    const table = all.map((one) => ({ ...one, times: one.seconds / own.seconds }));
    return {
      table,
      series: table,
      sandboxShare: own.share,
      figures: [
        {
          id: 'beside-ratio',
          name: `one thing after the other, ${ENDPOINTS.toLocaleString('en-US')} endpoints, over this worker`,
          value: oneThing.seconds / own.seconds,
          unit: '×',
          goal: { least: 20 },
        },
        { id: 'beside-own', name: 'this worker', value: own.seconds, unit: 's' },
        { id: 'beside-sequential', name: 'one thing after the other', value: oneThing.seconds, unit: 's' },
        {
          id: 'beside-calls',
          name: 'its calls over those of this worker',
          value: oneThing.calls / own.calls,
          unit: '×',
        },
      ],
    };
  } finally {
    for (const sandbox of sandboxes) sandbox.close();
  }
});

/** Each has a fleet of its own: they run at the same time, and all of them change their zone. */
async function openFleet(sandbox) {
  const fleet = await sandbox.fleet(
    { endpoints: ENDPOINTS, clusters: 2, stalePercent: 5, hangingPercent: 1, refusingPercent: 1 },
    { listen: true },
  );
  return { sandbox, ...fleet };
}

async function run({ sandbox, zone, reasons }, name, off) {
  const must = reasons.stale + reasons.unhealthy;
  const access = await sandbox.serve({ latencyMs: LATENCY_MS });
  const { runs, maxRssBytes } = await runWorker({
    access,
    flags: flagsFor(zone),
    mode: 'apply',
    off,
    paced: true,
  });
  const { calls, share } = await sandbox.account();
  const [{ wallMs, cpuMs, summary }] = runs;
  if (summary.applied !== must) throw new Error(`${name}: ${summary.applied} of ${must} removed`);
  const peakMib = maxRssBytes / 1024 / 1024;
  return { name, seconds: wallMs / 1000, cpuSeconds: cpuMs / 1000, calls: total(calls), peakMib, share };
}
