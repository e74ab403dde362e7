import { expect, it } from 'vitest';
import { isInSync } from '../../src/route53/is-in-sync.ts';
import { awsError } from '../aws/support.ts';
import { DENIED, inMemoryRoute53 } from './support.ts';

const asked = (getChange: () => Promise<string | undefined>) =>
  isInSync('C123', { ...inMemoryRoute53(), getChange }, undefined);

it.each([
  ['INSYNC', true],
  ['PENDING', false],
  [undefined, false],
])('a change that is %s: %s', async (status, expected) => {
  expect(await asked(async () => status)).toBe(expected);
});

it('a change that Route 53 has forgotten is long in sync', async () => {
  expect(await asked(() => Promise.reject(awsError('NoSuchChange', { status: 404 })))).toBe(true);
});

it('of a change that cannot be asked of nothing is known', async () => {
  await expect(asked(() => Promise.reject(DENIED))).rejects.toBe(DENIED);
});
