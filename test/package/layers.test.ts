import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  LAYERS,
  lintRules,
  problemsOf,
  readImports,
  STAGES,
  structureSections,
} from '../../scripts/structure.mjs';
import { temporaryDirectory } from '../temporary-directory.ts';

type Tree = Readonly<Record<string, readonly string[]>>;

/** A source tree of files that import others, in a folder of its own. */
async function plant(tree: Tree): Promise<string> {
  const folder = await temporaryDirectory();
  for (const [file, targets] of Object.entries(tree)) {
    const path = join(folder, 'src', file);
    mkdirSync(dirname(path), { recursive: true });
    const lines = targets.map((target) => `import '${specifier(file, target)}';\n`);
    writeFileSync(path, lines.join(''));
  }
  return folder;
}

function specifier(file: string, target: string): string {
  const path = relative(dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}

async function problems(tree: Tree): Promise<readonly string[]> {
  return problemsOf(readImports(join(await plant(tree), 'src')));
}

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** What the linter refuses, as `file → import`. */
async function refused(tree: Tree): Promise<readonly string[]> {
  const folder = await plant(tree);
  for (const name of ['biome.json', 'biome.layers.json']) copyFileSync(name, join(folder, name));
  const program = resolve('node_modules/.bin/biome');
  const args = [
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=json',
    '--max-diagnostics=none',
    '--vcs-enabled=false',
    'src',
  ];
  const stdout = await new Promise<string>((done) => {
    execFile(program, args, { cwd: folder, maxBuffer: 1e8 }, (_, text) => done(text));
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
  return diagnostics
    .filter(({ category }) => category === 'lint/style/noRestrictedImports')
    .map(({ location: { path, start } }) => {
      const file = relative('src', path);
      return `${file} → ${tree[file]?.[start.line - 1]}`;
    })
    .toSorted();
}

/** One import a layer that breaks its rule. */
const BREAKS: readonly (readonly [file: string, target: string])[] = [
  ['index.ts', 'sandbox/open-sandbox.ts'],
  ['cli.ts', 'worker.ts'],
  ['lambda.ts', 'worker.ts'],
  ['cli/program.ts', 'lambda/handler.ts'],
  ['lambda/handler.ts', 'cli/program.ts'],
  ['agent/run-agent.ts', 'cli/terminal.ts'],
  ['watch/watch.ts', 'cli/terminal.ts'],
  ['worker.ts', 'plan/judge/judge-entries.ts'],
  ['doctor/diagnose.ts', 'worker.ts'],
  ['iam/policy-for.ts', 'cli/iam-command.ts'],
  ['sandbox/open-sandbox.ts', 'route53/zone-port.ts'],
  ['sandbox/ecs/tasks.ts', 'sources/ecs/hosts.ts'],
  ['log/log.ts', 'run/reconcile.ts'],
  ['report/render-text.ts', 'run/reconcile.ts'],
  ['commands/check.ts', 'worker.ts'],
  ['run/observe.ts', 'plan/match/match-entries.ts'],
  ['sources/ecs/hosts.ts', 'run/observe.ts'],
  ['triggers/queue.ts', 'sources/ecs/hosts.ts'],
  ['route53/find-zone.ts', 'sources/ecs/hosts.ts'],
  ['probe/engine.ts', 'plan/plan.ts'],
  ['state/file-state.ts', 'journal/file-sink.ts'],
  ['journal/file-sink.ts', 'route53/zone-port.ts'],
  ['publish/send-events.ts', 'report/report-schema.ts'],
  ['plan/plan.ts', 'aws/aws-error.ts'],
  ['plan/match/managed.ts', 'plan/desired/zone-index.ts'],
  ['plan/desired/zone-index.ts', 'plan/judge/assessment.ts'],
  ['plan/judge/assessment.ts', 'plan/confirm/objections.ts'],
  ['plan/confirm/objections.ts', 'plan/guard/guard.ts'],
  ['plan/guard/guard.ts', 'plan/change/trust.ts'],
  ['plan/change/trust.ts', 'plan/stop/plan-stops.ts'],
  ['plan/stop/plan-stops.ts', 'plan/explain.ts'],
  ['config/parse-settings.ts', 'plan/plan.ts'],
  ['aws/aws-clients.ts', 'config/settings.ts'],
  ['model/entry.ts', 'plan/plan.ts'],
  ['spans.ts', 'model/entry.ts'],
];

const fileOf = (name: string) => (name.endsWith('.ts') ? name : `${name}/${name}-part.ts`);

/** Each layer imports each other one; the door of run/ to report/ is a file of its own. */
const EVERYTHING: Tree = Object.fromEntries(
  LAYERS.map(({ name, only }) => [
    fileOf(name),
    LAYERS.filter((other) => other.name !== name).map((other) =>
      only?.[other.name] === undefined ? fileOf(other.name) : `${other.name}/${only[other.name]?.[0]}`,
    ),
  ]),
);

const FORBIDDEN = LAYERS.flatMap(({ name, imports }) =>
  LAYERS.filter((other) => other.name !== name && !imports.includes(other.name)).map(
    (other) => `${fileOf(name)} → ${fileOf(other.name)}`,
  ),
).toSorted();

describe('an import that breaks the rule of its layer', () => {
  test('is there for each layer and stage', () => {
    const broken = new Set(BREAKS.map(([file]) => file.split('/').slice(0, -1).join('/') || file));
    for (const { name } of LAYERS) expect(broken).toContain(name === 'sources' ? 'sources/ecs' : name);
    for (const { name } of STAGES) expect(broken).toContain(`plan/${name}`);
  });

  test.each(BREAKS)('%s → %s is told by the script', async (file, target) => {
    const told = await problems({ [file]: [target], [target]: [] });
    expect(told).toEqual([expect.stringContaining(`${file} imports ${target}: `)]);
  });

  test('is refused by the linter, one a layer', async () => {
    const tree = Object.fromEntries(BREAKS.map(([file, target]) => [file, [target]]));
    expect(await refused(tree)).toEqual(BREAKS.map(([file, target]) => `${file} → ${target}`).toSorted());
  });
});

describe('all imports from each layer to each other', () => {
  test('are refused by the linter if they are not of the table, and only then', async () => {
    expect(await refused(EVERYTHING)).toEqual(FORBIDDEN);
  });

  test('are told by the script if they are not of the table, and only then', async () => {
    const told = (await problems(EVERYTHING)).filter((line) => line.includes(' imports '));
    expect(told.map((line) => line.replace(/:.*/, '').replace(' imports ', ' → ')).toSorted()).toEqual(
      FORBIDDEN,
    );
  });
});

test('the table of layers goes down: an entry imports none above it', () => {
  const names = LAYERS.map(({ name }) => name);
  const upwards = LAYERS.flatMap(({ name, imports }) =>
    imports
      .filter((other) => other !== 'sandbox' && names.indexOf(other) <= names.indexOf(name))
      .map((other) => `${name} → ${other}`),
  );
  expect(upwards).toEqual([]);
});

describe('the script tells', () => {
  test('a file of no layer', async () => {
    expect(await problems({ 'extra/part.ts': [] })).toEqual([
      'extra/part.ts is of no layer: add extra to LAYERS in scripts/structure.mjs',
    ]);
  });

  test('a cycle of files, be it in one folder', async () => {
    const tree = { 'model/a.ts': ['model/b.ts'], 'model/b.ts': ['model/c.ts'], 'model/c.ts': ['model/a.ts'] };
    expect(await problems(tree)).toEqual([
      'cycle of files: model/a.ts → model/b.ts → model/c.ts → model/a.ts',
    ]);
  });

  test('a cycle of folders without one of files', async () => {
    const tree = {
      'sandbox/ec2/a.ts': ['sandbox/ecs/b.ts'],
      'sandbox/ecs/b.ts': [],
      'sandbox/ecs/c.ts': ['sandbox/ec2/d.ts'],
      'sandbox/ec2/d.ts': [],
    };
    expect(await problems(tree)).toEqual(['cycle of folders: sandbox/ec2 → sandbox/ecs → sandbox/ec2']);
  });

  test('a file name that stands twice, but not index.ts', async () => {
    const tree = { 'run/a.ts': [], 'plan/a.ts': [], 'index.ts': [], 'sandbox/index.ts': [] };
    expect(await problems(tree)).toEqual(['a.ts stands 2 times: plan/a.ts, run/a.ts']);
  });

  test('types, re-exports and imports on demand', async () => {
    const folder = await plant({ 'model/b.ts': [] });
    const lines = [
      "import type { A } from '../plan/a.ts';",
      "export { b } from '../plan/b.ts';",
      "import {\n  c,\n  type D,\n} from '../plan/c.ts';",
      "const e = await import('../plan/e.ts');",
      "let f: import('../plan/f.ts').F;",
    ];
    writeFileSync(join(folder, 'src/model/a.ts'), lines.join('\n'));
    expect(readImports(join(folder, 'src')).get('model/a.ts')).toEqual(
      ['a', 'b', 'c', 'e', 'f'].map((name) => `plan/${name}.ts`),
    );
  });
});

describe('the diagram', () => {
  const tree = new Map([
    ['run/reconcile.ts', ['plan/plan.ts', 'model/entry.ts']],
    ['plan/plan.ts', ['plan/guard/guard.ts', 'model/entry.ts']],
    ['plan/guard/guard.ts', ['plan/match/managed.ts']],
    ['plan/match/managed.ts', ['model/entry.ts']],
    ['model/entry.ts', []],
  ]);

  const { structure = '', stages, folders } = structureSections(tree);

  test('has no arrow that a way over others stands for', () => {
    const arrows = structure.split('\n').filter((line) => line.includes('-->'));
    expect(arrows).toEqual(['  run --> plan', '  plan --> model']);
  });

  test('has no box for a folder that is not there', () => {
    expect(structure).not.toContain('lambda');
  });

  test('of the stages has the arrows between them', () => {
    expect(stages).toContain('  guard --> match\n');
  });

  test('the table has each folder with all that it imports', () => {
    expect(folders).toContain('| `plan/` `model/` |');
  });
});

test('no import of the source breaks a rule', () => {
  expect(problemsOf(readImports('src'))).toEqual([]);
});

test('what the linter reads is what the script writes', async () => {
  expect(await readFile('biome.layers.json', 'utf8')).toBe(lintRules());
});
