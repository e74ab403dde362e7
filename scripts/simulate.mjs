// Compiles the simulation into a temporary directory and runs it there: Node 20 runs no TypeScript.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'ecs-dns-simulation-'));

function node(args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    // The SDK's notice about Node 20 says nothing here.
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  return status ?? 1;
}

const project = {
  extends: join(root, 'tsconfig.json'),
  // Types are for `npm run types`; here only the code counts.
  compilerOptions: { noEmit: false, noCheck: true, rootDir: root, outDir: out, typeRoots: [], types: [] },
  include: [],
  files: [join(root, 'test/simulation/main.ts')],
};

try {
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(project));
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n');
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'), 'dir');
  const failed = node([join(root, 'node_modules/typescript/bin/tsc'), '-p', out]);
  process.exitCode = failed || node([join(out, 'test/simulation/main.js'), ...process.argv.slice(2)]);
} finally {
  rmSync(out, { recursive: true, force: true });
}
