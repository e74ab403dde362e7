/**
 * Builds the CDK construct with what it deploys: the zip and the template that `npm run package` has made.
 *
 *   npm run package && npm run package:cdk
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'deploy', 'cdk', 'dist');
const packaged = join(root, '.serverless');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', '.bin', 'tsc');
const { status, error } = spawnSync(tsc, ['-p', join(root, 'deploy', 'cdk')], { stdio: 'inherit' });
if (error !== undefined) throw error;
if (status !== 0) process.exit(status ?? 1);
// The groups of its parameters are for forms, of which there are none here.
const { Metadata: _, ...template } = parse(readFileSync(join(packaged, 'template.yaml'), 'utf8'), {
  version: '1.1',
});
writeFileSync(join(dist, 'template.json'), `${JSON.stringify(template, null, 2)}\n`);
copyFileSync(join(packaged, 'ecs-dns.zip'), join(dist, 'ecs-dns.zip'));
