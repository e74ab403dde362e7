// Fills the parts of docs/performance.md that tell figures, between the markers that name them:
// <!-- figures:NAME --> … <!-- /figures -->. Everything else in the page is written by hand.
import { callsWithin } from '../support/quota-floor.mjs';
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

const MARKED = /(<!-- figures:([a-z-]+) -->\n)[\s\S]*?(<!-- \/figures -->)/g;

/** The page with all of its figures as the results have them; `before` are older results, or `undefined`. */
export function fillPage(page, results, before) {
  const parts = { results, before };
  return page.replace(MARKED, (_, start, name, end) => {
    const part = PARTS[name];
    if (part === undefined)
      throw new Error(`docs/performance.md has a marker for ${name}, which nothing fills`);
    return `${start}\n${part(parts)}\n\n${end}`;
  });
}

const PARTS = {
  machine: ({ results }) => machineText(results),
  table: ({ results }) => resultTable(results),
  'before-after': ({ results, before }) => comparison(results, before),
  reach: ({ results }) => reach(results),
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

function machineText({ machine, node, commit, date, rows }) {
  const memory = `${Math.round(machine.memoryGib)} GiB`;
  const shares = Object.values(rows).map(({ sandboxShare = 0 }) => sandboxShare);
  return `Measured on ${date.slice(0, 10)} at commit \`${commit}\`, Node.js ${node}, ${machine.cpus} × ${machine.cpu}, ${memory}.
In no row did the sandbox take more than ${format(Math.max(...shares), '%')} of one processor.`;
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

const LAMBDA_MS = 300_000;
const [PAGE, ZONE_PAGE, HOSTS, BATCH] = [100, 300, 199, 700];

/** What ends a run of five minutes, each taken alone, in endpoints or what else is counted. */
function reach({ rows }) {
  const fits = (operation, quotas) => callsWithin(LAMBDA_MS, operation, quotas);
  const quota = (what, operation, each, quotas) => {
    const calls = fits(operation, quotas);
    return [what, `${format(calls)} calls × ${format(each)}`, format(calls * each)];
  };
  const [small, large] = [rows.memory.series[0], rows.memory.series.findLast(({ finished }) => finished)];
  const perEndpoint = (key) => (large[key] - small[key]) / (large.endpoints - small.endpoints);
  const cpuMs = perEndpoint('cpuSeconds') * 1000;
  const memoryKib = perEndpoint('peakMib') * 1024;
  const probesPerSecond = rows.probing.figures.find(({ id }) => id === 'probing-rate').value;
  const fitting = (megabytes) =>
    Math.max(0, (megabytes - small.peakMib) / (memoryKib / 1024)) + small.endpoints;
  return table(
    ['what a run needs', 'arithmetic', 'in five minutes'],
    [
      quota('tasks listed and described', 'ecs:ListTasks', PAGE),
      quota('task definitions, of which a warm run asks for none', 'ecs:DescribeTaskDefinition', 1),
      quota('record sets read, today’s quota', 'route53:ListResourceRecordSets', ZONE_PAGE),
      quota('record sets read, at 5 a second', 'route53:ListResourceRecordSets', ZONE_PAGE, 'older'),
      quota('instances looked up', 'ec2:DescribeInstances', HOSTS),
      quota('record sets removed, today’s quota', 'route53:ChangeResourceRecordSets', BATCH),
      [
        'endpoints probed',
        `${format(Math.round(probesPerSecond))} a second`,
        rough((probesPerSecond * LAMBDA_MS) / 1000),
      ],
      ['processor', `${format(cpuMs, 'ms')} an endpoint`, rough(LAMBDA_MS / cpuMs)],
      [
        'memory, 512 MB',
        `${format(memoryKib, 'KiB')} an endpoint over ${format(Math.round(small.peakMib))} MiB`,
        rough(fitting(512)),
      ],
      ['memory, 1,024 MB', 'the same', rough(fitting(1_024))],
      ['memory, 1,769 MB', 'the same', rough(fitting(1_769))],
    ],
  );
}

/** A measured figure carried that far is good for two digits at the most. */
function rough(value) {
  return `about ${format(Number(value.toPrecision(2)))}`;
}

/** A Markdown table, its columns aligned. */
function table(head, lines) {
  const all = [head, ...lines];
  const widths = head.map((_, i) => Math.max(3, ...all.map((cells) => cells[i].length)));
  const row = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}
