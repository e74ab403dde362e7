import { promisify } from 'node:util';
import { gunzip, gzip, type ZlibOptions } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describeError } from '../aws/aws-error.ts';
import { sendOptions } from '../aws/send-options.ts';
import { NO_STATES, withZone, type ZoneStates } from '../model/zone-states.ts';
import { shrinkState } from './shrink-state.ts';
import type { StateStore, WarningReport } from './state-store.ts';
import { decodeStates, encodeStates } from './stored-state.ts';

/** DynamoDB takes no item above 400 KB; names and the version need a little of it. */
const MAX_BODY_BYTES = 390_000;
/** What an item of ours can unpack to; more is another program's. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** So often a state is written once more that a run over another zone came before. */
const ATTEMPTS = 4;

interface StoredItem {
  readonly version: number;
  readonly states: ZoneStates;
}

/**
 * One item of a table whose partition key is the string `id`: `body` is the gzipped state, `version`
 * counts the writes. A write is conditional on the version that was read, so that of two workers at
 * once the second does not undo what the first has counted. What a run over another zone has written meanwhile is kept.
 */
export function dynamoDbState(
  { table, key }: { readonly table: string; readonly key: string },
  client: () => Promise<DynamoDBClient>,
  report: WarningReport,
): StateStore {
  const where = `state: DynamoDB item ${key} of ${table}`;
  let read: StoredItem | undefined;
  const readItem = async (signal: AbortSignal | undefined) => {
    const command = new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true });
    const { Item } = await (await client()).send(command, sendOptions(signal));
    return { version: Number(Item?.['version']?.N ?? 0), body: Item?.['body']?.B };
  };
  const write = async ({ version, states }: StoredItem, signal: AbortSignal | undefined) => {
    const { body, dropped } = await pack(states);
    await (await client()).send(putCommand(table, key, version, body), sendOptions(signal));
    if (dropped.length > 0) report(`${where} does not hold all: ${dropped.join(', ')} are left out`);
  };
  return {
    async load(signal) {
      read = undefined;
      try {
        const { version, body } = await readItem(signal);
        read = { version, states: NO_STATES };
        read = { version, states: await unpack(body) };
        return read.states;
      } catch (error) {
        signal?.throwIfAborted();
        report(`${where} cannot be used and is started over: ${describeError(error)}`);
        return NO_STATES;
      }
    },
    async save(zoneId, state, signal) {
      if (read === undefined) return;
      const lastRunOf = ({ states }: StoredItem) => states.zones.get(zoneId)?.lastRun?.id;
      const before = lastRunOf(read);
      let item = read;
      try {
        for (let left = ATTEMPTS - 1; ; left--) {
          const refusal = await write(
            { ...item, states: withZone(item.states, zoneId, state) },
            signal,
          ).catch(asConflict);
          if (refusal === undefined) return;
          const { version, body } = await readItem(signal);
          item = { version, states: await unpack(body) };
          if (left === 0 || lastRunOf(item) !== before) throw refusal;
        }
      } catch (error) {
        report(`${where} cannot be written: ${describeError(error)}`);
      }
    },
  };
}

/** That another run has written since: what is there now decides whether this one may. */
function asConflict(error: unknown): Error {
  if (error instanceof ConditionalCheckFailedException) return error;
  throw error;
}

function putCommand(table: string, key: string, version: number, body: Uint8Array): PutItemCommand {
  const isFirst = version === 0;
  return new PutItemCommand({
    TableName: table,
    Item: { id: { S: key }, version: { N: String(version + 1) }, body: { B: body } },
    ConditionExpression: isFirst ? 'attribute_not_exists(#version)' : '#version = :read',
    ExpressionAttributeNames: { '#version': 'version' },
    ...(isFirst ? {} : { ExpressionAttributeValues: { ':read': { N: String(version) } } }),
  });
}

/** As much of the state as an item holds, and what of it had to go for that. */
async function pack(
  whole: ZoneStates,
): Promise<{ readonly body: Uint8Array; readonly dropped: readonly string[] }> {
  const dropped = new Set<string>();
  let state = whole;
  let body = await promisify(gzip)(encodeStates(state));
  while (body.length > MAX_BODY_BYTES) {
    const smaller = shrinkState(state);
    if (smaller === undefined) throw new Error(`${body.length} bytes are more than an item holds`);
    state = smaller.state;
    dropped.add(smaller.dropped);
    body = await promisify(gzip)(encodeStates(state));
  }
  return { body, dropped: [...dropped] };
}

async function unpack(body: Uint8Array | undefined): Promise<ZoneStates> {
  if (body === undefined) return NO_STATES;
  const text = await promisify<Uint8Array, ZlibOptions, Buffer>(gunzip)(body, {
    maxOutputLength: MAX_TEXT_BYTES,
  });
  return decodeStates(text.toString('utf8'));
}
