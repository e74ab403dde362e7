import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthHistory } from '../../../src/model/health-history.ts';
import { dynamoDbMemory } from '../../../src/probe/memory/dynamodb-memory.ts';
import { encodeHistory } from '../../../src/probe/memory/health-memory.ts';

const HISTORY: HealthHistory = new Map([['c 8080/tcp', { failing: 2, passing: 0 }]]);
const PLACE = { table: 'ecs-dns-memory', key: 'blue' };

function memoryWithMock() {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  onTestFinished(() => {
    mock.restore();
    client.destroy();
  });
  const warnings: string[] = [];
  const memory = dynamoDbMemory(
    PLACE,
    async () => client,
    (detail) => void warnings.push(detail),
  );
  const puts = () => mock.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);
  return { mock, memory, warnings, puts };
}

function stored(version: string, body: Uint8Array) {
  return { Item: { id: { S: PLACE.key }, version: { N: version }, body: { B: body } } };
}

const packed = (history: HealthHistory) => gzipSync(encodeHistory(history));
const failure = { $metadata: {}, message: 'no' };
const named = (name: string) => Object.assign(new Error('not authorized'), { name });

describe('a memory in DynamoDB', () => {
  it('is read by its key, consistently', async () => {
    const { mock, memory, warnings } = memoryWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(HISTORY)));

    expect(await memory.load(undefined)).toEqual(HISTORY);

    expect(mock.commandCalls(GetItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { TableName: 'ecs-dns-memory', Key: { id: { S: 'blue' } }, ConsistentRead: true },
    ]);
    expect(warnings).toEqual([]);
  });

  it('is empty, without a complaint, before the first run; then it is written if nobody else has', async () => {
    const { mock, memory, warnings, puts } = memoryWithMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).resolves({});

    expect(await memory.load(undefined)).toEqual(new Map());
    await memory.save(HISTORY, undefined);

    const [put, ...others] = puts();
    expect(others).toEqual([]);
    expect(put).toMatchObject({
      TableName: 'ecs-dns-memory',
      Item: { id: { S: 'blue' }, version: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#version)',
      ExpressionAttributeNames: { '#version': 'version' },
    });
    const body = put?.Item?.['body']?.B ?? new Uint8Array();
    expect(gunzipSync(body).toString('utf8')).toBe(encodeHistory(HISTORY));
    expect(warnings).toEqual([]);
  });

  it('is written only over the version that was read', async () => {
    const { mock, memory, puts } = memoryWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(HISTORY)));
    mock.on(PutItemCommand).resolves({});

    await memory.load(undefined);
    await memory.save(new Map(), undefined);

    expect(puts()).toMatchObject([
      {
        Item: { version: { N: '8' } },
        ConditionExpression: '#version = :read',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':read': { N: '7' } },
      },
    ]);
  });

  it('is read anew by each run', async () => {
    const { mock, memory, puts } = memoryWithMock();
    mock
      .on(GetItemCommand)
      .resolvesOnce({})
      .resolves(stored('9', packed(HISTORY)));
    mock.on(PutItemCommand).resolves({});

    await memory.load(undefined);
    expect(await memory.load(undefined)).toEqual(HISTORY);
    await memory.save(HISTORY, undefined);

    expect(puts()).toMatchObject([{ Item: { version: { N: '10' } } }]);
  });

  it('that could be read in one run and not in the next is not written over by that one', async () => {
    const { mock, memory, puts } = memoryWithMock();
    mock
      .on(GetItemCommand)
      .resolvesOnce(stored('7', packed(HISTORY)))
      .rejects(named('InternalServerError'));
    mock.on(PutItemCommand).resolves({});

    await memory.load(undefined);
    await memory.load(undefined);
    await memory.save(new Map(), undefined);

    expect(puts()).toEqual([]);
  });

  it('that another worker has written meanwhile is left to that worker, and it is said', async () => {
    const { mock, memory, warnings } = memoryWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(HISTORY)));
    mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException(failure));

    await memory.load(undefined);
    await memory.save(new Map(), undefined);

    expect(warnings).toEqual([
      expect.stringMatching(
        /^health\.memory: DynamoDB item blue of ecs-dns-memory cannot be written: ConditionalCheckFailedException/,
      ),
    ]);
  });

  it.each([
    ['throttled', new ProvisionedThroughputExceededException(failure)],
    ['denied', named('AccessDeniedException')],
    ['asked of a table that does not exist', new ResourceNotFoundException(failure)],
    ['out of reach', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ])('that is %s is an empty one with a complaint, and is not written over', async (_, error) => {
    const { mock, memory, warnings, puts } = memoryWithMock();
    mock.on(GetItemCommand).rejects(error);
    mock.on(PutItemCommand).resolves({});

    expect(await memory.load(undefined)).toEqual(new Map());
    await memory.save(HISTORY, undefined);

    expect(warnings).toEqual([
      expect.stringMatching(/^health\.memory: .*cannot be used and is started over/),
    ]);
    expect(puts()).toEqual([]);
  });

  it.each([
    ['no gzip', Buffer.from('plain')],
    ['half of it', packed(HISTORY).subarray(0, 20)],
    ['another document', gzipSync('{"version":2}')],
  ])('that holds %s is started over, and written over', async (_, body) => {
    const { mock, memory, warnings, puts } = memoryWithMock();
    mock.on(GetItemCommand).resolves(stored('7', body));
    mock.on(PutItemCommand).resolves({});

    expect(await memory.load(undefined)).toEqual(new Map());
    await memory.save(HISTORY, undefined);

    expect(warnings).toHaveLength(1);
    expect(puts()).toMatchObject([{ Item: { version: { N: '8' } } }]);
  });

  it('that cannot be written is a complaint, and nothing is thrown', async () => {
    const { mock, memory, warnings } = memoryWithMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).rejects(named('AccessDeniedException'));

    await memory.load(undefined);
    await memory.save(HISTORY, undefined);

    expect(warnings).toEqual([expect.stringMatching(/cannot be written: AccessDeniedException/)]);
  });

  it('that does not fit into an item is not even sent', async () => {
    const { mock, memory, warnings, puts } = memoryWithMock();
    mock.on(GetItemCommand).resolves({});
    // Keys that do not compress: 64 hexadecimal digits each, none like another.
    let seed = 1;
    const digits = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed.toString(16).padStart(8, '0');
    };
    const huge = new Map(
      Array.from({ length: 20_000 }, () => [
        `${Array.from({ length: 8 }, digits).join('')} 8080/tcp`,
        { failing: 1, passing: 0 },
      ]),
    );

    await memory.load(undefined);
    await memory.save(huge, undefined);

    expect(warnings).toEqual([
      expect.stringMatching(/cannot be written: .*\d+ bytes are more than an item holds/),
    ]);
    expect(puts()).toEqual([]);
  });

  it('stops with the run', async () => {
    const { mock, memory, warnings } = memoryWithMock();
    const controller = new AbortController();
    const reason = new Error('stopped');
    mock.on(GetItemCommand).callsFake(() => {
      controller.abort(reason);
      throw named('AbortError');
    });
    await expect(memory.load(controller.signal)).rejects.toBe(reason);
    expect(warnings).toEqual([]);
  });
});
