import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const workflow = z.looseObject({
  permissions,
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: permissions.optional(),
      needs: z.union([z.string(), z.array(z.string())]).optional(),
      'timeout-minutes': z.number(),
      strategy: z.looseObject({ matrix: z.looseObject({ node: z.array(z.number()).optional() }) }).optional(),
      steps: z.array(z.looseObject({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});

const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const workflowOf = (name: string) => workflow.parse(parse(read(name)));

type Parser = typeof import('@actions/workflow-parser');

const bundled = mkdtempSync(join(tmpdir(), 'ecs-dns-workflows-'));
let parser: Parser;

// The forge's own parser imports its schema in a way that only bundlers take.
beforeAll(async () => {
  const outfile = join(bundled, 'parser.mjs');
  const entryPoints = ['@actions/workflow-parser'];
  buildSync({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  parser = await import(pathToFileURL(outfile).href);
});

afterAll(() => rmSync(bundled, { recursive: true }));

describe.each(readdirSync(FOLDER))('%s', (name) => {
  test('is a workflow as the forge reads it', () => {
    const trace = new parser.NoOperationTraceWriter();
    const { context } = parser.parseWorkflow({ name, content: read(name) }, trace);
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  });

  test('names each action by its commit, with its version behind', () => {
    const used = [...read(name).matchAll(/uses: (.*)$/gm)].map(([, use = '']) => use);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((use) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))).toEqual([]);
  });

  test('may write nothing but where a job says what', () => {
    expect(Object.values(workflowOf(name).permissions)).not.toContain('write');
  });

  test('has nothing of an event in a script, where it would be code', () => {
    const scripts = Object.values(workflowOf(name).jobs).flatMap(({ steps }) =>
      steps.map(({ run = '' }) => run),
    );
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('the checks', () => {
  test('run on every Node.js that is supported', () => {
    const { jobs } = workflowOf('ci.yml');
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const oldest = Number(/\d+/.exec(engines.node)?.[0]);
    expect(jobs['all']?.strategy?.matrix.node).toEqual([oldest, oldest + 2, oldest + 4]);
  });
});

describe('a release', () => {
  const { jobs } = workflowOf('release.yml');
  const scriptsOf = (job: string) => jobs[job]?.steps.map(({ run = '' }) => run).join('\n') ?? '';

  test('is checked and made by a job that may write nothing', () => {
    expect(jobs['build']?.permissions).toEqual({ contents: 'read' });
    expect(scriptsOf('build')).toContain('.ci/run');
  });

  test('holds the packages, the zip and the template of the Lambda, and the SBOM', () => {
    const made = scriptsOf('build');
    for (const part of ['npm pack', 'ecs-dns.zip', 'template.yaml', 'npm sbom --sbom-format cyclonedx'])
      expect(made).toContain(part);
    expect(scriptsOf('notes')).toContain('--generate-notes release/*');
  });

  test('gives each job the rights that its part takes, and no more', () => {
    const rights = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]));
    expect(rights).toEqual({
      build: { contents: 'read' },
      npm: { 'id-token': 'write' },
      image: { contents: 'read', packages: 'write', 'id-token': 'write' },
      notes: { contents: 'write' },
    });
  });

  test('goes to npm with provenance, and as an image for two architectures that is signed', () => {
    expect(scriptsOf('npm')).toContain('npm publish --provenance');
    const build = jobs['image']?.steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action@'));
    expect(build?.['with']).toMatchObject({ platforms: 'linux/amd64,linux/arm64', sbom: true, push: true });
    expect(scriptsOf('image')).toContain('cosign sign --yes');
  });

  test('is of packages of one version, from one repository', () => {
    const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const [main, cdk] = [manifest('.'), manifest('deploy/cdk')];
    expect(cdk.version).toBe(main.version);
    expect(cdk.repository).toEqual({ ...main.repository, directory: 'deploy/cdk' });
    const page = main.repository.url.replace(/^git\+(.*)\.git$/, '$1');
    expect([main.homepage, main.bugs]).toEqual([`${page}#readme`, `${page}/issues`]);
  });
});
