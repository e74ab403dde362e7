// Some registries do not carry the packages that hold a tool's binary for another platform. A lock file
// written there leaves them out, and `npm ci` refuses it everywhere. This adds their entries: they are
// optional, name the platform they are for, and are never fetched on any other.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = new Map();
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(path, name)) continue;
    if (!EXACT_VERSION.test(version))
      throw new Error(`${path} wants ${name} ${version}, which is no exact version`);
    missing.set(`node_modules/${name}`, entryFor(name, version, dev));
  }
}
const all = { ...lock.packages, ...Object.fromEntries(missing) };
const sorted = Object.entries(all).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`${missing.size} packages of other platforms added to package-lock.json`);

/** Whether a dependency of the package at `path` is found where Node would look for it. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at}${at === '' ? '' : '/'}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

/** The platform stands in the name: `@scope/cli-linux-arm64-musl`, `binding-win32-x64-msvc`. */
function entryFor(name, version, dev) {
  const words = name.split('/').at(-1).split(/[-_.]/);
  const named = (known) => known.filter((word) => words.includes(word));
  const libc = words.flatMap((word) => LIBRARIES[word] ?? []);
  const [os, cpu] = [named(SYSTEMS), named(PROCESSORS)];
  if (os.length === 0 && cpu.length === 0) throw new Error(`${name} does not tell its platform`);
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev: true } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
