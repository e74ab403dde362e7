// Line charts as SVG: a panel has a title, two axes that start at nothing, and lines with their names.

const PANEL = { width: 400, height: 270, left: 62, right: 22, top: 46, bottom: 46 };
const TICKS = 5;
const LEGEND_STEP = 16;
const [INK, FAINT] = ['#24292f', '#d8dee4'];
const FONT = 'font-family="system-ui, sans-serif"';

/**
 * Draws panels side by side. A panel is `{ title, xLabel, yLabel, lines, xTicks }`; a line `{ name, color,
 * dashed, points: [[x, y]] }`; `xTicks`, `[[x, text]]`, are worked out where they are left out.
 */
export function drawPanels(title, panels) {
  const names = new Map(panels.flatMap(({ lines }) => lines.map((line) => [line.name, line])));
  const legendRows = Math.ceil(names.size / 2);
  const [width, height] = [PANEL.width * panels.length, PANEL.height + legendRows * LEGEND_STEP + 12];
  const drawn = panels.map((panel, i) => drawPanel(panel, i * PANEL.width));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    ...drawLegend([...names.values()].toSorted(boundsLast), width),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, xLabel, yLabel, lines, xTicks }, offset) {
  const points = lines.flatMap((line) => line.points);
  const x = scale(
    axisOf(
      points.map(([value]) => value),
      xTicks,
    ),
    PANEL.left,
    PANEL.width - PANEL.right,
  );
  const y = scale(axisOf(points.map(([, value]) => value)), PANEL.height - PANEL.bottom, PANEL.top);
  const middle = (PANEL.left + PANEL.width - PANEL.right) / 2;
  return [
    `<g transform="translate(${offset} 0)" font-size="11" fill="${INK}" ${FONT}>`,
    text(PANEL.left, 18, title, 'font-size="13" font-weight="600"'),
    text(PANEL.left, 36, yLabel, 'fill="#57606a"'),
    text(middle, PANEL.height - 10, xLabel, 'text-anchor="middle" fill="#57606a"'),
    ...y.ticks.flatMap(([value, label]) => [
      rule(PANEL.left, y.at(value), PANEL.width - PANEL.right, y.at(value), FAINT),
      text(PANEL.left - 6, y.at(value) + 4, label, 'text-anchor="end"'),
    ]),
    ...x.ticks.flatMap(([value, label]) => [
      rule(x.at(value), PANEL.height - PANEL.bottom, x.at(value), PANEL.height - PANEL.bottom + 4, INK),
      text(x.at(value), PANEL.height - PANEL.bottom + 17, label, 'text-anchor="middle"'),
    ]),
    rule(
      PANEL.left,
      PANEL.height - PANEL.bottom,
      PANEL.width - PANEL.right,
      PANEL.height - PANEL.bottom,
      INK,
    ),
    ...lines.map((one) => drawLine(one, x, y)),
    '</g>',
  ].join('\n');
}

function drawLine({ color, dashed, points }, x, y) {
  const path = points.map(([px, py]) => `${round(x.at(px))},${round(y.at(py))}`).join(' ');
  const dash = dashed ? ' stroke-dasharray="5 4"' : '';
  const dots = dashed
    ? []
    : points.map(
        ([px, py]) => `<circle cx="${round(x.at(px))}" cy="${round(y.at(py))}" r="3" fill="${color}"/>`,
      );
  return [`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`, ...dots].join(
    '',
  );
}

function boundsLast(a, b) {
  return Number(a.dashed ?? false) - Number(b.dashed ?? false);
}

/** Two names a row. */
function drawLegend(lines, width) {
  const column = (width - PANEL.left) / 2;
  return lines.flatMap(({ name, color, dashed }, i) => {
    const [x, y] = [PANEL.left + (i % 2) * column, PANEL.height + 6 + Math.floor(i / 2) * LEGEND_STEP];
    const dash = dashed ? ' stroke-dasharray="5 4"' : '';
    return [
      `<line x1="${round(x)}" y1="${y}" x2="${round(x + 22)}" y2="${y}" stroke="${color}" stroke-width="2"${dash}/>`,
      text(x + 28, y + 4, name, `font-size="11" fill="${INK}" ${FONT}`),
    ];
  });
}

function axisOf(values, given) {
  if (given !== undefined) return { max: given.at(-1)[0], min: given[0][0], ticks: given };
  const step = niceStep(Math.max(...values) / TICKS);
  const count = Math.max(1, Math.ceil(Math.max(...values) / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, i) => [i * step, number(i * step)]);
  return { min: 0, max: count * step, ticks };
}

/** The next of 1, 2, 2.5 and 5 times a power of ten. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-6)));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least - 1e-12);
}

function scale({ min, max, ticks }, from, to) {
  return { ticks, at: (value) => round(from + ((value - min) / (max - min)) * (to - from)) };
}

function number(value) {
  return value >= 10_000 ? `${value / 1_000}k` : String(round(value));
}

function rule(x1, y1, x2, y2, color) {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}"/>`;
}

function text(x, y, content, attributes = '') {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}

function escapeXml(content) {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
