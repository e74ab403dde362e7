import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The programs of `examples/`, as the build has bundled them; `redis` is a stand-in for redis. */
export const EXAMPLE_PROGRAMS = [
  'time',
  'calc',
  'portal',
  'shop',
  'goods',
  'prices',
  'home',
  'movie',
  'redis',
] as const;

export type ExampleProgram = (typeof EXAMPLE_PROGRAMS)[number];

/** Next to the sandbox, in what was built. */
const FOLDER = new URL('../../examples/', import.meta.url);

/** Throws a `RangeError` where the build has not bundled them. */
export function checkPrograms(): void {
  const missing = EXAMPLE_PROGRAMS.find((name) => !existsSync(new URL(`${name}.mjs`, FOLDER)));
  if (missing === undefined) return;
  throw new RangeError(`the example ${missing} is not built; run npm run build`);
}

/** The image that a task definition names. */
export function imageOf(program: ExampleProgram): string {
  return `ecs-dns-example-${program}:1`;
}

/** The module to run for an image; `undefined` for an image of none of them. */
export function programOf(image: string): string | undefined {
  const program = EXAMPLE_PROGRAMS.find((name) => imageOf(name) === image);
  return program === undefined ? undefined : fileURLToPath(new URL(`${program}.mjs`, FOLDER));
}
