import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codesIn, outageRows, outageSections } from '../../scripts/pages/outages-page.ts';

const PAGE = readFileSync('docs/what-can-go-wrong.md', 'utf8');
const ROWS = outageRows(PAGE);

const namedTests = ROWS.flatMap(({ test: cell }) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) =>
    file.includes('/') ? file : `test/outages/${file}`,
  ),
);

test('every test of test/outages stands in the page', () => {
  const files = readdirSync('test/outages')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/outages/${file}`);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !namedTests.includes(file))).toEqual([]);
});

test('each row names a test, and each test that is named is there', () => {
  expect(ROWS.filter(({ test: cell }) => !cell.includes('`')).map(({ happens }) => happens)).toEqual([]);
  expect(namedTests.filter((file) => !existsSync(file))).toEqual([]);
});

test('no row is lost for a bar too many', () => {
  const lines = PAGE.split('\n').filter((line) => line.includes('.test.ts`'));
  expect(ROWS).toHaveLength(lines.length);
});

test('each code of the page is one of the program', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/${file}`, 'utf8'))
    .join('\n');
  const codes = new Set(ROWS.flatMap(({ seen }) => codesIn(seen)));
  expect(codes.size).toBeGreaterThan(30);
  const isKnown = (code: string) => sources.includes(`'${code}'`) || sources.includes(`\n  ${code}: `);
  expect([...codes].filter((code) => !isKnown(code))).toEqual([]);
});

test('the index has each code once, with the headings under which it stands', () => {
  const { codes = '' } = outageSections(
    [
      '# A page',
      '## First kind',
      '| what happens | what the worker does | what the operator sees | test |',
      '| --- | --- | --- | --- |',
      '| a | b | `task-gone`, or `an error: task-late` | `x.test.ts` |',
      '| a | b | `moved`, `summary` | `x.test.ts` |',
      '## Second',
      '| a | b | held back, `task-gone` | `x.test.ts` |',
    ].join('\n'),
  );
  expect(codes.split('\n').slice(2)).toEqual([
    '| `moved` | [First kind](#first-kind) |',
    '| `task-gone` | [First kind](#first-kind), [Second](#second) |',
  ]);
});
