import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyOf, ZONE_ID } from '../iam/support.ts';
import { type Installation, install, MANIFEST, runIn, TSC } from './install.ts';

let installed: Installation;

beforeAll(async () => {
  installed = await install();
});
afterAll(() => installed.remove());

describe('what is packed', () => {
  test.each(['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json', 'dist/cli.js', 'dist/index.js'])(
    '%s is',
    (path) => {
      expect(installed.files).toContain(path);
    },
  );

  test('documentation, what is deployed with it and what was built, and nothing else', () => {
    const others = installed.files.filter(
      (path) =>
        !/^(?:dist\/.+\.(?:d\.ts|js)|dist\/examples\/(?:[\w-]+\.mjs|licences\.txt)|(?:deploy\/(?:grafana|prometheus)|docs)\/.+)$/.test(
          path,
        ),
    );
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  test('each module with its types, each once', () => {
    const modules = installed.files.filter((path) => path.endsWith('.js'));
    const types = installed.files.filter((path) => path.endsWith('.d.ts'));
    expect(types.map((path) => path.replace(/\.d\.ts$/, '.js'))).toEqual(modules);
  });

  test('publint has nothing to say about it', async () => {
    const pkgDir = join(installed.folder, 'node_modules', 'ecs-dns-reconciler');
    const { messages } = await publint({ pkgDir, pack: false, strict: true });
    expect(messages).toEqual([]);
  });
});

describe('the command, as installed', () => {
  const command = (name: string, ...args: string[]) => {
    const program = join(installed.folder, 'node_modules', '.bin', name);
    return runIn(installed.folder, program, args);
  };

  test.each(Object.keys(MANIFEST.bin))('%s --version', async (name) => {
    expect(await command(name, '--version')).toEqual({
      code: 0,
      stdout: `${MANIFEST.version}\n`,
      stderr: '',
    });
  });

  test('iam, which needs nothing but the package', async () => {
    const { code, stdout, stderr } = await command('ecs-dns', 'iam', '--zone', ZONE_ID);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(policyOf());
  });
});

const LIBRARY = [
  'EMPTY_STATE',
  'METRICS',
  'NO_JOURNAL',
  'NO_PUBLISHER',
  'NO_STATES',
  'NO_STATE_STORE',
  'NO_STOPPER',
  'RunError',
  'SettingsError',
  'buildReport',
  'checkSchema',
  'comparisonSchema',
  'createInventory',
  'createJournal',
  'createProber',
  'createWorker',
  'createZone',
  'diagnose',
  'doctorSchema',
  'ec2Api',
  'ecsApi',
  'eventSchema',
  'explanationSchema',
  'journalLine',
  'metricsOf',
  'parseAlternative',
  'parseJournal',
  'parseSettings',
  'policyFor',
  'policyNeeds',
  'reconcile',
  'renderComparison',
  'renderComparisonMarkdown',
  'renderExplanation',
  'renderExplanationMarkdown',
  'renderText',
  'reportSchema',
  'restoreReportSchema',
  'route53Api',
  'runFailure',
  'settingsSchema',
  'systemClock',
];

/** What a consumer writes: every port made by itself, and mistakes that the types must see. */
const CONSUMER = `
import {
  type Clock, createWorker, type Ec2Api, type EcsApi, type InventoryPort, parseSettings,
  METRICS, type Metric, metricsOf, NO_PUBLISHER, NO_JOURNAL, NO_STATE_STORE, NO_STOPPER, type Ports, type Prober, type Report, reconcile, reportSchema, runFailure,
  type Route53Api, type RunOptions, type RunResult, type StateStore, type Settings, settingsSchema, systemClock, type ZonePort,
} from 'ecs-dns-reconciler';
import { type OpenSandbox, openSandbox, type World } from 'ecs-dns-reconciler/sandbox';
import { type DoctorReport, checkSchema, doctorSchema } from 'ecs-dns-reconciler/schemas';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Known<T> = IsAny<T> extends true ? never : T;
const known = <T>(value: Known<T>): Known<T> => value;

declare const zone: ZonePort;
declare const inventory: InventoryPort;
declare const prober: Prober;
declare const apis: { ecs: EcsApi; ec2: Ec2Api; route53: Route53Api };

const settings: Settings = parseSettings({ zone: 'servicediscovery.internal' });
parseSettings({ env: {}, flags: { '--zone': 'servicediscovery.internal' } });
// @ts-expect-error what a setting takes is checked by its type
parseSettings({ zone: 'servicediscovery.internal', health: { attempts: '3' } });
const clock: Clock = { ...systemClock, now: () => 0 };
const state: StateStore = NO_STATE_STORE;
const ports: Ports = { zone, inventory, prober, state, journal: NO_JOURNAL, publisher: NO_PUBLISHER, stopper: NO_STOPPER, clock };
const options: RunOptions = {
  manage: settings.manage,
  health: settings.health,
  limits: { ...settings.guardrails, force: false },
  dryRun: true,
  approve: async ({ plan }) => plan.groups.length < 10,
};
export const result: RunResult = await reconcile(ports, options);
export const zoneName: string = known(result.zone.name);
export const pages: Promise<{ readonly items: readonly string[] }> = apis.ecs.listClusters(undefined, undefined);

const report: Report = reportSchema.parse({});
export const removals: number = known(report.summary.removals);
export const doctor: DoctorReport = doctorSchema.parse({});
export const subject: string = known(checkSchema.parse({}).subject);
export const failure: 'unreadable' | 'changes-failed' | 'cut-short' | undefined = runFailure(result)?.code;
export const metrics: readonly Metric[] = metricsOf({ result, report, everyMs: settings.everyMs });
export const unit: 'Count' = METRICS.entries.unit;
export const policy: 'prune' | 'sync' = settingsSchema.parse({ zone: 'Z0123456789ABC' }).policy;

const worker = createWorker(settings, { clock, journal: () => NO_JOURNAL });
export const { report: planned } = await worker.run({ mode: 'plan', force: false, all: false, approve: async () => false });

export const sandbox: OpenSandbox = await openSandbox({ tasks: 0, intercept: (request) => request.answer() });
export const world: World = known(sandbox.fleet.world);

// @ts-expect-error there is no such port
export const noPorts: Ports = { zone, inventory, prober, state, journal: NO_JOURNAL, publisher: NO_PUBLISHER, stopper: NO_STOPPER, clock, resolver: undefined };
// @ts-expect-error settings are not to be changed
settings.everyMs = 1;
// @ts-expect-error there is no such mode
await worker.run({ mode: 'destroy', force: false, all: false, approve: async () => false });
// @ts-expect-error there is no such verdict
export const verdict: Report['entries'][number]['verdict'] = 'dead';
// @ts-expect-error one request a call, and the zone it is for
apis.route53.listRecordSets();
`;

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What a consumer's own test does with the sandbox. */
const ON_THE_SANDBOX = `
import { createWorker, parseSettings } from 'ecs-dns-reconciler';
import * as library from 'ecs-dns-reconciler/sandbox';

const sandbox = await library.openSandbox({ clusters: 1, instances: 2, tasks: 4 });
const { zone, world, planted } = sandbox.fleet;
const flags = { '--zone': zone.name, '--health-enabled': 'false' };
const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
const access = { endpoint: sandbox.url, region: world.region, credentials };
const worker = createWorker(parseSettings({ env: {}, flags }), { access });
const { report } = await worker.run({ mode: 'plan', force: false, all: true, approve: async () => false });
worker.close();
await sandbox.close();
process.stdout.write(JSON.stringify({
  names: Object.keys(library).sort(),
  isWholeZone: report.entries.length === planted.length,
  asked: sandbox.log.length > 0,
}));
`;

/** What the examples of docstrings take for granted. */
const AROUND_EXAMPLES = `
import { readFileSync } from 'node:fs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { Route53Client } from '@aws-sdk/client-route-53';
import * as library from 'ecs-dns-reconciler';

declare const settings: library.Settings;
declare const worker: library.Worker;
declare const request: library.RunRequest;
declare const scope: library.AccountScope;
declare const text: string;
declare const api: library.Route53Api;
declare const ecs: library.EcsApi;
declare const ec2: library.Ec2Api;
declare const ports: library.Ports;
declare const options: library.RunOptions;
declare const comparison: library.ComparisonReport;
declare const explanation: library.ExplanationReport;
`;

/** The docstring of each function of the library, by its name. */
function docstrings(): ReadonlyMap<string, string> {
  const home = join(installed.folder, 'node_modules', MANIFEST.name, 'dist');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.d.ts') && !file.startsWith('sandbox'),
  );
  const declared = files.flatMap((file) => [
    ...readFileSync(join(home, file), 'utf8').matchAll(
      /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export declare function (\w+)/g,
    ),
  ]);
  return new Map(
    declared.flatMap(([, comment = '', name = '']) => (LIBRARY.includes(name) ? [[name, comment]] : [])),
  );
}

/** The programs under `@example`, each a line of the comment or several. */
function examplesIn(comment: string): readonly string[] {
  const [, ...examples] = comment.replace(/^ \* ?/gm, '').split('@example\n');
  return examples;
}

/** The programs of the page about the library, in its order; the first one is whole. */
function programsOfThePage(): readonly string[] {
  const page = readFileSync('docs/library.md', 'utf8');
  return [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program = '']) => program);
}

