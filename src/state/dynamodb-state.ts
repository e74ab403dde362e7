import { promisify } from 'node:util';
import { gunzip, gzip, type ZlibOptions } from 'node:zlib';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describeError } from '../aws/aws-error.ts';
import { sendOptions } from '../aws/send-options.ts';
import { EMPTY_STATE, type RunState } from '../model/run-state.ts';
import { shrinkState } from './shrink-state.ts';
import type { StateStore, WarningReport } from './state-store.ts';
import { decodeState, encodeState } from './stored-state.ts';

/** DynamoDB takes no item above 400 KB; names and the version need a little of it. */
const MAX_BODY_BYTES = 390_000;
/** What an item of ours can unpack to; more is another program's. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * One item of a table whose partition key is the string `id`: `body` is the gzipped state, `version`
 * counts the writes. A write is conditional on the version that was read, so that of two workers at
 * once the second does not undo what the first has counted.
 */
export function dynamoDbState(
  { table, key }: { readonly table: string; readonly key: string },
  client: () => Promise<DynamoDBClient>,
  report: WarningReport,
): StateStore {
  const where = `state: DynamoDB item ${key} of ${table}`;
  let version: number | undefined;
  return {
    async load(signal) {
      version = undefined;
      try {
        const command = new GetItemCommand({
          TableName: table,
          Key: { id: { S: key } },
          ConsistentRead: true,
        });
        const { Item } = await (await client()).send(command, sendOptions(signal));
        version = Number(Item?.['version']?.N ?? 0);
        return Item?.['body']?.B === undefined ? EMPTY_STATE : await unpack(Item['body'].B);
      } catch (error) {
        signal?.throwIfAborted();
        report(`${where} cannot be used and is started over: ${describeError(error)}`);
        return EMPTY_STATE;
      }
    },
    async save(state, signal) {
      if (version === undefined) return;
      try {
        const { body, dropped } = await pack(state);
        if (dropped.length > 0) report(`${where} does not hold all: ${dropped.join(', ')} are left out`);
        await (await client()).send(putCommand(table, key, version, body), sendOptions(signal));
      } catch (error) {
        report(`${where} cannot be written: ${describeError(error)}`);
      }
    },
  };
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
  whole: RunState,
): Promise<{ readonly body: Uint8Array; readonly dropped: readonly string[] }> {
  const dropped = new Set<string>();
  let state = whole;
  let body = await promisify(gzip)(encodeState(state));
  while (body.length > MAX_BODY_BYTES) {
    const smaller = shrinkState(state);
    if (smaller === undefined) throw new Error(`${body.length} bytes are more than an item holds`);
    state = smaller.state;
    dropped.add(smaller.dropped);
    body = await promisify(gzip)(encodeState(state));
  }
  return { body, dropped: [...dropped] };
}

async function unpack(body: Uint8Array): Promise<RunState> {
  const text = await promisify<Uint8Array, ZlibOptions, Buffer>(gunzip)(body, {
    maxOutputLength: MAX_TEXT_BYTES,
  });
  return decodeState(text.toString('utf8'));
}
