import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it, onTestFinished } from 'vitest';
import { createMemory } from '../../../src/probe/memory/create-memory.ts';

const NO_CLIENTS = {
  dynamoDb: async (): Promise<DynamoDBClient> => {
    throw new TypeError('nobody needs DynamoDB');
  },
};
const ONE = new Map([['c 80/tcp', { failing: 1, passing: 0 }]]);
const silent = (detail: string) => expect.unreachable(detail);

it('without a place remembers nothing', async () => {
  const memory = await createMemory({ kind: 'none' }, NO_CLIENTS, silent);
  await memory.save(ONE, undefined);
  expect(await memory.load(undefined)).toEqual(new Map());
});

it('in a file remembers there, and asks no AWS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-dns-memory-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const memory = await createMemory({ kind: 'file', path: join(folder, 'm.json') }, NO_CLIENTS, silent);
  await memory.save(ONE, undefined);
  expect(await memory.load(undefined)).toEqual(ONE);
  expect(await readdir(folder)).toEqual(['m.json']);
});

it('in DynamoDB asks for the item of the table', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  onTestFinished(() => {
    mock.restore();
    client.destroy();
  });
  mock.on(GetItemCommand, { TableName: 'memory', Key: { id: { S: 'blue' } } }).resolves({});
  const clients = { dynamoDb: async () => client };
  const memory = await createMemory({ kind: 'dynamodb', table: 'memory', key: 'blue' }, clients, silent);
  expect(await memory.load(undefined)).toEqual(new Map());
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(1);
});
