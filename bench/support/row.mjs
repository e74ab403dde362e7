// The SDK would say on every start that this Node is older than it likes.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/**
 * A row of the benchmark. A figure is `{ id, name, value, unit, goal }`; the goal is `{ most }`,
 * `{ least }` or `{ exactly }`, and absent where a figure only tells something. `series` is what plots
 * are drawn of, `sandboxShare` the sandbox's share of a processor while it was asked.
 *
 * Run alone, a row prints itself; started by `npm run bench`, it hands its result to it.
 */
export async function runRow(title, work) {
  const start = performance.now();
  const row = { title, ...(await work()) };
  row.seconds = (performance.now() - start) / 1000;
  if (process.send === undefined) print(row);
  else await new Promise((resolve) => process.send(row, resolve));
  process.exit(0);
}

function print({ title, figures, seconds, ...rest }) {
  console.log(`${title} (${seconds.toFixed(0)} s)`);
  console.table(
    figures.map(({ name, value, unit, goal }) => ({
      figure: name,
      value: format(value, unit),
      ...verdict(value, goal, unit),
    })),
  );
  if (rest.table !== undefined) console.table(rest.table);
  if (rest.sandboxShare !== undefined) console.log(`sandbox: ${percent(rest.sandboxShare)} of one processor`);
}

function verdict(value, goal, unit) {
  return goal === undefined
    ? { goal: '', met: '' }
    : { goal: formatGoal(goal, unit), met: isMet(value, goal) ? 'yes' : 'no' };
}

/** Whether a figure is as good as its goal. */
export function isMet(value, { most, least, exactly }) {
  if (most !== undefined) return value <= most;
  return least !== undefined ? value >= least : value === exactly;
}

export function formatGoal({ most, least, exactly }, unit = '') {
  if (most !== undefined) return `≤ ${format(most, unit)}`;
  return least !== undefined ? `≥ ${format(least, unit)}` : format(exactly, unit);
}

/** A figure as people read it: three digits are enough, whole numbers stay whole. */
export function format(value, unit = '') {
  if (unit === '%') return percent(value);
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return unit === '' || unit === '×' ? `${text}${unit === '×' ? ' ×' : ''}` : `${text} ${unit}`;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
