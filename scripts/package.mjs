/**
 * Packages the Lambda: its zip, and template.yaml, which deploys it. Needs neither network nor credentials.
 *
 *   npm run package [-- --package FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { standaloneTemplate, writeTemplate } from './template.mjs';

const root = join(import.meta.dirname, '..');

/** What serverless.yml requires and template.yaml leaves to those who deploy it. */
const REQUIRED = ['zoneId', 'zoneName', 'subnetIds', 'securityGroupIds'];
const placeholder = (name) => `given-as-${name}`;

const { values } = parseArgs({
  options: { package: { type: 'string', short: 'p', default: '.serverless' } },
});
const folder = resolve(root, values.package);

const osls = fileURLToPath(import.meta.resolve('osls/bin/serverless.js'));
const params = REQUIRED.flatMap((name) => ['--param', `${name}=${placeholder(name)}`]);
const { status, error } = spawnSync(
  process.execPath,
  [osls, 'package', '--package', values.package, ...params],
  {
    cwd: root,
    env: {
      ...process.env,
      // By default its validators are cached in the home directory, which not every builder has.
      SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'node_modules', '.cache', 'osls'),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
if (error !== undefined) throw error;
if (status !== 0) process.exit(status ?? 1);

const packaged = JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'));
const template = standaloneTemplate(packaged, REQUIRED.map(placeholder));
writeFileSync(join(folder, 'template.yaml'), writeTemplate(template));
// They hold the placeholders, and are of use to the framework alone, which makes them anew.
for (const name of ['create-stack', 'update-stack'])
  rmSync(join(folder, `cloudformation-template-${name}.json`));
rmSync(join(folder, 'serverless-state.json'));

console.log('');
for (const name of ['ecs-dns.zip', 'template.yaml']) {
  const file = join(folder, name);
  console.log(`${relative(root, file)}  ${(statSync(file).size / 1024).toFixed(0)} KiB`);
}
