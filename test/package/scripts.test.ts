import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

test.each(DOCUMENTS)('every script that %s names is there', (file) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...readFileSync(file, 'utf8').matchAll(/npm run ([a-z:]+)|`(bench:[a-z:]+)`/g)];
  const missing = named.map(([, run, bench]) => run ?? bench ?? '').filter((name) => !(name in scripts));
  expect(missing).toEqual([]);
});
