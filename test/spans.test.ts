import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { activeTracer, inSpan } from '../src/spans.ts';
import { keepSpans, treeOf } from './in-memory-spans.ts';

describe('without a provider', () => {
  test('work is done as if there were no spans: the very same promise, and nothing is told', async () => {
    const work = Promise.resolve('done');
    let told = 0;

    const result = inSpan(
      'work',
      () => work,
      () => {
        told += 1;
        return { attributes: {} };
      },
    );

    expect(result).toBe(work);
    expect(await result).toBe('done');
    expect(told).toBe(0);
    expect(activeTracer()).toBeUndefined();
  });
});

describe('with a provider', () => {
  test('work is a span, and what begins meanwhile is its child', async () => {
    const { spans } = keepSpans();

    await inSpan('outer', async () => {
      await inSpan('first', async () => {});
      await Promise.all([inSpan('second', async () => {}), inSpan('third', async () => {})]);
    });

    expect(treeOf(spans())).toEqual({ outer: { first: {}, second: {}, third: {} } });
    expect(spans().map(({ instrumentationScope }) => instrumentationScope.name)).toEqual(
      Array.from({ length: 4 }, () => 'ecs-dns-reconciler'),
    );
  });

  test('its outcome is told, and that it failed although it did not throw', async () => {
    const { spans } = keepSpans();

    await inSpan(
      'work',
      async () => 3,
      (count) => ({ attributes: { count }, failure: 'one of them' }),
    );

    expect(spans()).toMatchObject([
      { attributes: { count: 3 }, status: { code: SpanStatusCode.ERROR, message: 'one of them' } },
    ]);
  });

  test('what it throws is thrown on, and told', async () => {
    const { spans } = keepSpans();
    const error = Object.assign(new Error('it is down'), { name: 'Down' });

    await expect(inSpan('work', () => Promise.reject(error))).rejects.toBe(error);
    await expect(inSpan('work', () => Promise.reject('a text'))).rejects.toBe('a text');

    expect(spans()).toMatchObject([
      {
        attributes: { 'error.type': 'Down' },
        status: { code: SpanStatusCode.ERROR, message: 'it is down' },
        events: [{ name: 'exception' }],
      },
      { status: { code: SpanStatusCode.ERROR, message: 'a text' } },
    ]);
  });

  test('a provider that is registered later is found', async () => {
    await inSpan('before', async () => {});
    const { spans } = keepSpans();
    await inSpan('after', async () => {});

    expect(treeOf(spans())).toEqual({ after: {} });
  });
});
