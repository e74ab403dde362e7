// The watch against regressions: a small part of the benchmark, for every change. It prints ratios, and fails on
// two things alone, which do not depend on the machine: a call more or less than the least possible, and
// growth by more than 2.6 when the fleet doubles.
import { fork } from 'node:child_process';
import { format } from './support/row.mjs';

const MAX_GROWTH = 2.6;

const [calls, growth, reading, probing] = await inTurn(['calls', 'growth', 'reading', 'probing']);

const failures = [
  ...calls.table
    .filter(({ differing }) => differing !== '')
    .map(({ differing, ...fleet }) => `${JSON.stringify(fleet)}: ${differing}`),
  ...growth.figures
    .filter(({ value }) => value > MAX_GROWTH)
    .map(({ name, value }) => `${name} grows by ${format(value, '×')}, more than ${format(MAX_GROWTH, '×')}`),
];

console.table(
  [calls, growth, reading, probing].flatMap(({ title, figures }) =>
    figures
      .filter(({ unit }) => unit === '×' || unit === '%')
      .map(({ name, value, unit }) => ({ row: title, figure: name, measured: format(value, unit) })),
  ),
);
for (const failure of failures) console.error(`regression: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function inTurn(rows) {
  const results = [];
  for (const row of rows) results.push(await measureRow(row));
  return results;
}

function measureRow(script) {
  const child = fork(new URL(`./rows/${script}.mjs`, import.meta.url), ['quick']);
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the row ${script} ended with ${code}`)));
  });
}
