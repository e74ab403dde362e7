import { basename, relative } from 'node:path';

/** How the process was started, as `process` has it. */
export interface Started {
  readonly argv?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NAMES: ReadonlySet<string> = new Set(['ecs-dns', 'ecs-dns-reconciler']);

/** What is to be typed in place of `ecs-dns` to run the same program once more, in the directory it was started in. */
export function invocationOf({ argv = [], env }: Started, directory: string): string {
  if (env['npm_command'] === 'exec') return 'npx ecs-dns-reconciler';
  const [, script] = argv;
  if (script === undefined) return 'ecs-dns';
  const name = basename(script);
  return NAMES.has(name) ? name : `node ${shown(relative(directory, script))}`;
}

/** Quoted where a shell would take it apart. */
function shown(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
