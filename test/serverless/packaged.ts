import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type Template, templateSchema } from './template-schema.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** All that a fresh clone with its dependencies has and the packaging needs. */
const NEEDED = ['src', 'scripts', 'package.json', 'serverless.yml'];

/** What packaging made, in a folder of its own. */
export interface Packaged {
  readonly folder: string;
  readonly zip: string;
  readonly templateFile: string;
  readonly template: Template;
  readonly stdout: string;
  remove(): Promise<void>;
}

/**
 * Packages a copy of this checkout as `npm run package` does, with nothing of this machine's own in its
 * environment: no home, no credentials, no region.
 */
export async function packageClone(...args: readonly string[]): Promise<Packaged> {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-package-'));
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  for (const name of NEEDED) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(clone, 'scripts/package.mjs'), ...args],
      { env: { PATH: process.env['PATH'] ?? '' } },
    );
    const built = join(clone, '.serverless');
    const templateFile = join(built, 'template.yaml');
    return {
      folder,
      zip: join(built, 'ecs-dns.zip'),
      templateFile,
      // As CloudFormation reads it: of a version of YAML in which `off` is no text.
      template: templateSchema.parse(parse(readFileSync(templateFile, 'utf8'), { version: '1.1' })),
      stdout,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
