import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';
import { stringsOf } from '../wire/json.ts';

/** An InvalidParameterException, as ECS answers what it cannot accept. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** A string field, or `undefined` when it was not sent. */
export function optionalString(input: Json, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} is not a string.`);
  return value;
}

/** A string field that must be one of a few. */
export function optionalChoice<T extends string>(
  input: Json,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = optionalString(input, name);
  if (value === undefined) return undefined;
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw invalidParameter(`${name} should be one of [${choices.join(',')}].`);
  return choice;
}

/** A list of strings; none when it was not sent. */
export function stringList(input: Json, name: string): readonly string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  const strings = stringsOf(value);
  if (!Array.isArray(value) || strings.length !== value.length)
    throw new AwsError('SerializationException', `${name} is not a list of strings.`);
  return strings;
}

/** A list that ECS wants at least one and at most `limit` of; `noun` and `ids` as ECS words its errors. */
export function boundedList(
  input: Json,
  name: string,
  limit: number,
  noun: string,
  ids: string,
): readonly string[] {
  const list = stringList(input, name);
  if (list.length === 0) throw invalidParameter(`${noun} cannot be empty.`);
  if (list.length > limit) throw invalidParameter(`${ids} can have at most ${limit} items.`);
  return list;
}

/** `maxResults`, 1 to 100. */
export function pageSize(input: Json, fallback: number): number {
  const value = input['maxResults'];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 100)
    throw invalidParameter('maxResults must be between 1 and 100.');
  return value;
}
