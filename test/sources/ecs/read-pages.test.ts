import { describe, expect, it } from 'vitest';
import { inBatches } from '../../../src/model/in-batches.ts';
import { type Page, readPages } from '../../../src/sources/ecs/read-pages.ts';

function pages(...answers: readonly (Page<number> | Error)[]) {
  const tokens: (string | undefined)[] = [];
  const readPage = (token: string | undefined) => {
    const answer = answers[tokens.push(token) - 1] ?? new Error('read on after the last page');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { tokens, readPage };
}

const page = (nextToken: string | undefined, ...items: readonly number[]): Page<number> => ({
  items,
  nextToken,
});

describe('readPages', () => {
  it('reads from the first page to the last', async () => {
    const { readPage, tokens } = pages(page('a', 1, 2), page('b'), page(undefined, 3));
    expect(await readPages(readPage, undefined)).toEqual({ items: [1, 2, 3] });
    expect(tokens).toEqual([undefined, 'a', 'b']);
  });

  it('takes an empty token as the end', async () => {
    expect(await readPages(pages(page('', 1)).readPage, undefined)).toEqual({ items: [1] });
  });

  it('keeps what came before a page that failed', async () => {
    const error = new Error('no more');
    expect(await readPages(pages(page('a', 1, 2), error).readPage, undefined)).toEqual({
      items: [1, 2],
      error,
    });
  });

  it.each([
    ['at once', [page('a', 1), page('a', 2)]],
    ['later', [page('a', 1), page('b', 2), page('a', 3)]],
  ])('ends with an error when a token comes again %s', async (_, answers) => {
    const reading = await readPages(pages(...answers).readPage, undefined);
    expect(reading).toMatchObject({ error: new Error('the same page token came twice') });
    expect(reading.items).toEqual(answers.flatMap(({ items }) => items));
  });

  it('throws an abort on instead of calling it an incomplete reading', async () => {
    const reason = new Error('stopped');
    const signal = AbortSignal.abort(reason);
    await expect(readPages(pages(page('a', 1), new Error('broken off')).readPage, signal)).rejects.toBe(
      reason,
    );
  });
});

describe('inBatches', () => {
  it.each([
    ['nothing', 0, []],
    ['one', 1, [1]],
    ['a full batch', 3, [3]],
    ['one too many', 4, [3, 1]],
    ['several', 8, [3, 3, 2]],
  ])('cuts %s', (_, count, sizes) => {
    const items = Array.from({ length: count }, (_unused, index) => index);
    const batches = inBatches(items, 3);
    expect(batches.map((batch) => batch.length)).toEqual(sizes);
    expect(batches.flat()).toEqual(items);
  });
});
