// Fills the parts of docs/performance.md that tell figures, between the markers that name them:
// <!-- figures:NAME --> … <!-- /figures -->. Everything else in the page is written by hand.
import { format, formatGoal, isMet } from '../support/row.mjs';

const ROWS = {
  planning: 'Pure planning',
  reading: 'Reading',
  calls: 'Calls',
  quotas: 'Under quotas',
  memory: 'Memory',
  whole: 'Whole run',
  cold: 'Cold start',
  beside: 'Beside others',
  probing: 'Probes',
};

const MARKED = /(<!-- figures:([a-z-]+) -->\n)[\s\S]*?(\n<!-- \/figures -->)/g;

/** The page with all of its figures as the results have them; `before` are older results, or `undefined`. */
export function fillPage(page, results, before) {
  const parts = { results, before };
  return page.replace(MARKED, (_, start, name, end) => {
    const part = PARTS[name];
    if (part === undefined)
      throw new Error(`docs/performance.md has a marker for ${name}, which nothing fills`);
    return `${start}\n${part(parts)}\n${end}`;
  });
}

const PARTS = {
  machine: ({ results }) => machineText(results),
  table: ({ results }) => resultTable(results),
  'before-after': ({ results, before }) => comparison(results, before),
  phases: ({ results }) =>
    table(
      ['phase', 'from', 'to'],
      results.rows.whole.series.map(({ phase, from, to }) => [phase, format(from, 's'), format(to, 's')]),
    ),
  beside: ({ results }) =>
    table(
      ['', 'time', 'of this worker’s', 'calls', 'CPU'],
      results.rows.beside.series.map(({ name, seconds, times, calls, cpuSeconds }) => [
        name,
        format(seconds, 's'),
        format(times, '×'),
        format(calls),
        format(cpuSeconds, 's'),
      ]),
    ),
};

function machineText({ machine, node, commit, date }) {
  const memory = `${Math.round(machine.memoryGib)} GiB`;
  return `Measured on ${date.slice(0, 10)} at commit \`${commit}\`, Node.js ${node}, ${machine.cpus} × ${machine.cpu}, ${memory}.`;
}

function resultTable({ rows }) {
  const lines = Object.entries(ROWS).flatMap(([key, title]) =>
    (rows[key]?.figures ?? []).map(({ name, value, unit, goal }, i) => [
      i === 0 ? title : '',
      name,
      format(value, unit),
      goal === undefined ? '' : formatGoal(goal, unit),
      goal === undefined ? '' : isMet(value, goal) ? 'yes' : '**no**',
    ]),
  );
  return table(['row', 'figure', 'measured', 'goal', 'met'], lines);
}

/** The figures that both have and that have changed by more than chance would. */
function comparison(results, before) {
  if (before === undefined) return 'There are no older results to compare with.';
  const old = new Map(
    Object.values(before.rows).flatMap(({ figures = [] }) => figures.map((one) => [one.id, one])),
  );
  const lines = Object.entries(ROWS).flatMap(([key, title]) =>
    (results.rows[key]?.figures ?? [])
      .filter(({ id, value }) => old.has(id) && isOther(old.get(id).value, value))
      .map(({ id, name, value, unit }) => [
        title,
        name,
        format(old.get(id).value, unit),
        format(value, unit),
      ]),
  );
  return table(['row', 'figure', `at \`${before.commit}\``, `at \`${results.commit}\``], lines);
}

function isOther(before, after) {
  return Math.abs(after - before) > 0.1 * Math.max(Math.abs(before), Math.abs(after));
}

/** A Markdown table, its columns aligned. */
function table(head, lines) {
  const all = [head, ...lines];
  const widths = head.map((_, i) => Math.max(3, ...all.map((cells) => cells[i].length)));
  const row = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}
