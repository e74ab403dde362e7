import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { CloudMapService } from '../world/cloud-map.ts';
import { filterValues, pageOf, requestedId } from './page.ts';

export const listServices: Operation = ({ world }, input) => {
  const namespaces = filterValues(input, 'NAMESPACE_ID');
  const scope = `ListServices ${namespaces?.join(',')}`;
  const matches = ({ namespace }: CloudMapService) => namespaces?.includes(namespace.id) ?? true;
  const { items, token } = pageOf(input, scope, world.cloudMapServices, matches);
  return { Services: items.map(summarized), ...token };
};

export const getService: Operation = ({ world }, input) => {
  const id = requestedId(input);
  const service = world.cloudMapServices.get(id);
  if (service === undefined) throw new AwsError('ServiceNotFound', `No service found for ID ${id}`);
  return { Service: { ...summarized(service), NamespaceId: service.namespace.id } };
};

/** In a listing Cloud Map leaves out the namespace. */
function summarized({ id, arn, name, routingPolicy, dnsRecords }: CloudMapService): Json {
  const records = Object.entries(dnsRecords).map(([Type, TTL]) => ({ Type, TTL }));
  const head = { Id: id, Arn: arn, Name: name };
  if (records.length === 0) return { ...head, Type: 'HTTP' };
  return {
    ...head,
    Type: 'DNS_HTTP',
    DnsConfig: { RoutingPolicy: routingPolicy, DnsRecords: records },
    HealthCheckCustomConfig: { FailureThreshold: 1 },
  };
}
