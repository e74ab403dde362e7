import { promisify } from 'node:util';
import { gunzip, gzip, type ZlibOptions } from 'node:zlib';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describeError } from '../../aws/aws-error.ts';
import { sendOptions } from '../../aws/send-options.ts';
import { decodeHistory, encodeHistory, type HealthMemory, type WarningReport } from './health-memory.ts';

/** DynamoDB takes no item above 400 KB; names and the version need a little of it. */
const MAX_BODY_BYTES = 390_000;
/** What an item of ours can unpack to; more is another program's. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * One item of a table whose partition key is the string `id`: `body` is the gzipped history, `version`
 * counts the writes. A write is conditional on the version that was read, so that of two workers at
 * once the second does not undo what the first has counted.
 */
export function dynamoDbMemory(
  { table, key }: { readonly table: string; readonly key: string },
  client: () => Promise<DynamoDBClient>,
  report: WarningReport,
): HealthMemory {
  const where = `health.memory: DynamoDB item ${key} of ${table}`;
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
        return Item?.['body']?.B === undefined ? new Map() : await unpack(Item['body'].B);
      } catch (error) {
        signal?.throwIfAborted();
        report(`${where} cannot be used and is started over: ${describeError(error)}`);
        return new Map();
      }
    },
    async save(history, signal) {
      if (version === undefined) return;
      try {
        const body = await promisify(gzip)(encodeHistory(history));
        if (body.length > MAX_BODY_BYTES) throw new Error(`${body.length} bytes are more than an item holds`);
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

async function unpack(body: Uint8Array): Promise<ReturnType<typeof decodeHistory>> {
  const text = await promisify<Uint8Array, ZlibOptions, Buffer>(gunzip)(body, {
    maxOutputLength: MAX_TEXT_BYTES,
  });
  return decodeHistory(text.toString('utf8'));
}
