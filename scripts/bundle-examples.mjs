// Bundles the example services into dist/examples, a file each, so that the sandbox runs them on every Node that it
// runs on, and from the published package: Node 20 runs no TypeScript, and their dependencies are not this package's.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The program of each file. */
const PROGRAMS = {
  time: 'time/main',
  calc: 'calc/main',
  portal: 'portal/main',
  shop: 'shop/main',
  goods: 'shop/goods',
  prices: 'shop/prices',
  home: 'bookings/home',
  movie: 'bookings/movie',
  redis: 'bookings/redis-stand-in',
};

/** What is bundled with them, whose licences ask to be passed on. */
const BUNDLED = ['@redis/client', 'dayjs', 'jsep'];

await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, entry]) => [name, `examples/${entry}.ts`]),
  ),
  outdir: 'dist/examples',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // What several need, such as the client of redis, is there once.
  splitting: true,
  chunkNames: 'shared-[hash]',
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Packages of CommonJS that are bundled into a module ask for Node's own modules by this.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'inline',
  logLevel: 'warning',
});

/** What a package says of its licence; not every one has the text as a file. */
function licenceOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = join(folder, 'LICENSE');
  return `${name} ${version}: ${license}, ${homepage}\n${existsSync(text) ? `\n${readFileSync(text, 'utf8').trim()}\n` : ''}`;
}

writeFileSync(join(root, 'dist/examples/licences.txt'), BUNDLED.map(licenceOf).join('\n'));
