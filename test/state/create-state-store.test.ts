import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it, onTestFinished } from 'vitest';
import { EMPTY_STATE, type RunState } from '../../src/model/run-state.ts';
import { NO_STATES, withZone } from '../../src/model/zone-states.ts';
import { createStateStore } from '../../src/state/create-state-store.ts';

const NO_CLIENTS = {
  dynamoDb: async (): Promise<DynamoDBClient> => {
    throw new TypeError('DynamoDB is not needed');
  },
};
const ONE: RunState = { ...EMPTY_STATE, health: new Map([['c 80/tcp', { failing: 1, passing: 0 }]]) };
const silent = (detail: string) => expect.unreachable(detail);

it('without a place keeps nothing', async () => {
  const store = await createStateStore({ kind: 'none' }, NO_CLIENTS, silent);
  await store.save('Z1', ONE, undefined);
  expect(await store.load(undefined)).toEqual(NO_STATES);
});

it('in a file keeps it there, and asks no AWS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-dns-state-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await createStateStore({ kind: 'file', path: join(folder, 'm.json') }, NO_CLIENTS, silent);
  await store.save('Z1', ONE, undefined);
  expect(await store.load(undefined)).toEqual(withZone(NO_STATES, 'Z1', ONE));
  expect(await readdir(folder)).toEqual(['m.json']);
});

it('in DynamoDB asks for the item of the table', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  onTestFinished(() => {
    mock.restore();
    client.destroy();
  });
  mock.on(GetItemCommand, { TableName: 'states', Key: { id: { S: 'blue' } } }).resolves({});
  const clients = { dynamoDb: async () => client };
  const store = await createStateStore({ kind: 'dynamodb', table: 'states', key: 'blue' }, clients, silent);
  expect(await store.load(undefined)).toEqual(NO_STATES);
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(1);
});
