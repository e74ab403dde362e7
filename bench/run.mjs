// The whole benchmark: every row in a process of its own, one table, and the results as JSON.
//
//   npm run bench                    → bench/results/latest.json; then `npm run docs` fills the page
//   npm run bench -- --as before     → bench/results/before.json
//   npm run bench -- --only calls    → that row alone, into the results that are there
import { execFileSync, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { format, formatGoal, isMet } from './support/row.mjs';

const ROWS = {
  planning: 'planning',
  reading: 'reading',
  calls: 'calls',
  quotas: 'quotas',
  memory: 'memory',
  whole: 'whole-run',
  cold: 'cold-start',
  beside: 'beside',
  probing: 'probing',
};

const { values } = parseArgs({
  options: {
    as: { type: 'string', default: 'latest' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const file = new URL(`./results/${values.as}.json`, import.meta.url);
const names = values.only.length === 0 ? Object.keys(ROWS) : values.only;
const unknown = names.filter((name) => ROWS[name] === undefined);
if (unknown.length > 0)
  throw new Error(`no such row: ${unknown.join(', ')}; there are ${Object.keys(ROWS).join(', ')}`);

const start = performance.now();
const rows = values.only.length > 0 && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : {};
const about = describe();
let results;
mkdirSync(new URL('.', file), { recursive: true });
for (const name of names) {
  process.stderr.write(`${name} …`);
  rows[name] = await measureRow(ROWS[name]);
  process.stderr.write(` ${rows[name].seconds.toFixed(0)} s\n`);
  // Written as it grows: a row that fails does not take those before it along.
  results = { ...about, seconds: (performance.now() - start) / 1000, rows };
  writeFileSync(file, `${JSON.stringify(results, rounded, 1)}\n`);
}
print(results);

async function measureRow(script) {
  const child = fork(new URL(`./rows/${script}.mjs`, import.meta.url), {
    stdio: ['ignore', 2, 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the row ${script} ended with ${code}`)));
  });
}

function describe() {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const dirty = git('status', '--porcelain', '--', 'src') === '' ? '' : ' with changes';
  const [first, ...others] = cpus();
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD') + dirty,
    node: process.version,
    machine: { cpu: first.model.trim(), cpus: 1 + others.length, memoryGib: totalmem() / 1024 ** 3 },
  };
}

/** More digits than anybody reads would only be noise in every new version of the file. */
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

function print({ rows: all, machine, node, commit, seconds }) {
  console.log(
    `${machine.cpus} × ${machine.cpu}, Node ${node}, ${commit}, ${(seconds / 60).toFixed(1)} minutes`,
  );
  console.table(
    Object.entries(all).flatMap(([row, { figures, sandboxShare }]) => [
      ...figures.map(({ name, value, unit, goal }) => ({
        row,
        figure: name,
        measured: format(value, unit),
        goal: goal === undefined ? '' : formatGoal(goal, unit),
        met: goal === undefined ? '' : isMet(value, goal) ? 'yes' : 'no',
      })),
      ...(sandboxShare === undefined
        ? []
        : [
            {
              row,
              figure: "the sandbox's share of one processor",
              measured: format(sandboxShare, '%'),
              goal: '',
              met: '',
            },
          ]),
    ]),
  );
}
