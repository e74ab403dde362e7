import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const EXAMPLES = ['bookings', 'calc', 'portal', 'shop', 'time'];

const read = (path: string) => readFileSync(path, 'utf8');
const rootVersions: Record<string, string> = JSON.parse(read('package.json')).devDependencies;

/** The packages that the sources of an example import, without those of Node and its own files. */
function imported(example: string): readonly string[] {
  const sources = readdirSync(`examples/${example}`).filter((file) => file.endsWith('.ts'));
  const found = sources.flatMap((file) => [
    ...read(`examples/${example}/${file}`).matchAll(/from '(@[\w-]+\/[\w-]+|[\w-]+)[/']/g),
  ]);
  return [...new Set(found.map(([, name = '']) => name))].toSorted();
}

describe.each(EXAMPLES)('the example %s', (example) => {
  const { dependencies = {}, type } = JSON.parse(read(`examples/${example}/package.json`));

  test('names what it imports, in the versions that the tests run', () => {
    expect(Object.keys(dependencies).toSorted()).toEqual(imported(example));
    expect(dependencies).toEqual(
      Object.fromEntries(imported(example).map((name) => [name, rootVersions[name]])),
    );
    expect(type).toBe('module');
  });

  test('has an image of any base, in which it is not root', () => {
    const lines = read(`examples/${example}/Dockerfile`).split('\n');

    expect(lines).toEqual(expect.arrayContaining(['FROM $BASE', 'USER node', 'EXPOSE 8080']));
    expect(lines.filter((line) => line.startsWith('ARG BASE='))).toHaveLength(1);
    const [, program] = /^CMD \["(.+)"\]$/m.exec(lines.join('\n')) ?? [];
    expect(readdirSync(`examples/${example}`)).toContain(program);
  });
});

test('the licences of what is bundled with them are passed on', () => {
  const bundled = EXAMPLES.flatMap((example) => imported(example));

  expect(
    [...read('scripts/bundle-examples.mjs').matchAll(/^const BUNDLED = \[(.*)\];$/gm)].map(
      ([, names]) => names,
    ),
  ).toEqual([
    bundled
      .toSorted()
      .map((name) => `'${name}'`)
      .join(', '),
  ]);
});

test('what several examples share imports Node alone', () => {
  expect(imported('common')).toEqual([]);
});
