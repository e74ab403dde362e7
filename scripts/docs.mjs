// Writes the documents, or parts of them, that follow from the code or from the results of the benchmark; with
// --check it only compares and fails on a difference. Either way it fails on an import that breaks a layer's rule.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { fillPage } from '../bench/report/page.mjs';
import { drawPlots } from '../bench/report/plots.mjs';
import { COMMANDS } from '../dist/cli/commands.js';
import { helpGroupsOf } from '../dist/cli/help.js';
import { eventsJsonSchema } from '../dist/publish/event-schema.js';
import { SERVICES } from '../dist/sandbox/server.js';
import { lintRules, problemsOf, readImports, structureSections } from './structure.mjs';

/** What a TypeScript module of `pages/` exports: Node 20 runs no TypeScript. */
async function page(name) {
  const outfile = fileURLToPath(new URL(`../node_modules/.cache/ecs-dns-pages/${name}.mjs`, import.meta.url));
  const entry = fileURLToPath(new URL(`pages/${name}.ts`, import.meta.url));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  return import(pathToFileURL(outfile).href);
}

const { decisionSections, registrationSections, withSections } = await page('decision-pages');
const { outageSections } = await page('outages-page');
const { metricsSections } = await page('metrics-page');
const { logSections } = await page('logs-page');
const { settingsJsonSchema, settingsSections } = await page('settings-page');
const { cliSections } = await page('cli-page');
const { sandboxSections } = await page('sandbox-page');
const { documentSchemas } = await page('document-schemas');
const { deployPictures } = await page('deploy-pictures');

const locate = (name) => new URL(`../${name}`, import.meta.url);

/** The table in the comment of a module, with its codes marked as such. */
function tableOf(file) {
  const rows = [...readFileSync(locate(file), 'utf8').matchAll(/^ \* \|(.*)\|$/gm)].map(([, cells]) =>
    cells.split('|').map((cell) => cell.trim()),
  );
  const lines = rows.map(([code, ...others], i) => [i < 2 ? code : `\`${code}\``, ...others]);
  return lines
    .map((cells) => `| ${cells.map((cell) => (/^-+$/.test(cell) ? '---' : cell)).join(' | ')} |`)
    .join('\n');
}

function withTables(name, sections) {
  return [name, withSections(readFileSync(locate(name), 'utf8'), sections)];
}

const resultsOf = (name) => {
  const text = readIfPresent(`bench/results/${name}.json`);
  return text === undefined ? undefined : JSON.parse(text);
};
const [results, older] = [resultsOf('latest'), resultsOf('before')];
if (results === undefined) throw new Error('there are no results yet: npm run bench');
// Results of the same commit are nothing to compare with.
const before = older?.commit === results.commit ? undefined : older;

const deploy = JSON.parse(readFileSync(locate('scripts/pages/deploy/recording.json'), 'utf8'));

const imports = readImports(fileURLToPath(locate('src')));

const documents = [
  ['biome.layers.json', lintRules()],
  withTables('docs/architecture.md', structureSections(imports)),
  withTables('docs/cli.md', cliSections(COMMANDS, helpGroupsOf)),
  withTables('docs/sandbox.md', sandboxSections(SERVICES)),
  withTables('docs/settings.md', settingsSections()),
  ['docs/settings.schema.json', settingsJsonSchema()],
  ['docs/events.schema.json', eventsJsonSchema()],
  ...documentSchemas(),
  withTables('docs/decisions.md', decisionSections()),
  withTables('docs/logs.md', logSections()),
  withTables(
    'docs/what-can-go-wrong.md',
    outageSections(readFileSync(locate('docs/what-can-go-wrong.md'), 'utf8')),
  ),
  withTables('docs/registration.md', registrationSections()),
  withTables('docs/metrics.md', await metricsSections()),
  withTables('docs/simulation.md', {
    faults: tableOf('test/simulation/history.ts'),
    invariants: tableOf('test/simulation/checks/violation.ts'),
    shapes: tableOf('test/simulation/shapes.ts'),
  }),
  ['docs/performance.md', fillPage(readFileSync(locate('docs/performance.md'), 'utf8'), results, before)],
  ...Object.entries(drawPlots(results, before)).map(([name, svg]) => [`docs/${name}`, svg]),
  ...Object.entries(deployPictures(deploy)).map(([name, svg]) => [`docs/${name}`, svg]),
];

function readIfPresent(name) {
  try {
    return readFileSync(locate(name), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// A diagram of layers that break their rule would draw what must not be.
const problems = problemsOf(imports);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

if (process.argv.includes('--check')) {
  const stale = documents.filter(([name, text]) => readIfPresent(name) !== text).map(([name]) => name);
  if (stale.length > 0) {
    console.error(`out of date: ${stale.join(', ')}; write anew with: npm run docs`);
    process.exitCode = 1;
  }
} else {
  for (const [name, text] of documents) {
    mkdirSync(new URL('.', locate(name)), { recursive: true });
    writeFileSync(locate(name), text);
  }
}
