// Row 1: pure planning. Entries are matched, judged and guarded, and the changes made of them: how long that
// takes for 100,000 entries, how it grows from 50,000, and how much it allocates for each.
import { measure, median } from '../support/figures.mjs';
import { allocated, plan, readFleet } from '../support/planning.mjs';
import { runRow } from '../support/row.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const [HALF, FULL] = [50_000, 100_000];
const ROUNDS = 5;

await runRow('Pure planning', async () => {
  const sandbox = startSandbox();
  try {
    const small = await readFleet(sandbox, HALF);
    const large = await readFleet(sandbox, FULL);
    // In turns, so that whatever else the machine does meets both.
    const [smallMs, largeMs] = [[], []];
    plan(small);
    for (let round = 0; round < ROUNDS; round++) {
      smallMs.push((await measure(() => plan(small))).cpuMs);
      largeMs.push((await measure(() => plan(large))).cpuMs);
    }
    const bytes = allocated(() => plan(large));
    const entries = large.recordSets.length;
    const growth = Math.min(...largeMs) / Math.min(...smallMs);
    return {
      figures: [
        { id: 'planning-ms', name: `${count(FULL)} entries, CPU`, value: median(largeMs), unit: 'ms' },
        {
          id: 'planning-growth',
          name: `growth from ${count(HALF)} to ${count(FULL)}`,
          value: growth,
          unit: '×',
          goal: { most: 2.2 },
        },
        { id: 'planning-bytes', name: 'allocated for an entry', value: bytes / entries / 1024, unit: 'KiB' },
      ],
    };
  } finally {
    sandbox.close();
  }
});

function count(number) {
  return number.toLocaleString('en-US');
}
