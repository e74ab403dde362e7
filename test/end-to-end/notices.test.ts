import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type NoticeDocument, noticeSchema } from '../../src/publish/notice-schema.ts';
import { runHere } from '../cli/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addService, newFleet, openWorker, serve, ZONE_NAME } from './support.ts';

const PUBLISH = 'sns:Publish';

/** A webhook on loopback, with what it was told. */
async function openHook(status = 200) {
  const notices: NoticeDocument[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      notices.push(noticeSchema.parse(JSON.parse(body).notice));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { notices, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hunter2` };
}

/** Two stale sets, of which the budget of this share lets none go, or all. */
async function fleetWithTopic() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 8, stale: 4 });
  const topic = fleet.world.addTopic('ecs-dns');
  const messages = () => fleet.world.topics.get(topic) ?? [];
  return { fleet, staleSets, topic, messages, server: await serve(fleet.world) };
}

const LIFTED = { '--guardrails-removal-budget-percent': '100' };

test('a topic and a webhook are told what was removed, each protocol in its own form', async () => {
  const { topic, messages, server, staleSets } = await fleetWithTopic();
  const { notices, url } = await openHook();
  const worker = openWorker(server, { ...LIFTED, '--notices-topic': topic, '--notices-webhook': url });

  const report = await worker.apply();

  const [message] = messages();
  expect(message).toMatchObject({
    subject: `ecs-dns apply, ${ZONE_NAME}.: 4 removed`,
    attributes: { kinds: '["removals"]', mode: 'apply' },
  });
  const told = noticeSchema.parse(JSON.parse(String(message?.byProtocol['sqs'])));
  expect(told).toMatchObject({ runId: report.runId, removals: { count: 4 } });
  expect(new Set(told.removals?.records.map(({ setIdentifier }) => setIdentifier))).toEqual(
    new Set(staleSets.map(({ SetIdentifier }) => SetIdentifier)),
  );
  expect(message?.byProtocol['default']).toMatch(/^ecs-dns apply, .*\nRemoved: 4\n• _orders\._tcp/);
  expect(notices).toEqual([told]);
  expect(report.awsCalls).toMatchObject({ [PUBLISH]: 1 });
  expect(report.notices).toEqual([]);
});

test('what is held back is told once by a process, and once by several that share a state', async () => {
  const { topic, messages, server } = await fleetWithTopic();
  const state = join(await temporaryDirectory(), 'state.json');
  const flags = { '--notices-topic': topic, '--state': state };
  const worker = openWorker(server, flags);

  const report = await worker.apply();
  await worker.apply();
  await openWorker(server, flags).apply();

  expect(report.summary.heldBack).toBe(4);
  expect(messages().map(({ attributes }) => attributes['kinds'])).toEqual(['["held-back"]']);
  await openWorker(server, { '--notices-topic': topic }).apply();
  expect(messages()).toHaveLength(2);
});

test('a plan tells nothing, unless it is to tell drift', async () => {
  const { topic, messages, server } = await fleetWithTopic();
  const flags = { ...LIFTED, '--notices-topic': topic };

  await openWorker(server, flags).plan();
  expect(messages()).toEqual([]);
  await openWorker(server, { ...flags, '--notices-on': ['drift'] }).plan();

  expect(messages().map(({ subject }) => subject)).toEqual([`ecs-dns plan, ${ZONE_NAME}.: 4 to change`]);
});

test('whoever cannot be told fails nothing: it is a warning, which holds nothing of the URL', async () => {
  const { server, fleet } = await fleetWithTopic();
  const { url } = await openHook(403);
  const topic = `arn:aws:sns:us-east-1:${fleet.world.account}:missing`;
  const env = { ECS_DNS_NOTICES_WEBHOOK: url, ECS_DNS_NOTICES_TOPIC: topic, ECS_DNS_HEALTH_ENABLED: 'false' };
  const args = ['apply', '--yes', '--zone', ZONE_NAME, '--guardrails-removal-budget-percent', '100'];

  const { code, stdout, stderr } = await runHere(args, server.url, { env });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Removed: 4 entries.');
  expect(stdout).toMatch(/worker +notices\.topic: the notice was not sent: NotFound/);
  expect(stdout).toMatch(/worker +notices\.webhook: the notice was not sent: HTTP 403/);
  expect(stdout).not.toContain('hunter2');
});

test('a run that fails before it could do anything is told, and fails as it would have', async () => {
  const { topic, messages, server } = await fleetWithTopic();
  server.addFault({
    operation: 'route53:ListResourceRecordSets',
    effect: { kind: 'error', code: 'AccessDenied', status: 403, message: 'not you' },
  });

  await expect(openWorker(server, { '--notices-topic': topic }).apply()).rejects.toThrow(/AccessDenied/);

  expect(messages().map(({ subject }) => subject)).toEqual([`ecs-dns apply, ${ZONE_NAME}: 1 failed`]);
});
