/**
 * How large the Lambda is, and how long it takes to start, beside a Node that starts and does nothing.
 *
 *   node bench/startup.mjs [runs]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-startup-'));
const bundle = join(folder, 'lambda.cjs');
// The SDK would say on every start that this Node is older than the Lambda's.
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

try {
  await build({ ...packagedOptions(), entryPoints: [join(root, 'src/lambda.ts')], outfile: bundle });
  const zipped = deflateRawSync(readFileSync(bundle), { level: 9 }).length;
  const bare = [];
  const loaded = [];
  for (let run = 0; run <= runs; run++) {
    // In turns, so that whatever else the machine does meets both; the first of each only warms up.
    const times = [time('-e', '0'), time(bundle)];
    if (run === 0) continue;
    bare.push(times[0]);
    loaded.push(times[1]);
  }
  const [floor, start] = [median(bare), median(loaded)];
  console.log(`bundle            ${kib(statSync(bundle).size)}, zipped ${kib(zipped)}`);
  console.log(`node -e 0         ${floor.toFixed(0)} ms`);
  console.log(`node lambda.cjs   ${start.toFixed(0)} ms   (medians of ${runs} runs)`);
  console.log(`ratio             ${(start / floor).toFixed(1)}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** What serverless.yml tells esbuild, without what it tells the packager. */
function packagedOptions() {
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'));
  const { outputFileExtension: _, exclude, ...options } = custom.esbuild;
  return { ...options, external: exclude, logLevel: 'warning' };
}

/** Milliseconds until a Node process with these arguments has ended. */
function time(...args) {
  const start = performance.now();
  execFileSync(process.execPath, args, { env, stdio: 'ignore' });
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function kib(bytes) {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
