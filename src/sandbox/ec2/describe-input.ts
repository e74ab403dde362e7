import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';

/** The list parameters of the operations, as the form and as the SDK call them. */
const ID_LISTS: Readonly<Record<string, string>> = {
  InstanceId: 'InstanceIds',
  NetworkInterfaceId: 'NetworkInterfaceIds',
  VpcId: 'VpcIds',
};

/** Reads the form of a describe request into the SDK's own shape; unknown fields are refused. */
export function describeInput(form: URLSearchParams): Json {
  const ids = new Map<string, Map<number, string>>();
  const names = new Map<number, string>();
  const values = new Map<number, Map<number, string>>();
  const input: Record<string, unknown> = {};
  for (const [key, value] of form) {
    const [field = '', ...rest] = key.split('.');
    const index = Number(rest[0]);
    if (ID_LISTS[field] !== undefined) listOf(ids, ID_LISTS[field]).set(index, value);
    else if (field === 'Filter' && rest[1] === 'Name') names.set(index, value);
    else if (field === 'Filter' && rest[1] === 'Value') listOf(values, index).set(Number(rest[2]), value);
    else if (field === 'MaxResults') input[field] = Number(value);
    else if (field === 'NextToken') input[field] = value;
    else if (field === 'IncludeManagedResources') input[field] = value === 'true';
    else if (key !== 'Action' && key !== 'Version')
      throw new AwsError('UnknownParameter', `The parameter ${key} is not recognized`);
  }
  for (const [name, list] of ids) input[name] = inOrder(list);
  if (names.size > 0 || values.size > 0) input['Filters'] = filters(names, values);
  return input;
}

function listOf<K>(lists: Map<K, Map<number, string>>, key: K): Map<number, string> {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const fresh = new Map<number, string>();
  lists.set(key, fresh);
  return fresh;
}

function filters(names: Map<number, string>, values: Map<number, Map<number, string>>): readonly Json[] {
  for (const index of values.keys())
    if (!names.has(index)) throw new AwsError('MissingParameter', 'The request must contain a filter name');
  const indexes = [...names.keys()].toSorted((a, b) => a - b);
  return indexes.map((index) => ({
    Name: names.get(index),
    Values: inOrder(values.get(index) ?? new Map()),
  }));
}

function inOrder(values: ReadonlyMap<number, string>): readonly string[] {
  return [...values].toSorted(([a], [b]) => a - b).map(([, value]) => value);
}