describe('the library, as installed', () => {
  test('exports what is documented, by its entry', async () => {
    const script = [
      "const library = await import('ecs-dns-reconciler');",
      "const inside = await import('ecs-dns-reconciler/dist/worker.js').catch(({ code }) => code);",
      'process.stdout.write(JSON.stringify([Object.keys(library).sort(), inside]));',
    ].join('\n');
    const { stdout } = await runIn(installed.folder, process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).toEqual([LIBRARY, 'ERR_PACKAGE_PATH_NOT_EXPORTED']);
  });

  test('has the schemas of all documents at an entry of their own', async () => {
    const script = [
      "const schemas = await import('ecs-dns-reconciler/schemas');",
      'const { planFileSchema, ...printed } = schemas;',
      'const heads = Object.values(printed).map(({ shape }) => Object.keys(shape));',
      "const common = ['version', 'mode', 'startedAt', 'durationMs', 'incomplete', 'notices', 'awsCalls', 'awsThrottled'];",
      'const isAlike = heads.every((keys) => common.every((key) => keys.includes(key)));',
      'process.stdout.write(JSON.stringify([Object.keys(schemas).sort(), isAlike]));',
    ].join('\n');
    const { stdout } = await runIn(installed.folder, process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).toEqual([
      [
        'checkSchema',
        'comparisonSchema',
        'doctorSchema',
        'explanationSchema',
        'planFileSchema',
        'reportSchema',
        'restoreReportSchema',
      ],
      true,
    ]);
  });

  test('has a sandbox at an entry of its own, and the worker runs on it', async () => {
    const args = ['--input-type=module', '-e', ON_THE_SANDBOX];
    const { code, stdout } = await runIn(installed.folder, process.execPath, args);
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      names: [
        'AwsError',
        'createWorld',
        'generateFleet',
        'openNameServer',
        'openSandbox',
        'startContainers',
        'startSandboxServer',
      ],
      isWholeZone: true,
      asked: true,
    });
  });

  test('has types with which a consumer compiles, and its mistakes do not', async () => {
    writeFileSync(join(installed.folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(installed.folder, 'consumer.ts'), CONSUMER);
    const config = { compilerOptions: COMPILER_OPTIONS, files: ['consumer.ts'] };
    writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify(config));
    const { code, stdout } = await runIn(installed.folder, TSC, ['-p', '.']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('has an example for each function, and all of them compile', async () => {
    const comments = [...docstrings()];
    expect(comments.filter(([, comment]) => examplesIn(comment).length === 0)).toEqual([]);
    const names = `const { ${LIBRARY.join(', ')} } = library;`;
    const programs = comments.flatMap(([name, comment]) =>
      examplesIn(comment).map((program, i) => `export async function ${name}${i}() {\n${program}\n}`),
    );
    writeFileSync(join(installed.folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(installed.folder, 'examples.ts'), [AROUND_EXAMPLES, names, ...programs].join('\n'));
    const config = { compilerOptions: COMPILER_OPTIONS, files: ['examples.ts'] };
    writeFileSync(join(installed.folder, 'tsconfig.examples.json'), JSON.stringify(config));
    const { code, stdout } = await runIn(installed.folder, TSC, ['-p', 'tsconfig.examples.json']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('does what its page shows', async () => {
    const files = programsOfThePage().map((program, i) => {
      writeFileSync(join(installed.folder, `page-${i}.ts`), program);
      return `page-${i}.ts`;
    });
    const compilerOptions = { ...COMPILER_OPTIONS, noEmit: false, outDir: 'page' };
    writeFileSync(join(installed.folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(installed.folder, 'tsconfig.page.json'), JSON.stringify({ compilerOptions, files }));
    const compiled = await runIn(installed.folder, TSC, ['-p', 'tsconfig.page.json']);
    expect(compiled).toMatchObject({ code: 0, stdout: '' });
    const { code, stdout } = await runIn(installed.folder, process.execPath, ['page/page-0.js']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ of \d+ entries go\n/) });
  });
});
