import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestServerOptions } from '../test-server.ts';
import { failureOf, range, withSandbox } from '../with-sandbox.ts';

const ENTRY = { Source: 'ecs-dns', DetailType: 'Something', Detail: '{"a":1}' };
/** What an entry counts in addition to its detail. */
const OTHER_BYTES = ENTRY.Source.length + ENTRY.DetailType.length;
const LIMIT = 256 * 1024;

async function openBus(options: TestServerOptions = {}) {
  const { world, server } = await withSandbox(undefined, options);
  const bus = world.addEventBus('dns');
  const client = new EventBridgeClient({
    endpoint: server.url,
    region: world.region,
    credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  const put = (entries: readonly PutEventsRequestEntry[]) =>
    client.send(new PutEventsCommand({ Entries: [...entries] }));
  return { world, server, bus, client, put };
}

/** A detail of exactly so many bytes. */
const detailOf = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - 8) });

describe('an event bus', () => {
  test.each([
    { what: 'its name', name: 'dns' },
    { what: 'its ARN', name: 'arn:aws:events:us-east-1:123456789012:event-bus/dns' },
  ])('is found by $what, and keeps what it is sent', async ({ name }) => {
    const { world, bus, put } = await openBus();
    const time = new Date('2026-10-08T16:53:06Z');

    const answer = await put([{ ...ENTRY, EventBusName: name, Time: time }]);

    const { source, detailType, detail, time: kept } = bus.events[0] ?? {};
    expect({ source, detailType, detail, kept }).toEqual({
      source: 'ecs-dns',
      detailType: 'Something',
      detail: '{"a":1}',
      kept: time.getTime() / 1000,
    });
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: bus.events[0]?.id }] });
    expect(world.findEventBus('default')?.events).toEqual([]);
  });

  test('is the default one when none is named', async () => {
    const { world, put } = await openBus();
    await put([ENTRY]);
    expect(world.findEventBus('default')?.events).toHaveLength(1);
  });

  test('that does not exist seems to take the event', async () => {
    const { world, put } = await openBus();
    const answer = await put([{ ...ENTRY, EventBusName: 'dsn' }]);
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect([...world.eventBuses.values()].flatMap(({ events }) => events)).toEqual([]);
  });

  test('refuses single entries when it is told to, and takes the others', async () => {
    const { bus, put } = await openBus();
    bus.refuse = ({ detail }) =>
      detail === '{"a":1}' ? { code: 'InternalFailure', message: 'no' } : undefined;

    const answer = await put(
      ['{"a":0}', '{"a":1}', '{"a":2}'].map((Detail) => ({ ...ENTRY, Detail, EventBusName: 'dns' })),
    );

    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: 'InternalFailure', ErrorMessage: 'no' },
        { EventId: expect.any(String) },
      ],
    });
    expect(bus.events.map(({ detail }) => detail)).toEqual(['{"a":0}', '{"a":2}']);
  });
});

describe('a request', () => {
  test.each([
    { what: 'without entries', entries: [], message: /greater than or equal to 1$/ },
    { what: 'with eleven', entries: range(11).map(() => ENTRY), message: /less than or equal to 10$/ },
    {
      what: 'of 256 KB',
      entries: [{ ...ENTRY, Detail: detailOf(LIMIT - OTHER_BYTES) }],
      message: /^Total size/,
    },
    {
      what: 'of 256 KB together',
      entries: [
        { ...ENTRY, Detail: detailOf(LIMIT - 2 * OTHER_BYTES - 9) },
        { ...ENTRY, Detail: detailOf(9) },
      ],
      message: /^Total size/,
    },
    {
      what: 'of 256 KB with its time',
      entries: [{ ...ENTRY, Time: new Date(0), Detail: detailOf(LIMIT - OTHER_BYTES - 14) }],
      message: /^Total size/,
    },
    {
      what: 'of 256 KB with its resources',
      entries: [{ ...ENTRY, Resources: ['abc'], Detail: detailOf(LIMIT - OTHER_BYTES - 3) }],
      message: /^Total size/,
    },
  ])('$what is refused as a whole', async ({ entries, message }) => {
    const { world, put } = await openBus();
    expect(await failureOf(put(entries))).toMatchObject({
      code: 'ValidationException',
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(world.findEventBus('default')?.events).toEqual([]);
  });

  test('with ten entries, or just below 256 KB, is taken', async () => {
    const { world, put } = await openBus();
    await put(range(10).map(() => ENTRY));
    await put([{ ...ENTRY, Detail: detailOf(LIMIT - OTHER_BYTES - 1) }]);
    expect(world.findEventBus('default')?.events).toHaveLength(11);
  });

  test('is throttled like that of any other service', async () => {
    const { put } = await openBus({ quotas: 'current', now: () => 0 });
    await Promise.all(range(400).map(() => put([ENTRY])));
    expect(await failureOf(put([ENTRY]))).toMatchObject({ code: 'ThrottlingException', status: 400 });
  });

  test('for anything else is unknown', async () => {
    const { client } = await openBus();
    expect(await failureOf(client.send(new ListRulesCommand({})))).toMatchObject({
      code: 'UnknownOperationException',
    });
  });

  test('with another key than the one that is let in is refused', async () => {
    const { put } = await openBus({ requireAccessKey: 'ANOTHER' });
    expect(await failureOf(put([ENTRY]))).toMatchObject({ code: 'UnrecognizedClientException' });
  });
});

describe('an entry', () => {
  test.each([
    { what: 'without a source', entry: { Source: '' }, code: 'InvalidArgument', text: /^Parameter Source/ },
    {
      what: 'without a detail type',
      entry: { DetailType: undefined },
      code: 'InvalidArgument',
      text: /^Parameter DetailType/,
    },
    {
      what: 'without a detail',
      entry: { Detail: undefined },
      code: 'InvalidArgument',
      text: /^Parameter Detail /,
    },
    { what: 'whose detail is no JSON', entry: { Detail: '{' }, code: 'MalformedDetail', text: /malformed/ },
    { what: 'whose detail is a list', entry: { Detail: '[]' }, code: 'MalformedDetail', text: /malformed/ },
    {
      what: "with AWS's own source",
      entry: { Source: 'aws.ecs' },
      code: 'NotAuthorizedForSourceException',
      text: /source/,
    },
  ])('$what fails by itself', async ({ entry, code, text }) => {
    const { world, put } = await openBus();
    expect(await put([ENTRY, { ...ENTRY, ...entry }])).toMatchObject({
      FailedEntryCount: 1,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: code, ErrorMessage: expect.stringMatching(text) },
      ],
    });
    expect(world.findEventBus('default')?.events).toHaveLength(1);
  });
});
