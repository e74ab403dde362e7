import { AwsError } from '../error-answer.ts';
import { objectsOf, stringsOf, textOf } from '../wire/json.ts';

interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

const MAX_VALUES = 200;
const MAX_VALUE_LENGTH = 255;

/** The value of each filter for one kind of thing, or its values. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => string | readonly string[] | undefined>>;

/** Whether an item passes every filter; a filter passes when one of its values fits. */
export function passesFilters<T>(sent: unknown, fields: FilterFields<T>): (item: T) => boolean {
  const filters = objectsOf(sent).map((one) => ({
    Name: textOf(one['Name']),
    Values: stringsOf(one['Values']),
  }));
  checkLimits(filters);
  const tests = filters.map((filter) => fieldTest(filter, fields));
  return (item) => tests.every((test) => test(item));
}

function checkLimits(filters: readonly Filter[]): void {
  const values = filters.flatMap((filter) => filter.Values);
  if (values.length > MAX_VALUES)
    throw new AwsError(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${MAX_VALUES}`,
    );
  if (values.some((value) => value.length > MAX_VALUE_LENGTH))
    throw new AwsError(
      'FilterLimitExceeded',
      `The maximum length for a filter value is ${MAX_VALUE_LENGTH} characters`,
    );
}

function fieldTest<T>(filter: Filter, fields: FilterFields<T>): (item: T) => boolean {
  const field = fields[filter.Name];
  if (field === undefined)
    throw new AwsError('InvalidParameterValue', `The filter '${filter.Name}' is invalid`);
  const exact = new Set(filter.Values.filter((value) => !hasWildcard(value)));
  const patterns = filter.Values.filter(hasWildcard).map(wildcardPattern);
  const fits = (value: string) => exact.has(value) || patterns.some((pattern) => pattern.test(value));
  return (item) => [field(item) ?? []].flat().some((value) => value !== '' && fits(value));
}

function hasWildcard(value: string): boolean {
  return /[*?\\]/.test(value);
}

// `*` is any text, `?` one character, a backslash takes the meaning from the next.
function wildcardPattern(value: string): RegExp {
  const pattern = value.replace(/\\(.)|[*?]|[^\\*?]/gs, (part: string, escaped?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (part === '*') return '.*';
    return part === '?' ? '.' : literal(part);
  });
  return new RegExp(`^${pattern}$`, 's');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
