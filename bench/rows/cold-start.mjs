// Row 7: cold start. The size of the Lambda's bundle and what it is made of, and how long a process takes to load
// it and to answer its first call, beside a handler that does nothing.
//
//   node bench/rows/cold-start.mjs [runs]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { median } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const root = join(import.meta.dirname, '..', '..');
const RUNS = Number(process.argv[2] ?? 15);
const CONTEXT = '{ getRemainingTimeInMillis: () => 60000, functionName: "bench", awsRequestId: "1" }';

await runRow('Cold start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-cold-start-'));
  const sandbox = startSandbox();
  try {
    const bundle = join(folder, 'lambda.cjs');
    const { metafile } = await build({ ...packagedOptions(), outfile: bundle });
    const { zone } = await sandbox.fleet({ endpoints: 10 });
    const { endpoint, region, credentials } = await sandbox.serve();
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ECS_DNS_ZONE: zone,
      ECS_DNS_HEALTH_ENABLED: 'false',
    };
    const scripts = {
      empty: write(folder, 'empty', 'exports.handler = async () => ({});'),
      loaded: bundle,
      emptyCall: write(folder, 'empty-call', "require('./empty.cjs').handler({}, {});"),
      call: write(
        folder,
        'call',
        `require('./lambda.cjs').handler({ mode: 'plan' }, ${CONTEXT}).then(() => process.exit(0), () => process.exit(1));`,
      ),
    };
    const times = timeAll(scripts, env);
    return { figures: figuresOf(times, bundle, metafile) };
  } finally {
    sandbox.close();
    rmSync(folder, { recursive: true });
  }
});

function figuresOf(times, bundle, metafile) {
  const zipped = deflateRawSync(readFileSync(bundle), { level: 9 }).length;
  const kib = 1024;
  return [
    { id: 'cold-load', name: 'load, beside an empty handler', value: times.loaded / times.empty, unit: '×' },
    {
      id: 'cold-call',
      name: 'load and first call (a dry run of 10 endpoints), beside an empty handler',
      value: times.call / times.emptyCall,
      unit: '×',
    },
    { id: 'cold-empty-ms', name: 'empty handler', value: times.empty, unit: 'ms' },
    { id: 'cold-load-ms', name: 'load', value: times.loaded, unit: 'ms' },
    { id: 'cold-call-ms', name: 'load and first call', value: times.call, unit: 'ms' },
    { id: 'cold-size', name: 'bundle', value: statSync(bundle).size / kib, unit: 'KiB' },
    { id: 'cold-zipped', name: 'bundle, zipped', value: zipped / kib, unit: 'KiB' },
    {
      id: 'cold-sdk',
      name: "the AWS SDK's part of the bundle",
      value: shareOf(metafile, /@aws-sdk|@smithy/),
      unit: '%',
    },
    { id: 'cold-commands', name: 'SDK commands in the bundle', value: commandsIn(metafile), unit: '' },
  ];
}

/** What serverless.yml tells esbuild, without what it tells the packager. */
function packagedOptions() {
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'));
  const { outputFileExtension: _, exclude, plugins: list, ...options } = custom.esbuild;
  const plugins = createRequire(import.meta.url)(join(root, list));
  const entryPoints = [join(root, 'src/lambda.ts')];
  return { ...options, plugins, entryPoints, external: exclude, logLevel: 'warning', metafile: true };
}

function shareOf({ outputs }, pattern) {
  const inputs = Object.entries(Object.values(outputs)[0].inputs);
  const bytes = (chosen) => chosen.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  return bytes(inputs.filter(([path]) => pattern.test(path))) / bytes(inputs);
}

/** Clients for all of a service would bring hundreds. */
function commandsIn({ outputs }) {
  const inputs = Object.entries(Object.values(outputs)[0].inputs);
  return inputs.filter(
    ([path, { bytesInOutput }]) => /\/commands\/\w+Command\.js$/.test(path) && bytesInOutput > 0,
  ).length;
}

function write(folder, name, text) {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, text);
  return path;
}

/** Milliseconds until each process has ended, in turns, so that whatever else the machine does meets all. */
function timeAll(scripts, env) {
  const times = Object.fromEntries(Object.keys(scripts).map((name) => [name, []]));
  for (let run = 0; run <= RUNS; run++)
    for (const [name, script] of Object.entries(scripts)) {
      const start = performance.now();
      execFileSync(process.execPath, [script], { env, stdio: 'ignore' });
      // The first of each only warms up.
      if (run > 0) times[name].push(performance.now() - start);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}
