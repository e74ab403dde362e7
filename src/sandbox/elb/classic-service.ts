import { AwsError } from '../error-answer.ts';
import type { Json, Operation, Service } from '../service.ts';
import { stringsOf } from '../wire/json.ts';
import { textElement } from '../wire/write-xml.ts';
import type { LoadBalancer } from '../world/load-balancer.ts';
import { pageOf } from './marker-page.ts';
import { validationError } from './query-fields.ts';
import { members, queryService } from './query-service.ts';

/** The version of the API for Classic Load Balancers. */
export const CLASSIC_VERSION = '2012-06-01';

/** AWS documents no such limit here; the sandbox keeps to that of the newer API, so that no code relies on more. */
const MOST_NAMED = 20;

const describeLoadBalancers: Operation = ({ world }, input) => {
  const names = stringsOf(input['LoadBalancerNames']);
  if (names.length > MOST_NAMED)
    throw validationError(
      `Up to ${MOST_NAMED} load balancers can be described at a time, but ${names.length} were specified`,
    );
  const all = [...world.loadBalancers.values()].filter(({ kind }) => kind === 'classic');
  const byName = new Map(all.map((one) => [one.name, one]));
  const found = names.length === 0 ? all : [...new Set(names)].map((name) => named(byName, name));
  const { items, next } = pageOf('DescribeLoadBalancers', input, found);
  return { LoadBalancerDescriptions: items.map(describe), ...next };
};

/** One that is unknown fails the whole request. */
function named(balancers: ReadonlyMap<string, LoadBalancer>, name: string): LoadBalancer {
  const found = balancers.get(name);
  if (found !== undefined) return found;
  throw new AwsError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
}

function describe({ name, scheme, dnsName }: LoadBalancer): Json {
  return { LoadBalancerName: name, DNSName: dnsName, Scheme: scheme };
}

function balancerXml(balancer: Json): string {
  return ['LoadBalancerName', 'DNSName', 'Scheme']
    .map((field) => textElement(field, balancer[field]))
    .join('');
}

/** Elastic Load Balancing for Classic Load Balancers. */
export const classicService: Service = queryService('elb', CLASSIC_VERSION, {
  DescribeLoadBalancers: {
    lists: ['LoadBalancerNames'],
    run: describeLoadBalancers,
    write: (output) =>
      members('LoadBalancerDescriptions', output['LoadBalancerDescriptions'], balancerXml) +
      textElement('NextMarker', output['NextMarker']),
  },
});
