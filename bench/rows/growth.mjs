// Growth from 20,000 to 40,000 endpoints, for the watch against regressions: what doubles with the fleet is well,
// what does more is not. The least of several rounds, because chance only ever adds.
import { measure } from '../support/figures.mjs';
import { allocated, plan, readFleet } from '../support/planning.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, runReader } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const [HALF, FULL] = [20_000, 40_000];
const GOAL = { most: 2.6 };
const ROUNDS = 5;

await runRow('Growth', async () => {
  const sandbox = startSandbox();
  try {
    const [small, large] = [await readFleet(sandbox, HALF), await readFleet(sandbox, FULL)];
    const [smallMs, largeMs] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      smallMs.push((await measure(() => plan(small))).cpuMs);
      largeMs.push((await measure(() => plan(large))).cpuMs);
    }
    const bytes = allocated(() => plan(large)) / allocated(() => plan(small));
    const reading = (await readingCpu(sandbox, FULL / 2)) / (await readingCpu(sandbox, HALF / 2));
    return {
      figures: [
        {
          id: 'growth-planning',
          name: 'CPU of planning',
          value: Math.min(...largeMs) / Math.min(...smallMs),
          unit: '×',
          goal: GOAL,
        },
        { id: 'growth-bytes', name: 'allocation of planning', value: bytes, unit: '×', goal: GOAL },
        { id: 'growth-reading', name: 'CPU of reading', value: reading, unit: '×', goal: GOAL },
      ],
    };
  } finally {
    sandbox.close();
  }
});

/** Half the size will do: reading is the slow part, and its noise the smaller. */
async function readingCpu(sandbox, endpoints) {
  const { zone } = await sandbox.fleet({ endpoints, clusters: 10 });
  const access = await sandbox.serve();
  const figures = [];
  for (let round = 0; round < 3; round++)
    figures.push((await runReader({ kind: 'sdk', access, flags: flagsFor(zone) })).cpuMs);
  return Math.min(...figures);
}
