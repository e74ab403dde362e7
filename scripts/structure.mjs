// The order of the layers of src/: holds the imports against it, draws it for docs/architecture.md, and writes it
// as rules of the linter. With --check it prints what breaks a rule, one line each, and fails.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What reads or writes the world outside, a folder each. */
const PORTS = ['sources', 'route53', 'probe', 'journal', 'state', 'publish'];

/**
 * The folders and single files of src/, from the ways in down to the vocabulary: what each is for, and what it
 * may import apart from itself. An entry imports only what stands below it.
 */
export const LAYERS = [
  {
    name: 'index.ts',
    purpose: 'the library: what `import … from "ecs-dns-reconciler"` gives',
    imports: ['worker.ts', 'doctor', 'iam', 'report', 'commands', 'run', ...PORTS, 'config', 'aws', 'model'],
  },
  { name: 'cli.ts', purpose: 'the process of the command line', imports: ['cli'] },
  { name: 'lambda.ts', purpose: "the Lambda function's handler", imports: ['lambda'] },
  {
    name: 'cli',
    purpose: 'a file a command: its arguments, its output, its exit code',
    imports: [
      'agent',
      'watch',
      'triggers',
      'worker.ts',
      'doctor',
      'iam',
      'log',
      'report',
      'commands',
      'run',
      'sources',
      'route53',
      'journal',
      'config',
      'aws',
      'model',
      'sandbox',
    ],
    only: {
      sources: ['docker/docker-engine.ts', 'docker/docker-inventory.ts', 'docker/host-identity.ts'],
    },
  },
  {
    name: 'lambda',
    purpose: 'events, journal and metrics of the function',
    imports: ['triggers', 'worker.ts', 'log', 'report', 'run', 'journal', 'config', 'aws', 'model'],
  },
  {
    name: 'agent',
    purpose: 'follows the container engine of one host, with passes of the ordinary run',
    imports: ['watch', 'worker.ts', 'run', 'sources', 'route53', 'probe', 'plan', 'config', 'model'],
    only: {
      run: ['run.ts'],
      sources: ['docker/docker-inventory.ts', 'docker/engine-api.ts'],
      route53: ['find-zone.ts', 'zone-port.ts'],
    },
  },
  {
    name: 'watch',
    purpose: 'runs on a schedule, with a status page and metrics for Prometheus',
    imports: ['triggers', 'worker.ts', 'report', 'run', 'model'],
    only: { run: ['run.ts', 'in-time.ts'] },
  },
  {
    name: 'worker.ts',
    purpose: 'settings → clients and ports → a run or a command',
    imports: ['triggers', 'report', 'commands', 'run', ...PORTS, 'plan', 'config', 'aws', 'model'],
  },
  {
    name: 'doctor',
    purpose: 'examines a set-up without changing anything',
    imports: ['iam', 'report', 'triggers', ...PORTS, 'plan', 'config', 'aws', 'model'],
  },
  { name: 'iam', purpose: 'the policy that the settings need', imports: ['config'] },
  {
    name: 'sandbox',
    purpose: 'the AWS APIs on loopback, with a fleet of real servers; only `cli/` imports it, on demand',
    imports: ['report', 'model'],
  },
  {
    name: 'log',
    purpose: 'what the doors write while they work: a table of records, as JSON or for people',
    imports: ['report', 'run', 'model'],
    only: { run: ['run.ts'] },
  },
  {
    name: 'report',
    purpose: 'pure: documents, their schemas, text and metrics',
    imports: ['run', 'plan', 'aws', 'model'],
    only: { run: ['run.ts'], aws: ['operations.ts', 'record-set-schema.ts'] },
  },
  {
    name: 'commands',
    purpose: 'what is not a run: explain, compare, check and restore',
    imports: ['run', 'route53', 'probe', 'publish', 'plan', 'config', 'model'],
  },
  {
    name: 'run',
    purpose: 'one run: observe → plan → approve → confirm → apply → publish → stop',
    imports: [
      'sources',
      'route53',
      'probe',
      'journal',
      'state',
      'publish',
      'plan',
      'aws',
      'model',
      'spans.ts',
    ],
    only: { aws: ['aws-error.ts'] },
  },
  {
    name: 'sources',
    purpose: 'what runs: clusters, tasks, hosts and services of ECS and EC2, or the containers of one host',
    imports: ['plan', 'aws', 'model'],
  },
  {
    name: 'triggers',
    purpose: 'events of ECS, EC2 and CloudTrail: where they say to look',
    imports: ['aws', 'model'],
  },
  { name: 'route53', purpose: 'the zone: found, read and changed', imports: ['aws', 'model'] },
  { name: 'probe', purpose: 'health checks', imports: ['aws', 'model'] },
  {
    name: 'journal',
    purpose: 'what a run removes, written down before it does',
    imports: ['aws', 'model'],
  },
  { name: 'state', purpose: 'what runs leave for the runs after them', imports: ['aws', 'model'] },
  { name: 'publish', purpose: 'events for EventBridge', imports: ['aws', 'model'] },
  { name: 'plan', purpose: 'pure: from what was observed to what is to change', imports: ['model'] },
  { name: 'config', purpose: 'settings from a file, variables and flags', imports: ['model'] },
  { name: 'aws', purpose: 'clients, quotas and errors of AWS', imports: ['model', 'spans.ts'] },
  { name: 'model', purpose: 'pure: the vocabulary of all others', imports: [] },
  { name: 'spans.ts', purpose: 'spans of OpenTelemetry, where the process has a provider', imports: [] },
];

