// Probe throughput: health checks a second beside a bare `node:net` loop that does the same connects, at
// several numbers at a time.
import { bareCheck, pool, probeAll } from '../health/bare-check.mjs';
import { addresses, CHECK, prober, startServer } from '../health/support.mjs';
import { measure, median } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';

const USUAL = 256;
const [COUNT, CONCURRENCIES] =
  process.argv[2] === 'quick' ? [4_000, [USUAL]] : [10_000, [16, 64, USUAL, 1_024]];
const ROUNDS = 3;

await runRow('Probe throughput', async () => {
  const server = await startServer();
  const all = addresses(COUNT);
  const bare = (concurrency) => pool(all, concurrency, (host) => bareCheck(host, server.port));
  const engine = (concurrency) => probeAll(prober(concurrency), all, server.port, CHECK);
  // The first of each only warms up.
  await bare(USUAL);
  await engine(USUAL);
  const series = [];
  for (const concurrency of CONCURRENCIES) {
    const [bareRate, engineRate] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      bareRate.push(await rate(() => bare(concurrency)));
      engineRate.push(await rate(() => engine(concurrency)));
    }
    const [floor, own] = [median(bareRate), median(engineRate)];
    series.push({ concurrency, bare: floor, engine: own, ratio: own / floor });
  }
  server.stop();
  const usual = series.find(({ concurrency }) => concurrency === USUAL);
  return {
    table: series,
    series,
    figures: [
      {
        id: 'probing-ratio',
        name: `checks a second over a bare loop, ${USUAL} at a time`,
        value: usual.ratio,
        unit: '×',
        goal: { least: 0.7 },
      },
      { id: 'probing-rate', name: 'checks a second', value: usual.engine, unit: '' },
    ],
  };
});

async function rate(work) {
  const { wallMs } = await measure(work);
  return (COUNT / wallMs) * 1000;
}
