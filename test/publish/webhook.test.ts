import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type NoticeDocument, noticeSchema } from '../../src/publish/notice-schema.ts';
import { webhookTo } from '../../src/publish/webhook.ts';

const SECRET = 'T000/B000/hunter2';
const record = { name: 'a.', type: 'SRV', value: '1 1 1 <b>&amp; @here', why: 'task-gone' };
const NOTICE: NoticeDocument = {
  version: 1,
  kinds: ['removals'],
  mode: 'apply',
  time: '2030-01-02T03:04:05.000Z',
  runId: 'run-1',
  zone: 'a.internal.',
  removals: { count: 12, records: [record] },
};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('what went wrong');

/** A hook on loopback that gives these answers in turn, the last one again and again. */
async function hookWith(...answers: readonly Answer[]) {
  const bodies: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      bodies.push(body);
      requests.push(request);
      (answers[bodies.length - 1] ?? answers.at(-1))?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/${SECRET}`;
  const { signal } = new AbortController();
  return { url, bodies, requests, send: (within = signal) => webhookTo(url)(NOTICE, within) };
}

describe('a webhook', () => {
  test('gets a text in the form of Slack, in which nothing from outside is markup, and the document', async () => {
    const { send, bodies, requests } = await hookWith(status(200));

    await send();

    const [request] = requests;
    expect(`${request?.method} ${request?.headers['content-type']}`).toBe('POST application/json');
    const { text, notice } = JSON.parse(bodies[0] ?? '') as { text: string; notice: unknown };
    expect(text.split('\n')).toEqual([
      'ecs-dns apply, a.internal.: 12 removed',
      'Removed: 12',
      '• a. SRV 1 1 1 &lt;b&gt;&amp;amp; @here: task-gone',
      '… and 11 more',
      'run run-1',
    ]);
    expect(noticeSchema.parse(notice)).toEqual(NOTICE);
  });

  test.each<[string, readonly Answer[], number]>([
    ['takes it at the second attempt after a fault', [status(503), status(200)], 2],
    ['takes it at the second attempt after it was too many', [status(429), status(204)], 2],
    ['takes it after a connection that broke', [(response) => response.destroy(), status(200)], 2],
  ])('%s', async (_, answers, attempts) => {
    const { send, bodies } = await hookWith(...answers);

    await send();

    expect(bodies).toHaveLength(attempts);
  });

  test.each<[string, Answer, string, number]>([
    ['a fault, twice', status(500), 'HTTP 500', 2],
    ['a refusal, once', status(404), 'HTTP 404', 1],
    ['a broken connection, twice', (response) => response.destroy(), 'UND_ERR_SOCKET', 2],
  ])('that answers with %s fails without a word of its URL', async (_, answer, message, attempts) => {
    const { send, bodies } = await hookWith(answer);

    const error: unknown = await send().catch((failure: unknown) => failure);

    expect(error).toEqual(new Error(message));
    expect(bodies).toHaveLength(attempts);
  });

  test('is not followed anywhere else', async () => {
    const other = await hookWith(status(200));
    const { send } = await hookWith(status(307, { location: other.url }));

    await expect(send()).rejects.toThrow(/^HTTP 307$/);
    expect(other.bodies).toEqual([]);
  });

  test('that never answers is given up with its signal', async () => {
    const stop = new AbortController();
    const { send } = await hookWith(() => stop.abort());

    await expect(send(stop.signal)).rejects.toThrow();
  });
});
