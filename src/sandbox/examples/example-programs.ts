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

/** The image that a task definition names. */
export function imageOf(program: ExampleProgram): string {
  return `ecs-dns-example-${program}:1`;
}

/** The module to run for an image; `undefined` for an image of none of them. */
export function programOf(image: string): string | undefined {
  const program = EXAMPLE_PROGRAMS.find((name) => imageOf(name) === image);
  return program === undefined ? undefined : fileURLToPath(new URL(`${program}.mjs`, FOLDER));
}
