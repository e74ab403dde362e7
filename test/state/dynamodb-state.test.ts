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
import { EMPTY_STATE, type RunState } from '../../src/model/run-state.ts';
import { NO_STATES, withZone, type ZoneStates } from '../../src/model/zone-states.ts';
import { dynamoDbState } from '../../src/state/dynamodb-state.ts';
import { decodeStates, encodeStates } from '../../src/state/stored-state.ts';

const STATE: RunState = { ...EMPTY_STATE, health: new Map([['c 8080/tcp', { failing: 2, passing: 0 }]]) };
const STATES = withZone(NO_STATES, 'Z1', STATE);
const PLACE = { table: 'ecs-dns-state', key: 'blue' };

function storeWithMock() {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  onTestFinished(() => {
    mock.restore();
    client.destroy();
  });
  const warnings: string[] = [];
  const store = dynamoDbState(
    PLACE,
    async () => client,
    (detail) => void warnings.push(detail),
  );
  const puts = () => mock.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);
  return { mock, store, warnings, puts };
}

function stored(version: string, body: Uint8Array) {
  return { Item: { id: { S: PLACE.key }, version: { N: version }, body: { B: body } } };
}

const packed = (state: ZoneStates) => gzipSync(encodeStates(state));
const failure = { $metadata: {}, message: 'no' };
const named = (name: string) => Object.assign(new Error('not authorized'), { name });

/** Keys that do not compress: 64 hexadecimal digits each, none like another. */
function incompressible(count: number): readonly string[] {
  let seed = 1;
  const digits = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed.toString(16).padStart(8, '0');
  };
  return Array.from({ length: count }, () => Array.from({ length: 8 }, digits).join(''));
}

