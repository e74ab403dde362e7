import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { XmlCursor, xmlTag } from './xml-cursor.ts';

const DECLARATION = Buffer.from('<?xml version="1.0" encoding="UTF-8"?>');
const ANSWER = xmlTag('ListResourceRecordSetsResponse');
const SETS = xmlTag('ResourceRecordSets');
const SET = xmlTag('ResourceRecordSet');
const RECORDS = xmlTag('ResourceRecords');
const RECORD = xmlTag('ResourceRecord');
const VALUE = xmlTag('Value');
const NAME = xmlTag('Name');
const TYPE = xmlTag('Type');
const IDENTIFIER = xmlTag('SetIdentifier');
const WEIGHT = xmlTag('Weight');
const TTL = xmlTag('TTL');
const IS_TRUNCATED = xmlTag('IsTruncated');
const NEXT_NAME = xmlTag('NextRecordName');
const NEXT_TYPE = xmlTag('NextRecordType');
const NEXT_IDENTIFIER = xmlTag('NextRecordIdentifier');
const MAX_ITEMS = xmlTag('MaxItems');

/**
 * Reads an answer of ListResourceRecordSets that holds nothing but simple and weighted sets of records.
 * `undefined` for any other: alias sets, routing policies, comments, an escape that is not one of
 * XML's own five.
 */
export function leanRecordSets(body: Buffer): object | undefined {
  try {
    return readAnswer(new XmlCursor(body));
  } catch {
    return undefined;
  }
}

function readAnswer(cursor: XmlCursor): object {
  cursor.skip(DECLARATION);
  cursor.enterWithAttributes(ANSWER);
  const answer: Record<string, unknown> = {};
  while (!cursor.leaves(ANSWER)) {
    if (cursor.enters(SETS)) once(answer, 'ResourceRecordSets', readSets(cursor));
    else if (cursor.enters(IS_TRUNCATED)) once(answer, 'IsTruncated', cursor.flag(IS_TRUNCATED));
    else if (cursor.enters(NEXT_NAME)) once(answer, 'NextRecordName', cursor.text(NEXT_NAME));
    else if (cursor.enters(NEXT_TYPE)) once(answer, 'NextRecordType', cursor.text(NEXT_TYPE));
    else if (cursor.enters(NEXT_IDENTIFIER)) {
      once(answer, 'NextRecordIdentifier', cursor.text(NEXT_IDENTIFIER));
    } else if (cursor.enters(MAX_ITEMS)) once(answer, 'MaxItems', cursor.integer(MAX_ITEMS));
    else cursor.giveUp();
  }
  cursor.expectEnd();
  if (answer['ResourceRecordSets'] === undefined || answer['IsTruncated'] === undefined) cursor.giveUp();
  return answer;
}

function once(answer: Record<string, unknown>, field: string, value: unknown): void {
  if (field in answer) throw new SyntaxError(`${field} twice`);
  answer[field] = value;
}

function readSets(cursor: XmlCursor): readonly ResourceRecordSet[] {
  const sets: ResourceRecordSet[] = [];
  while (!cursor.leaves(SETS)) {
    cursor.enter(SET);
    sets.push(readSet(cursor));
  }
  return sets;
}

/** The fields come in the order of the service model, as Route 53 writes them; another order is given up. */
function readSet(cursor: XmlCursor): ResourceRecordSet {
  cursor.enter(NAME);
  const name = cursor.text(NAME);
  cursor.enter(TYPE);
  const type = cursor.text(TYPE) as ResourceRecordSet['Type'];
  const identifier = cursor.enters(IDENTIFIER) ? cursor.text(IDENTIFIER) : undefined;
  const weight = cursor.enters(WEIGHT) ? cursor.integer(WEIGHT) : undefined;
  cursor.enter(TTL);
  const ttl = cursor.integer(TTL);
  cursor.enter(RECORDS);
  const records = readRecords(cursor);
  cursor.leave(SET);
  // Written out, because objects put together by spreading take more memory.
  return identifier === undefined && weight === undefined
    ? { Name: name, Type: type, TTL: ttl, ResourceRecords: records }
    : {
        Name: name,
        Type: type,
        SetIdentifier: identifier,
        Weight: weight,
        TTL: ttl,
        ResourceRecords: records,
      };
}

function readRecords(cursor: XmlCursor): { Value: string }[] {
  if (cursor.leaves(RECORDS)) return [];
  // Most sets have one value, and an array that is pushed to has room for 17.
  const records = [readRecord(cursor)];
  while (!cursor.leaves(RECORDS)) records.push(readRecord(cursor));
  return records;
}

function readRecord(cursor: XmlCursor): { Value: string } {
  cursor.enter(RECORD);
  cursor.enter(VALUE);
  const record = { Value: cursor.text(VALUE) };
  cursor.leave(RECORD);
  return record;
}
