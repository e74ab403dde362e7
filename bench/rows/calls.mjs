// Row 3: calls made over the least that AWS's page and batch sizes allow, for fleets of every kind, in a first
// run that applies what it finds.
import { total } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, runWorker, WITHOUT_PROBES } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const FLEETS = process.argv[2] === 'quick' ? quickFleets() : allFleets();

await runRow('Calls made', async () => {
  const sandbox = startSandbox();
  try {
    const made = [];
    for (const fleet of FLEETS) made.push(await runOn(sandbox, fleet));
    const ratios = made.map(({ calls, least }) => calls / least);
    return {
      table: made,
      figures: [
        {
          id: 'calls-ratio',
          name: `calls over the least possible, worst of ${made.length} fleets`,
          value: Math.max(...ratios),
          unit: '×',
          goal: { exactly: 1 },
        },
        {
          id: 'calls-fleets',
          name: 'fleets with exactly the least of every operation',
          value: made.filter(({ differing }) => differing === '').length / made.length,
          unit: '%',
          goal: { exactly: 1 },
        },
      ],
    };
  } finally {
    sandbox.close();
  }
});

async function runOn(sandbox, options) {
  const { zone, least } = await sandbox.fleet(options);
  const access = await sandbox.serve();
  const { runs } = await runWorker({ access, flags: flagsFor(zone, WITHOUT_PROBES), mode: 'apply' });
  const { calls } = await sandbox.account();
  const [{ summary }] = runs;
  const isDone = summary.conflicts + summary.failed === 0 && summary.applied > 0 === summary.removals > 0;
  if (!isDone) throw new Error(`not all changes were applied: ${JSON.stringify(summary)}`);
  const names = [...new Set([...Object.keys(calls), ...Object.keys(least)])];
  const differing = names.filter((name) => calls[name] !== least[name]);
  return {
    ...options,
    calls: total(calls),
    least: total(least),
    differing: differing.map((name) => `${name} ${calls[name] ?? 0} of ${least[name] ?? 0}`).join(', '),
  };
}

function quickFleets() {
  return [
    { endpoints: 1_000, clusters: 1, valuesPerSet: 1, stalePercent: 0 },
    { endpoints: 1_000, clusters: 20, valuesPerSet: 1, stalePercent: 10 },
    { endpoints: 1_000, clusters: 5, valuesPerSet: 5, stalePercent: 50 },
    { endpoints: 10_000, clusters: 5, valuesPerSet: 1, stalePercent: 10 },
    { endpoints: 10_000, clusters: 20, valuesPerSet: 5, stalePercent: 1 },
  ];
}

/** Every kind at 1,000 endpoints, the extremes at 10,000, and one kind each at 50,000 and 100,000. */
function allFleets() {
  const kinds = [1, 5, 20].flatMap((clusters) =>
    [1, 5].flatMap((valuesPerSet) =>
      [0, 1, 10, 50].map((stalePercent) => ({ clusters, valuesPerSet, stalePercent })),
    ),
  );
  return [
    ...kinds.map((kind) => ({ endpoints: 1_000, ...kind })),
    ...kinds.filter(isExtreme).map((kind) => ({ endpoints: 10_000, ...kind })),
    { endpoints: 50_000, clusters: 10, valuesPerSet: 5, stalePercent: 50 },
    { endpoints: 100_000, clusters: 20, valuesPerSet: 1, stalePercent: 10 },
  ];
}

function isExtreme({ clusters, stalePercent }) {
  return clusters !== 5 && (stalePercent === 0 || stalePercent === 50);
}
