import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { Namespace } from '../world/cloud-map.ts';
import { filterValues, pageOf, requestedId } from './page.ts';

export const listNamespaces: Operation = ({ world }, input) => {
  const types = filterValues(input, 'TYPE');
  const scope = `ListNamespaces ${types?.join(',')}`;
  const matches = ({ type }: Namespace) => types === undefined || types.includes(type);
  const { items, token } = pageOf(input, scope, world.namespaces, matches);
  return { Namespaces: items.map(described), ...token };
};

export const getNamespace: Operation = ({ world }, input) => {
  const id = requestedId(input);
  const namespace = world.namespaces.get(id);
  if (namespace === undefined) throw new AwsError('NamespaceNotFound', `No namespace found for ID ${id}`);
  return { Namespace: described(namespace) };
};

function described({ id, arn, name, type, zone }: Namespace): Json {
  const dns = zone === undefined ? {} : { DnsProperties: { HostedZoneId: zone.id, SOA: { TTL: 15 } } };
  return {
    Id: id,
    Arn: arn,
    Name: name,
    Type: type,
    Properties: { ...dns, HttpProperties: { HttpName: name } },
  };
}
