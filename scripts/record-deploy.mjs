// Records a deployment that the built command follows, for the picture of docs/a-deploy.md: `npm run docs` draws it.
//
//   npm run build && node scripts/record-deploy.mjs
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const locate = (name) => fileURLToPath(new URL(name, import.meta.url));
const outfile = locate('../node_modules/.cache/ecs-dns-pages/record-deploy.mjs');

await build({
  entryPoints: [locate('pages/deploy/record.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
});
const args = [outfile, locate('../dist/cli.js'), locate('pages/deploy/recording.json')];
const { status } = spawnSync(process.execPath, args, {
  stdio: 'inherit',
  // The SDK's notice about Node 20 says nothing here.
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
});
process.exitCode = status ?? 1;
