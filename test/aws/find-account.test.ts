import { expect, test } from 'vitest';
import { findAccount } from '../../src/aws/find-account.ts';
import { type Answer, startService } from './support.ts';

const TASK: Answer = {
  status: 200,
  body: '{"TaskARN":"arn:aws:ecs:eu-west-1:123456789012:task/blue/0123456789abcdef"}',
};
const OF_TASK = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1' };
const SILENT = async () => ({});

/** The account that is found next to an ECS task's metadata, and whether these were asked for. */
async function foundWith(env: NodeJS.ProcessEnv, answer = TASK, credentials = SILENT) {
  const { endpoint, requests, stop } = await startService([answer]);
  const account = await findAccount({ ECS_CONTAINER_METADATA_URI_V4: endpoint, ...env }, credentials);
  await stop();
  return { account, asked: requests() };
}

test('the variable says it, whatever the credentials do', async () => {
  const credentials = async () => ({ accountId: '222222222222' });

  expect(await findAccount({ AWS_ACCOUNT_ID: '111111111111' }, credentials)).toBe('111111111111');
});

test('credentials say it', async () => {
  expect(await foundWith(OF_TASK, TASK, async () => ({ accountId: '222222222222' }))).toEqual({
    account: '222222222222',
    asked: 0,
  });
});

test('of the role of a task, the task says it', async () => {
  expect(await foundWith(OF_TASK)).toEqual({ account: '123456789012', asked: 1 });
});

test.each([
  { name: 'keys in variables', env: { ...OF_TASK, AWS_ACCESS_KEY_ID: 'AKIA' } },
  { name: 'a profile', env: { ...OF_TASK, AWS_PROFILE: 'other' } },
  { name: 'no role of the task', env: {} },
])('where there are others ($name), the task is not asked', async ({ env }) => {
  expect(await foundWith(env)).toEqual({ account: undefined, asked: 0 });
});

test.each([
  { name: 'an error', answer: { status: 500, body: 'down' } },
  { name: 'no ARN', answer: { status: 200, body: '{"TaskARN":"<script>"}' } },
])('a task that answers with $name says nothing', async ({ answer }) => {
  expect(await foundWith(OF_TASK, answer)).toMatchObject({ account: undefined });
});

test('credentials that fail say nothing', async () => {
  expect(await findAccount({}, () => Promise.reject(new Error('none')))).toBeUndefined();
});
