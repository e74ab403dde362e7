import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { createWorker, type WorkerOptions } from '../../src/worker.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASANDBOX');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => vi.unstubAllEnvs());

function sourceOf(options: WorkerOptions = {}): Promise<string> {
  const worker = createWorker(parseSettings({ env: {}, flags: { '--zone': 'discovery.internal' } }), options);
  onTestFinished(() => worker.close());
  return worker.source();
}

test('a source is the account of the credentials and the region', async () => {
  vi.stubEnv('AWS_ACCOUNT_ID', '123456789012');

  expect(await sourceOf()).toBe('123456789012/eu-west-1');
});

test('an account that the caller knows is told without asking', async () => {
  expect(await sourceOf({ account: '210987654321' })).toBe('210987654321/eu-west-1');
});

test('where the credentials tell no account, it is the region alone', async () => {
  expect(await sourceOf()).toBe('eu-west-1');
});

test('where there is no region, it says so', async () => {
  vi.stubEnv('AWS_REGION', '');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');

  expect(await sourceOf()).toBe('unknown');
});

test('credentials that do not come are not waited for', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  vi.stubEnv('AWS_CONFIG_FILE', new URL('hanging-credentials.ini', import.meta.url).pathname);
  vi.stubEnv('AWS_PROFILE', 'hanging');
  const clock = { ...systemClock, sleep: () => sleep(0) };

  expect(await sourceOf({ clock })).toBe('eu-west-1');
});
