import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { sendOptions } from '../../src/aws/send-options.ts';
import { traceCalls } from '../../src/aws/trace-calls.ts';
import { keepSpans } from '../in-memory-spans.ts';
import { type Answer, accessTo, startService } from './support.ts';

const OK: Answer = { status: 200, body: '{"taskArns":[]}' };
const SLOW_DOWN: Answer = { status: 400, body: '{"__type":"ThrottlingException","message":"slow down"}' };
const DENIED: Answer = { status: 400, body: '{"__type":"AccessDeniedException","message":"not you"}' };

async function clientsFor(...answers: readonly Answer[]) {
  const { endpoint, stop } = await startService(answers);
  const clients = createAwsClients(accessTo(endpoint), { paced: false });
  onTestFinished(async () => {
    clients.destroy();
    await stop();
  });
  return clients;
}

describe('a call is a span', () => {
  test('of its service and operation', async () => {
    const { spans } = keepSpans();
    const { ecs } = await clientsFor(OK);

    await ecs.send(new ListTasksCommand({}));

    expect(spans()).toMatchObject([
      {
        name: 'ECS.ListTasks',
        kind: SpanKind.CLIENT,
        status: { code: SpanStatusCode.UNSET },
        attributes: {
          'rpc.system': 'aws-api',
          'rpc.service': 'ECS',
          'rpc.method': 'ListTasks',
          'http.response.status_code': 200,
        },
      },
    ]);
    expect(spans()[0]?.attributes).not.toHaveProperty(['http.request.resend_count']);
  });

  test('one for all its attempts', async () => {
    const { spans } = keepSpans();
    const { ecs } = await clientsFor(SLOW_DOWN, OK);

    await ecs.send(new ListTasksCommand({}));

    expect(spans()).toMatchObject([{ attributes: { 'http.request.resend_count': 1 } }]);
  });

  test('that says how it failed', async () => {
    const { spans } = keepSpans();
    const { ecs } = await clientsFor(DENIED);

    await expect(ecs.send(new ListTasksCommand({}))).rejects.toThrow('not you');

    expect(spans()).toMatchObject([
      {
        status: { code: SpanStatusCode.ERROR, message: 'not you' },
        attributes: { 'error.type': 'AccessDeniedException', 'http.response.status_code': 400 },
      },
    ]);
  });

  test('that ends with its abort', async () => {
    const { spans } = keepSpans();
    const { ecs } = await clientsFor(OK);
    const reason = new Error('the run is over');

    const call = ecs.send(new ListTasksCommand({}), sendOptions(AbortSignal.abort(reason)));
    await expect(call).rejects.toBe(reason);

    expect(spans()).toMatchObject([{ status: { code: SpanStatusCode.ERROR, message: 'the run is over' } }]);
  });
});

test('without a provider a call meets nothing on its way', () => {
  const middlewares: ((next: unknown, context: object) => unknown)[] = [];
  const stack = { add: (middleware: never) => middlewares.push(middleware) };
  traceCalls('ECS').applyToStack(stack as never);

  const next = () => {};
  expect(middlewares.map((middleware) => middleware(next, { commandName: 'ListTasksCommand' }))).toEqual([
    next,
  ]);
});

test('AWS’s id of a request is told', async () => {
  const { spans } = keepSpans();
  const client = new ECSClient(accessTo('http://127.0.0.1:1'));
  onTestFinished(() => client.destroy());
  client.middlewareStack.use(traceCalls('ECS'));
  client.middlewareStack.add(
    () => async () => ({ output: { $metadata: { requestId: 'request-1' } }, response: {} }),
    { step: 'build', name: 'answered' },
  );

  await client.send(new ListTasksCommand({}));

  expect(spans()).toMatchObject([{ attributes: { 'aws.request_id': 'request-1' } }]);
});
