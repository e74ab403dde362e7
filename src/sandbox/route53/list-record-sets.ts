import type { Json, Operation } from '../service.ts';
import { optionalText } from '../wire/json.ts';
import { nameSortKey, storedName } from '../world/record-name.ts';
import { invalidInput, pageSize, requestedZone } from './errors.ts';
import { isRecordType } from './record-types.ts';

const SETS_A_PAGE = 300;

/** One page from the cursor on; each part of the cursor needs the one before it. */
export const listResourceRecordSets: Operation = ({ world }, input) => {
  const zone = requestedZone(world, input['HostedZoneId']);
  const size = pageSize(input['MaxItems'], SETS_A_PAGE);
  const found = zone.records.from(startKey(input), size + 1);
  const next = found[size];
  return {
    ResourceRecordSets: found.slice(0, size),
    IsTruncated: next !== undefined,
    NextRecordName: next?.Name,
    NextRecordType: next?.Type,
    NextRecordIdentifier: next?.SetIdentifier,
    MaxItems: size,
  };
};

function startKey(input: Json): string {
  const name = optionalText(input['StartRecordName']);
  const type = optionalText(input['StartRecordType']);
  const identifier = optionalText(input['StartRecordIdentifier']);
  if (name === undefined && type !== undefined)
    throw invalidInput('The start record type was given without a start record name.');
  if (identifier !== undefined && (name === undefined || type === undefined))
    throw invalidInput('The start record identifier was given without a start record name and type.');
  if (type !== undefined && !isRecordType(type)) throw invalidInput(`'${type}' is not a record type.`);
  if (name === undefined) return '';
  const parts = [nameSortKey(storedName(name)), type ?? '', identifier ?? ''];
  return parts.join('\u0000');
}
