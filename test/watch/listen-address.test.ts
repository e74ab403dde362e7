import { expect, test } from 'vitest';
import { readListenAddress } from '../../src/watch/listen-address.ts';

test.each([
  { text: ':7979', host: '127.0.0.1', port: 7979 },
  { text: '127.0.0.1:7979', host: '127.0.0.1', port: 7979 },
  { text: '0.0.0.0:80', host: '0.0.0.0', port: 80 },
  { text: 'localhost:0', host: 'localhost', port: 0 },
  { text: '[::1]:7979', host: '::1', port: 7979 },
  { text: '[::]:65535', host: '::', port: 65_535 },
])('$text', ({ text, ...address }) => {
  expect(readListenAddress(text)).toEqual(address);
});

test.each([
  '',
  '7979',
  ':',
  ':65536',
  ':-1',
  ':http',
  '::1:7979',
  '[::1]',
  'a b:7979',
  'http://x:7979',
  ':7979 ',
])('"%s" is an error of one line', (text) => {
  expect(() => readListenAddress(text)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(/^--listen: .*; write :7979/) }),
  );
});
