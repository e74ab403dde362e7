import { isSameRecordSet, type RecordSet, valuesOf } from '../../model/record-set.ts';
import type { Report } from '../../report/report-schema.ts';
import type { Fleet } from './generate-fleet.ts';
import type { Registrable } from './registrable.ts';

type Place = Pick<Registrable, 'name' | 'type' | 'value'>;

/**
 * Holds the zone, and a report on it as it is now, against what was to be registered and what was not: one
 * line for each value that is missing, is there in another set, is withheld for another reason or for none,
 * or that nothing told of; none when all is well.
 */
export function checkRegistered(
  { registrable, planted, zone }: Pick<Fleet, 'registrable' | 'planted' | 'zone'>,
  { withheld }: Pick<Report, 'withheld'>,
): readonly string[] {
  const places = zone.list().flatMap((set) => placesOf(set).map((place) => [keyOf(place), set] as const));
  const sets = new Map(places);
  const reasons = new Map(withheld.map((item) => [keyOf(item), item.reason]));
  const registered = registrable.filter(({ fate }) => fate === 'registered');
  const withholding = registrable.filter(({ fate }) => fate === 'withheld');
  return [
    ...registrable.flatMap((one) => complaintOf(one, sets.get(keyOf(one)), reasons.get(keyOf(one)))),
    ...repeated(places.map(([key]) => key)),
    ...unexpected([...sets.keys()], [...registered, ...planted], 'in the zone'),
    ...unexpected([...reasons.keys()], withholding, 'withheld'),
  ];
}

function complaintOf(
  expected: Registrable,
  set: RecordSet | undefined,
  reason: string | undefined,
): readonly string[] {
  const complain = (what: string) => [`${keyOf(expected)}: ${what}`];
  const instead = reason === undefined ? 'not in the zone' : `withheld (${reason})`;
  if (expected.fate === 'withheld') {
    return reason === expected.reason
      ? []
      : complain(`${set === undefined ? instead : 'in the zone'}, not withheld (${expected.reason})`);
  }
  if (set === undefined) return complain(`${instead}, although it can be registered`);
  const { recordSet } = expected;
  const isRight = recordSet === undefined || isSameRecordSet(set, recordSet);
  return isRight
    ? []
    : complain(`in the zone as ${JSON.stringify(set)}, not as ${JSON.stringify(recordSet)}`);
}

function unexpected(found: readonly string[], expected: readonly Place[], where: string): readonly string[] {
  const known = new Set(expected.map(keyOf));
  return found.filter((key) => !known.has(key)).map((key) => `${key}: ${where}, and not to be`);
}

function repeated(found: readonly string[]): readonly string[] {
  const twice = found.filter((key, index) => found.indexOf(key) < index);
  return twice.map((key) => `${key}: in the zone more than once`);
}

function placesOf(set: RecordSet): readonly Place[] {
  return valuesOf(set).map((value) => ({ name: set.Name, type: set.Type, value }));
}

function keyOf({ name, type, value }: Place): string {
  return `${name} ${type} ${value}`;
}
