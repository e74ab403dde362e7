import type { RecordSet } from '../../model/record-set.ts';
import type { Json } from '../service.ts';
import { objectOf, objectsOf, textOf } from '../wire/json.ts';
import { type Change, ROUTING_FIELDS } from './batch-change.ts';
import { invalidInput } from './errors.ts';
import { isRecordType } from './record-types.ts';

const ACTIONS: readonly string[] = ['CREATE', 'DELETE', 'UPSERT'];
const ACTION_RULE = `satisfy enum value set: [${ACTIONS.join(', ')}]`;
const MAX_TTL = 2_147_483_647;
const MAX_VALUE_LENGTH = 4000;
const CONTENTS = 'AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId';
const ROUTINGS = ROUTING_FIELDS.join(', ').replace(/, (?=\w+$)/, ', or ');

interface UncheckedChange {
  readonly Action: string;
  readonly ResourceRecordSet: RecordSet;
}

/** The changes of a batch; InvalidInput with everything that is malformed in them. */
export function wellFormedChanges(batch: Json): readonly Change[] {
  const changes = objectsOf(batch['Changes']).map(readChange);
  if (changes.length === 0) throw invalidInput('Invalid request: Missing field Changes in ChangeBatch');
  const problems = changes.flatMap((change, index) => [
    ...fieldProblems(change, index),
    ...setProblems(change),
  ]);
  if (problems.length > 0) throw invalidInput(`Invalid request: ${problems.join('; ')}`);
  return changes.filter(isChange);
}

function isChange(change: UncheckedChange): change is Change {
  return ACTIONS.includes(change.Action);
}

// A field that is no text or number stays what it is: the checks below find it.
function readChange(change: Json): UncheckedChange {
  const set = objectOf(change['ResourceRecordSet']);
  const records = set['ResourceRecords'] === undefined ? undefined : objectsOf(set['ResourceRecords']);
  return {
    Action: textOf(change['Action']),
    ResourceRecordSet: {
      ...set,
      Name: textOf(set['Name']),
      Type: textOf(set['Type']),
      ...(records === undefined
        ? {}
        : { ResourceRecords: records.map(({ Value }) => ({ Value: textOf(Value) })) }),
    },
  };
}

function fieldProblems(
  { Action, ResourceRecordSet: set }: UncheckedChange,
  index: number,
): readonly string[] {
  const at = (field: string) => `'changeBatch.changes.${index + 1}.member.${field}'`;
  const problems: string[] = [];
  const require = (isRight: boolean, field: string, value: unknown, rule: string) => {
    if (!isRight)
      problems.push(
        `Value '${String(value)}' at ${at(field)} failed to satisfy constraint: Member must ${rule}`,
      );
  };
  require(ACTIONS.includes(Action), 'action', Action, ACTION_RULE);
  require(set.Name.length <=
    1024, 'resourceRecordSet.name', set.Name, 'have length less than or equal to 1024');
  require(isRecordType(
    set.Type,
  ), 'resourceRecordSet.type', set.Type, 'satisfy enum value set of record types');
  require(isWithin(set.Weight, 255), 'resourceRecordSet.weight', set.Weight, 'be from 0 to 255');
  require(isWithin(set.TTL, MAX_TTL), 'resourceRecordSet.tTL', set.TTL, `be from 0 to ${MAX_TTL}`);
  const identifier = set.SetIdentifier;
  const isRightLength = identifier === undefined || (identifier.length >= 1 && identifier.length <= 128);
  require(isRightLength, 'resourceRecordSet.setIdentifier', identifier, 'have length from 1 to 128');
  for (const { Value } of set.ResourceRecords ?? [])
    require(isValueLength(
      Value,
    ), 'resourceRecordSet.resourceRecords.value', Value, `have length from 1 to ${MAX_VALUE_LENGTH}`);
  return problems;
}

function isWithin(value: number | undefined, most: number): boolean {
  return value === undefined || (Number.isInteger(value) && value >= 0 && value <= most);
}

function isValueLength(value: string): boolean {
  return value.length >= 1 && value.length <= MAX_VALUE_LENGTH;
}

function setProblems(change: UncheckedChange): readonly string[] {
  const set = change.ResourceRecordSet;
  const where = `in Change with ${changeName(change)}`;
  const problems: string[] = [];
  const contents = contentCount(set);
  if (set.Name === '') problems.push(`Missing field 'Name' ${where}`);
  if (contents !== 1)
    problems.push(
      `Expected exactly one of [${CONTENTS}], but found ${contents === 0 ? 'none' : 'more than one'} ${where}`,
    );
  const routings = ROUTING_FIELDS.filter((field) => set[field] !== undefined).length;
  if (routings > 0 && set.SetIdentifier === undefined)
    problems.push(`Missing field 'SetIdentifier' ${where}`);
  if (routings > 1 || (routings === 0 && set.SetIdentifier !== undefined))
    problems.push(
      `Expected exactly one of [${ROUTINGS}], but found ${routings === 0 ? 'none' : 'more than one'} ${where}`,
    );
  return problems;
}

function contentCount(set: RecordSet): number {
  const hasRecords = set.TTL !== undefined && (set.ResourceRecords ?? []).length > 0;
  const partial = !hasRecords && (set.TTL !== undefined || set.ResourceRecords !== undefined);
  const others = [set.AliasTarget, set.TrafficPolicyInstanceId].filter((one) => one !== undefined).length;
  if (partial) return others === 0 ? 0 : 2;
  return others + (hasRecords ? 1 : 0);
}

function changeName({ Action, ResourceRecordSet: set }: UncheckedChange): string {
  return `[Action=${Action}, Name=${set.Name}, Type=${set.Type}, SetIdentifier=${set.SetIdentifier ?? null}]`;
}