/** The stages of plan/, each of which imports those before it; `plan/*.ts` are its doors. */
export const STAGES = [
  { name: 'match', purpose: 'what an entry leads to' },
  { name: 'desired', purpose: 'the record sets that ought to be there' },
  { name: 'judge', purpose: 'verdict and reason of each entry' },
  { name: 'confirm', purpose: 'what to look at again, and what objects to a removal' },
  { name: 'guard', purpose: 'guardrails, a file each' },
  { name: 'change', purpose: 'removals, registrations, merged and split sets' },
  { name: 'stop', purpose: 'tasks that stay unhealthy' },
];

const byText = (a, b) => (a < b ? -1 : Number(a > b));

const IMPORT =
  /^(?:import|export)\b[^'";]*?\bfrom\s*'(\.[^']+)'|^import\s*'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/gm;

/** The files of a source tree, sorted, each with the files of the tree that it imports, be it for a type. */
export function readImports(root) {
  const files = readdirSync(root, { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
    .toSorted(byText);
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const specifiers = [...text.matchAll(IMPORT)].map(([, ...groups]) => groups.find(Boolean));
      return [
        file,
        [...new Set(specifiers.map((one) => posix.join(posix.dirname(file), one)))].toSorted(byText),
      ];
    }),
  );
}

/** What breaks a rule, one line each. */
export function problemsOf(imports) {
  const pairs = [...imports].flatMap(([from, targets]) => targets.map((to) => [from, to]));
  return [
    ...[...imports.keys()].filter((file) => layerOf(file) === undefined).map(homeless),
    ...pairs.flatMap(([from, to]) => problemOf(from, to) ?? []),
    ...cyclesOf(imports).map((cycle) => `cycle of files: ${cycle.join(' → ')}`),
    ...cyclesOf(foldersOf(pairs)).map((cycle) => `cycle of folders: ${cycle.join(' → ')}`),
    ...sharedNames([...imports.keys()]),
  ];
}

const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);
const layerOf = (file) => LAYERS.find(({ name }) => name === folderOf(file));
const homeless = (file) => `${file} is of no layer: add ${folderOf(file)} to LAYERS in scripts/structure.mjs`;

function problemOf(from, to) {
  const [layer, target] = [layerOf(from), folderOf(to)];
  if (layer === undefined) return undefined;
  if (layer.name === target) return target === 'plan' ? stageProblem(from, to) : undefined;
  if (target === 'sandbox' && layer.name !== 'cli') {
    return `${from} imports ${to}: only cli/ imports the sandbox`;
  }
  if (!layer.imports.includes(target)) {
    return `${from} imports ${to}: ${layer.name} may import ${layer.imports.join(', ') || 'nothing but itself'}`;
  }
  if (target === 'plan' && to.split('/').length > 2) {
    return `${from} imports ${to}: plan/ is entered by plan/*.ts`;
  }
  const only = layer.only?.[target];
  if (only !== undefined && !only.some((file) => to === `${target}/${file}`)) {
    return `${from} imports ${to}: of ${target}/, ${layer.name} may import ${only.join(', ')}`;
  }
  return undefined;
}

function stageProblem(from, to) {
  const [own, target] = [from, to].map((file) =>
    file.split('/').length > 2 ? file.split('/')[1] : 'a door',
  );
  if (own === target || own === 'a door') return undefined;
  const names = STAGES.map(({ name }) => name);
  const before = names.slice(0, Math.max(0, names.indexOf(own)));
  if (before.includes(target)) return undefined;
  return `${from} imports ${to}: plan/${own} may import ${before.map((name) => `plan/${name}`).join(', ') || 'model'}`;
}

/** The folders with what their files import; a folder and those inside it are one house. */
function foldersOf(pairs) {
  const folders = pairs.map((pair) => pair.map((file) => posix.dirname(file)));
  return gather(
    folders.filter(
      ([from, to]) =>
        from !== '.' && to !== '.' && !`${from}/`.startsWith(`${to}/`) && !`${to}/`.startsWith(`${from}/`),
    ),
  );
}

/** A shortest cycle for each node that lies on one, each cycle once, begun at its first name. */
function cyclesOf(graph) {
  const cycles = [...graph.keys()].toSorted(byText).flatMap((start) => {
    const cycle = shortestWay(graph, start);
    return cycle === undefined || cycle.some((node) => node < start) ? [] : [cycle];
  });
  return [...new Map(cycles.map((cycle) => [cycle.join(), cycle])).values()];
}

function shortestWay(graph, start) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)) ?? []) {
      if (next === start) return [...way, start];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

function sharedNames(files) {
  const byName = gather(files.map((file) => [posix.basename(file), file]));
  return [...byName]
    .filter(([name, same]) => name !== 'index.ts' && same.length > 1)
    .map(([name, same]) => `${name} stands ${same.length} times: ${same.join(', ')}`);
}

/** The second of each pair, gathered by the first. */
function gather(pairs) {
  const groups = new Map();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

/** The same rules for the linter, as the text of biome.layers.json: an override a layer, one a line. */
export function lintRules() {
  return `{\n  "overrides": [\n${overrides()
    .map((one) => `    ${JSON.stringify(one)}`)
    .join(',\n')}\n  ]\n}\n`;
}

function overrides() {
  const pure = ['plan', 'model'];
  const layers = LAYERS.filter(({ name }) => !pure.includes(name)).flatMap(({ name, imports, only }) => {
    const denied = (up) => [
      ...LAYERS.filter((other) => other.name !== name && !imports.includes(other.name)).map(
        (other) => `${up}${isFile(other.name) ? other.name : `${other.name}/**`}`,
      ),
      ...(imports.includes('plan') ? [`${up}plan/*/**`] : []),
      ...Object.entries(only ?? {}).flatMap(([folder, files]) => [
        `${up}${folder}/**`,
        ...files.map((file) => `!${up}${folder}/${file}`),
      ]),
    ];
    const message = `${shown(name)} imports only what stands below it, and plan/ by plan/*.ts: docs/architecture.md has the order.`;
    return isFile(name)
      ? [override(`src/${name}`, denied('./'), message)]
      : [
          override(`src/${name}/*.ts`, denied('../'), message),
          override(`src/${name}/*/*.ts`, denied('../../'), message),
        ];
  });
  const stages = STAGES.map(({ name }, i) =>
    override(
      `src/plan/${name}/*.ts`,
      [
        '**',
        '!./*.ts',
        '!../../model/*.ts',
        ...STAGES.slice(0, i).map((before) => `!../${before.name}/*.ts`),
      ],
      `plan/${name}/ is pure, and imports only model/ and the stages before it: ${STAGES.map((one) => one.name).join(', ')}.`,
    ),
  );
  const doors = override(
    'src/plan/*.ts',
    ['**', '!./*.ts', '!../model/*.ts', ...STAGES.map(({ name }) => `!./${name}/*.ts`)],
    'The doors of plan/ are pure: they import the stages, each other and model/.',
  );
  const model = override(
    'src/model/*.ts',
    ['**', '!./*.ts'],
    'model/ is the vocabulary and pure: it imports nothing but itself.',
  );
  return [...layers, ...stages, doors, model];
}

function override(files, group, message) {
  const noRestrictedImports = { level: 'error', options: { patterns: [{ group, message }] } };
  return { includes: [files], linter: { rules: { style: { noRestrictedImports } } } };
}

const isFile = (name) => name.endsWith('.ts');
const shown = (name) => (isFile(name) ? name : `${name}/`);

/** The parts of docs/architecture.md that follow from the imports, by the name of their markers. */
export function structureSections(imports) {
  return { structure: diagramOf(imports), folders: folderTable(imports), stages: stagesOf(imports) };
}

function diagramOf(imports) {
  const arrows = arrowsBetween(imports, folderOf);
  const names = LAYERS.map(({ name }) => name).filter((name) => arrows.has(name) || used(arrows, name));
  return flowchart('TB', names, withoutDetours(arrows), shown);
}

function stagesOf(imports) {
  const inside = new Map([...imports].filter(([file]) => /^plan\/.+\//.test(file)));
  const arrows = arrowsBetween(inside, (file) => (file.startsWith('plan/') ? file.split('/')[1] : undefined));
  return flowchart(
    'LR',
    STAGES.map(({ name }) => name),
    withoutDetours(arrows),
    (name) => `${name}/<br/>${STAGES.find((stage) => stage.name === name)?.purpose}`,
  );
}

function folderTable(imports) {
  const arrows = arrowsBetween(imports, folderOf);
  const rows = LAYERS.map(({ name, purpose }) => {
    const targets = LAYERS.map((layer) => layer.name).filter((other) => arrows.get(name)?.has(other));
    const cell = (one) => `\`${shown(one)}\``;
    return `| ${cell(name)} | ${purpose} | ${targets.map(cell).join(' ')} |`;
  });
  return ['| where | what it is for | what it imports |', '| --- | --- | --- |', ...rows].join('\n');
}

const used = (arrows, name) => [...arrows.values()].some((targets) => targets.has(name));

function arrowsBetween(imports, groupOf) {
  const arrows = new Map();
  for (const [file, targets] of imports) {
    for (const [from, to] of targets.map((target) => [groupOf(file), groupOf(target)])) {
      if (from === undefined || to === undefined || from === to) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

/** The arrows without those that a way over others stands for. */
function withoutDetours(arrows) {
  const reaches = (from, to, seen = new Set()) =>
    [...(arrows.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  return new Map(
    [...arrows].map(([from, targets]) => [
      from,
      [...targets].filter((to) => ![...targets].some((other) => other !== to && reaches(other, to))),
    ]),
  );
}

function flowchart(direction, names, arrows, labelOf) {
  const idOf = (name) => name.replace(/\.ts$/, '-ts');
  const boxes = names.map((name) => `  ${idOf(name)}["${labelOf(name)}"]`);
  const lines = names.flatMap((name) => {
    const targets = names.filter((other) => arrows.get(name)?.includes(other));
    return targets.length === 0 ? [] : [`  ${idOf(name)} --> ${targets.map(idOf).join(' & ')}`];
  });
  return ['```mermaid', `flowchart ${direction}`, ...boxes, ...lines, '```'].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = problemsOf(readImports(join(dirname(fileURLToPath(import.meta.url)), '../src')));
  for (const problem of problems) console.error(problem);
  if (process.argv.includes('--check') && problems.length > 0) process.exitCode = 1;
}
