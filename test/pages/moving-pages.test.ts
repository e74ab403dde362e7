import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blocksOf } from '../end-to-end/moving/page-commands.ts';

/** What goes on until a signal ends it. */
const GOES_ON = /^ecs-dns (?:watch|agent) |^ecs-dns sandbox .*--serve/;

test.each(readdirSync('docs/moving'))('no block of %s can be pasted that stops half-way', (page) => {
  const blocks = blocksOf(`docs/moving/${page}`).filter(({ kind }) => kind === 'sh');
  expect(blocks.length).toBeGreaterThan(0);
  const stopping = blocks.filter(({ lines }) => lines.slice(0, -1).some((line) => GOES_ON.test(line)));
  expect(stopping).toEqual([]);
});
