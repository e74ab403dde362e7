/**
 * Packages the Lambda: its zip and its CloudFormation template. Needs neither network nor credentials.
 *
 *   npm run package [-- --param zoneId=Z… --param subnetIds=…,… --stage … --package FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');

/** Nobody can deploy these by mistake: there is no such zone, subnet or group. */
const EXAMPLES = {
  zoneId: 'Z00000000EXAMPLE',
  zoneName: 'servicediscovery.internal',
  subnetIds: 'subnet-00000000example0,subnet-00000000example1',
  securityGroupIds: 'sg-00000000example0',
};

const { values, tokens } = parseArgs({
  options: {
    param: { type: 'string', multiple: true, default: [] },
    stage: { type: 'string', short: 's' },
    region: { type: 'string', short: 'r' },
    package: { type: 'string', short: 'p', default: '.serverless' },
  },
  tokens: true,
});
const given = new Set(values.param.map((param) => param.split('=', 1)[0]));
const missing = Object.entries(EXAMPLES).filter(([name]) => !given.has(name));
const folder = resolve(root, values.package);

const osls = fileURLToPath(import.meta.resolve('osls/bin/serverless.js'));
const args = [
  'package',
  ...tokens.flatMap((token) => (token.kind === 'option' ? [`--${token.name}`, token.value] : [])),
  ...missing.flatMap(([name, value]) => ['--param', `${name}=${value}`]),
];
const { status, error } = spawnSync(process.execPath, [osls, ...args], {
  cwd: root,
  env: {
    ...process.env,
    // By default its validators are cached in the home directory, which not every builder has.
    SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'node_modules', '.cache', 'osls'),
  },
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (error !== undefined) throw error;
if (status !== 0) process.exit(status ?? 1);

console.log('');
for (const name of readdirSync(folder).toSorted()) {
  const isArtefact = name.endsWith('.zip') || name === 'cloudformation-template-update-stack.json';
  if (isArtefact) console.log(`${relative(root, join(folder, name))}  ${size(join(folder, name))}`);
}
if (missing.length > 0) {
  console.log(
    `\nPackaged with example values for ${missing.map(([name]) => name).join(', ')}: good for a look, not for an account.`,
  );
}

function size(file) {
  return `${(statSync(file).size / 1024).toFixed(0)} KiB`;
}