describe('a state in DynamoDB', () => {
  it('is read by its key, consistently', async () => {
    const { mock, store, warnings } = storeWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(STATES)));

    expect(await store.load(undefined)).toEqual(STATES);

    expect(mock.commandCalls(GetItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { TableName: 'ecs-dns-state', Key: { id: { S: 'blue' } }, ConsistentRead: true },
    ]);
    expect(warnings).toEqual([]);
  });

  it('is empty, without a complaint, before the first run; then it is written if no other run has', async () => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).resolves({});

    expect(await store.load(undefined)).toEqual(NO_STATES);
    await store.save('Z1', STATE, undefined);

    const [put, ...others] = puts();
    expect(others).toEqual([]);
    expect(put).toMatchObject({
      TableName: 'ecs-dns-state',
      Item: { id: { S: 'blue' }, version: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#version)',
      ExpressionAttributeNames: { '#version': 'version' },
    });
    const body = put?.Item?.['body']?.B ?? new Uint8Array();
    expect(gunzipSync(body).toString('utf8')).toBe(encodeStates(STATES));
    expect(warnings).toEqual([]);
  });

  it('is written only over the version that was read', async () => {
    const { mock, store, puts } = storeWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(STATES)));
    mock.on(PutItemCommand).resolves({});

    await store.load(undefined);
    await store.save('Z1', EMPTY_STATE, undefined);

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
    const { mock, store, puts } = storeWithMock();
    mock
      .on(GetItemCommand)
      .resolvesOnce({})
      .resolves(stored('9', packed(STATES)));
    mock.on(PutItemCommand).resolves({});

    await store.load(undefined);
    expect(await store.load(undefined)).toEqual(STATES);
    await store.save('Z1', STATE, undefined);

    expect(puts()).toMatchObject([{ Item: { version: { N: '10' } } }]);
  });

  it('that could be read in one run and not in the next is not written over by that one', async () => {
    const { mock, store, puts } = storeWithMock();
    mock
      .on(GetItemCommand)
      .resolvesOnce(stored('7', packed(STATES)))
      .rejects(named('InternalServerError'));
    mock.on(PutItemCommand).resolves({});

    await store.load(undefined);
    await store.load(undefined);
    await store.save('Z1', EMPTY_STATE, undefined);

    expect(puts()).toEqual([]);
  });

  it('that another worker has written meanwhile is left to that worker, and it is said', async () => {
    const { mock, store, warnings } = storeWithMock();
    mock.on(GetItemCommand).resolves(stored('7', packed(STATES)));
    mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException(failure));

    await store.load(undefined);
    await store.save('Z1', { ...EMPTY_STATE }, undefined);

    expect(warnings).toEqual([
      expect.stringMatching(
        /^state: DynamoDB item blue of ecs-dns-state cannot be written: ConditionalCheckFailedException/,
      ),
    ]);
  });

  const of = (id: string, finishedAt = 2): RunState => ({
    ...STATE,
    lastRun: { id, startedAt: 1, finishedAt },
  });

  it('that a run over another zone has written meanwhile is written beside that', async () => {
    const { mock, store, warnings, puts } = storeWithMock();
    const first = withZone(NO_STATES, 'Z1', of('a'));
    const meanwhile = withZone(first, 'Z2', of('b'));
    mock
      .on(GetItemCommand)
      .resolvesOnce(stored('7', packed(first)))
      .resolves(stored('8', packed(meanwhile)));
    mock.on(PutItemCommand).rejectsOnce(new ConditionalCheckFailedException(failure)).resolves({});

    await store.load(undefined);
    await store.save('Z1', of('c', 3), undefined);

    expect(warnings).toEqual([]);
    const [, put] = puts();
    expect(put).toMatchObject({ Item: { version: { N: '9' } } });
    const kept = decodeStates(gunzipSync(put?.Item?.['body']?.B ?? new Uint8Array()).toString('utf8'));
    expect([...kept.zones].map(([zone, { lastRun }]) => [zone, lastRun?.id])).toEqual([
      ['Z2', 'b'],
      ['Z1', 'c'],
    ]);
  });

  it.each([
    ['a run over the same zone', withZone(NO_STATES, 'Z1', of('b'))],
    ['ever new runs', withZone(withZone(NO_STATES, 'Z1', of('a')), 'Z2', of('b'))],
  ])('that %s has written meanwhile is given up, and it is said', async (_, meanwhile) => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock
      .on(GetItemCommand)
      .resolvesOnce(stored('7', packed(withZone(NO_STATES, 'Z1', of('a')))))
      .resolves(stored('8', packed(meanwhile)));
    mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException(failure));

    await store.load(undefined);
    await store.save('Z1', of('c', 3), undefined);

    expect(warnings).toEqual([expect.stringMatching(/cannot be written: ConditionalCheckFailed/)]);
    expect(puts().length).toBeLessThan(5);
  });

  it.each([
    ['throttled', new ProvisionedThroughputExceededException(failure)],
    ['denied', named('AccessDeniedException')],
    ['asked of a table that does not exist', new ResourceNotFoundException(failure)],
    ['out of reach', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ])('that is %s is an empty one with a complaint, and is not written over', async (_, error) => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock.on(GetItemCommand).rejects(error);
    mock.on(PutItemCommand).resolves({});

    expect(await store.load(undefined)).toEqual(NO_STATES);
    await store.save('Z1', STATE, undefined);

    expect(warnings).toEqual([expect.stringMatching(/^state: .*cannot be used and is started over/)]);
    expect(puts()).toEqual([]);
  });

  it.each([
    ['no gzip', Buffer.from('plain')],
    ['half of it', packed(STATES).subarray(0, 20)],
    ['another document', gzipSync('{"version":1}')],
  ])('that holds %s is started over, and written over', async (_, body) => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock.on(GetItemCommand).resolves(stored('7', body));
    mock.on(PutItemCommand).resolves({});

    expect(await store.load(undefined)).toEqual(NO_STATES);
    await store.save('Z1', STATE, undefined);

    expect(warnings).toHaveLength(1);
    expect(puts()).toMatchObject([{ Item: { version: { N: '8' } } }]);
  });

  it('that cannot be written is a complaint, and nothing is thrown', async () => {
    const { mock, store, warnings } = storeWithMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).rejects(named('AccessDeniedException'));

    await store.load(undefined);
    await store.save('Z1', STATE, undefined);

    expect(warnings).toEqual([expect.stringMatching(/cannot be written: AccessDeniedException/)]);
  });

  it('that does not fit into an item is written without what runs can best do without, and it is said', async () => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock.on(GetItemCommand).resolves({});
    mock.on(PutItemCommand).resolves({});
    const removals = [{ at: 1, stale: 2, unhealthy: 3 }];
    const large: RunState = {
      ...STATE,
      hosts: new Map(
        incompressible(12_000).map((instanceId, seenAt) => [
          instanceId,
          { instanceId, address: undefined, vpcId: undefined, clusterArn: 'c', seenAt },
        ]),
      ),
      removals,
    };

    await store.load(undefined);
    await store.save('Z1', large, undefined);

    expect(warnings).toEqual([
      'state: DynamoDB item blue of ecs-dns-state does not hold all: hosts seen earlier are left out',
    ]);
    const body = puts()[0]?.Item?.['body']?.B ?? new Uint8Array();
    expect(body.length).toBeLessThan(390_000);
    const kept = decodeStates(gunzipSync(body).toString('utf8'));
    expect(kept.zones.get('Z1')).toMatchObject({ health: STATE.health, removals });
    expect(kept.hosts.size).toBeGreaterThan(1_000);
    // The newest are kept.
    expect(Math.min(...[...kept.hosts.values()].map(({ seenAt }) => seenAt))).toBe(12_000 - kept.hosts.size);
  });

  it('of which no part that may be left out is too large is not even sent', async () => {
    const { mock, store, warnings, puts } = storeWithMock();
    mock.on(GetItemCommand).resolves({});
    const tasks = new Map(incompressible(20_000).map((key) => [key, 1]));

    await store.load(undefined);
    await store.save('Z1', { ...STATE, running: { tasks, shrunkSince: undefined } }, undefined);

    expect(warnings).toEqual([
      expect.stringMatching(/cannot be written: .*\d+ bytes are more than an item holds/),
    ]);
    expect(puts()).toEqual([]);
  });

  it('stops with the run', async () => {
    const { mock, store, warnings } = storeWithMock();
    const controller = new AbortController();
    const reason = new Error('stopped');
    mock.on(GetItemCommand).callsFake(() => {
      controller.abort(reason);
      throw named('AbortError');
    });
    await expect(store.load(controller.signal)).rejects.toBe(reason);
    expect(warnings).toEqual([]);
  });
});
