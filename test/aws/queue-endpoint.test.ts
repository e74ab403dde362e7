import { expect, onTestFinished, test, vi } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { sqsQueue } from '../../src/triggers/queue.ts';
import { startService } from './support.ts';

test('a queue is asked at the host of its URL, and the SDK prints nothing where another endpoint is set', async () => {
  const { endpoint, stop } = await startService([{ status: 200, body: '{}' }]);
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASANDBOX');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const clients = createAwsClients();
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    warn.mockRestore();
    clients.destroy();
    await stop();
  });
  const queue = sqsQueue(await clients.sqs('us-east-1'), `${endpoint}/123456789012/ecs-events`);

  expect(await queue.receive(0, undefined)).toEqual([]);
  expect(warn).not.toHaveBeenCalled();
});
