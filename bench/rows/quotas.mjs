// Row 4: under quotas. Cleaning a zone while the sandbox throttles with AWS's token buckets and adds 30 ms of
// latency: the time of the whole run over the time that the quotas alone force, and the calls that were
// rejected. Health checks are off: they draw on no quota, and the row of the whole run has them.
import { total } from '../support/figures.mjs';
import { quotaFloor } from '../support/quota-floor.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, runWorker, WITHOUT_PROBES } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const SIZES = process.argv[2] === undefined ? [10_000, 50_000, 100_000] : process.argv.slice(2).map(Number);
const LATENCY_MS = 30;
const QUOTAS = ['current', 'older'];

await runRow("Under AWS's quotas", async () => {
  const sandboxes = QUOTAS.map(() => startSandbox());
  try {
    const table = [];
    // Side by side: the quotas are waited for, and hardly anything is computed meanwhile.
    for (const endpoints of SIZES)
      table.push(...(await Promise.all(QUOTAS.map((quotas, i) => clean(sandboxes[i], endpoints, quotas)))));
    const unpaced = await clean(sandboxes[1], SIZES[0], 'older', false);
    const largest = table.filter(({ endpoints }) => endpoints === SIZES.at(-1));
    return {
      table,
      series: table,
      sandboxShare: Math.max(...table.map(({ sandboxShare }) => sandboxShare)),
      figures: [
        ...largest.flatMap(({ quotas, endpoints, seconds, forced }) => [
          {
            id: `quota-ratio-${quotas}`,
            name: `${label(quotas)}, ${endpoints.toLocaleString('en-US')} endpoints: time over what they force`,
            value: seconds / forced,
            unit: '×',
            goal: { most: 1.15 },
          },
          { id: `quota-seconds-${quotas}`, name: `${label(quotas)}: time`, value: seconds, unit: 's' },
          { id: `quota-forced-${quotas}`, name: `${label(quotas)}: forced`, value: forced, unit: 's' },
        ]),
        {
          id: 'quota-rejected',
          name: 'calls rejected, worst run',
          value: Math.max(...table.map(({ rejected, calls }) => rejected / calls)),
          unit: '%',
          goal: { most: 0.02 },
        },
        {
          id: 'quota-removed',
          name: 'of what had to go, removed, worst run',
          value: Math.min(...table.map(({ removed, must }) => removed / must)),
          unit: '%',
          goal: { exactly: 1 },
        },
        {
          id: 'quota-unpaced',
          name: `calls rejected without the limiter, ${SIZES[0].toLocaleString('en-US')} endpoints`,
          value: unpaced.rejected / unpaced.calls,
          unit: '%',
        },
      ],
    };
  } finally {
    for (const sandbox of sandboxes) sandbox.close();
  }
});

async function clean(sandbox, endpoints, quotas, paced = true) {
  const { zone, least, reasons } = await sandbox.fleet({ endpoints, clusters: 10, stalePercent: 5 });
  const access = await sandbox.serve({ quotas, latencyMs: LATENCY_MS });
  const { runs } = await runWorker({ access, flags: flagsFor(zone, WITHOUT_PROBES), mode: 'apply', paced });
  const { calls, rejected, share } = await sandbox.account();
  const [{ wallMs, cpuMs, summary, incomplete }] = runs;
  const { ms, bucket } = quotaFloor(least, quotas);
  return {
    endpoints,
    quotas,
    seconds: wallMs / 1000,
    forced: ms / 1000,
    bucket,
    cpuSeconds: cpuMs / 1000,
    calls: total(calls),
    rejected,
    incomplete,
    removed: summary.applied,
    must: reasons.stale,
    sandboxShare: share,
  };
}

function label(quotas) {
  return quotas === 'older' ? 'Route 53 at 5 a second' : "today's quotas";
}
