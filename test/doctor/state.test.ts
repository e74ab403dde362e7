import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { examineState } from '../../src/doctor/examine-storage.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import type { StateLocation } from '../../src/model/state-location.ts';
import { NO_STATES, withZone } from '../../src/model/zone-states.ts';
import { encodeStates } from '../../src/state/stored-state.ts';
import { awsError } from '../aws/support.ts';

const STATE = {
  ...EMPTY_STATE,
  health: new Map([['a 1/tcp', { failing: 2, passing: 0 }]]),
  lastRun: { id: 'run-1', startedAt: 1, finishedAt: 2 },
};
const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-doctor-'));
const dynamoDb = mockClient(DynamoDBClient);

afterEach(() => dynamoDb.reset());
afterAll(() => rmSync(folder, { recursive: true }));

function look(location: StateLocation, timeoutMs = 5_000) {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const clients = { dynamoDb: async () => client };
  return examineState(location, clients, timeoutMs, new AbortController().signal);
}

function file(name: string, content?: string): StateLocation {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return { kind: 'file', path };
}

describe('a file', () => {
  test.each<[string, StateLocation, RegExp]>([
    [
      'of an earlier run',
      file('one.json', encodeStates(withZone(NO_STATES, 'Z1', STATE))),
      /one\.json read: of the run that ended 1970-01-01T00:00:00\.002Z, with 1 failing endpoint and 0 hosts$/,
    ],
    ['that would be new', file('new.json'), /new\.json read: no run has left anything yet$/],
    ['in a folder that would be new', file('a/b/new.json'), /new\.json read: no run has left anything yet$/],
  ])('%s is ok', async (_, location, says) => {
    expect(await look(location)).toEqual({ status: 'ok', detail: expect.stringMatching(says) });
  });

  test.each<[string, StateLocation, RegExp, RegExp]>([
    ['that holds something else', file('other.json', '[]'), /cannot be used/, /remove the file/],
    ['below a file', file('one.json/x.json'), /ENOTDIR/, /remove the file, or name another one/],
    [
      'where nobody may write',
      { kind: 'file', path: '/proc/self/x.json' },
      /EACCES|EPERM|ENOENT/,
      /let the worker write/,
    ],
  ])('%s fails', async (_, location, says, remedy) => {
    expect(await look(location)).toEqual({
      status: 'fail',
      detail: expect.stringMatching(says),
      remedy: expect.stringMatching(remedy),
    });
  });

  test('is left as it is, and none is made', async () => {
    const before = readdirSync(folder, { recursive: true });
    await look(file('a/new.json'));
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});

describe('a table', () => {
  const table: StateLocation = { kind: 'dynamodb', table: 'ecs-dns', key: 'blue' };

  test('that answers is ok; it is only read', async () => {
    dynamoDb.on(GetItemCommand).resolves({});
    expect(await look(table)).toEqual({
      status: 'ok',
      detail: 'read: no run has left anything yet; writing was not tried',
    });
    expect(dynamoDb.calls()).toHaveLength(1);
  });

  test.each(['AccessDeniedException', 'ResourceNotFoundException'])('that answers %s fails', async (name) => {
    dynamoDb.on(GetItemCommand).rejects(awsError(name, { message: 'no', status: 400 }));
    expect(await look(table)).toEqual({
      status: 'fail',
      detail: expect.stringContaining(`${name}: no`),
      remedy: expect.stringMatching(
        /check the name of the table.*grant dynamodb:GetItem and dynamodb:PutItem/,
      ),
    });
  });

  test('that does not answer fails', async () => {
    // The SDK gives up once the signal that it was given aborts; so does this, a moment later.
    dynamoDb.on(GetItemCommand).callsFake(async () => {
      await once(AbortSignal.timeout(2), 'abort');
      throw awsError('AbortError', { message: 'Request aborted' });
    });
    expect(await look(table, 1)).toMatchObject({ status: 'fail', detail: 'no answer within 1ms' });
  });
});

test('no state store is nothing to look at', async () => {
  expect(await look({ kind: 'none' })).toMatchObject({ status: 'skip' });
});
