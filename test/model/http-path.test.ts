import { describe, expect, it } from 'vitest';
import { isHttpPath } from '../../src/model/check-value.ts';

describe('isHttpPath', () => {
  it.each(['/', '/health', '/a//b', '/ready?deep=1&x=[a]', "/~a'b(c)%20", '/{x}|^`"'])(
    'accepts %s',
    (path) => {
      expect(isHttpPath(path)).toBe(true);
    },
  );

  it.each(['', 'health', '//host/', '/a#b', '/a b', '/\\host', '/a\r\nX: y', '/ü', '/a\n', '*'])(
    'rejects %j',
    (path) => {
      expect(isHttpPath(path)).toBe(false);
    },
  );
});
