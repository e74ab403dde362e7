import { AwsError } from '../error-answer.ts';
import type { Json, Operation, Service } from '../service.ts';
import { objectOf, stringsOf } from '../wire/json.ts';
import { element, textElement } from '../wire/write-xml.ts';
import type { LoadBalancer, Target, TargetGroup } from '../world/load-balancer.ts';
import type { World } from '../world/world.ts';
import { pageOf } from './marker-page.ts';
import { validationError } from './query-fields.ts';
import { members, queryService } from './query-service.ts';

/** The version of the API for Application and Network Load Balancers. */
export const ELBV2_VERSION = '2015-12-01';

/** How many may be named in one request. */
const MOST_NAMED = 20;

const describeTargetGroups: Operation = ({ world }, input) => {
  const [arns, names] = [stringsOf(input['TargetGroupArns']), stringsOf(input['Names'])];
  const balancer = input['LoadBalancerArn'];
  refuseSeveral([arns.length > 0, names.length > 0, balancer !== undefined]);
  if (arns.length + names.length > MOST_NAMED)
    throw validationError(`You cannot describe more than '${MOST_NAMED}' target groups at a time`);
  const { items, next } = pageOf('DescribeTargetGroups', input, targetGroups(world, arns, names, balancer));
  return { TargetGroups: items.map(describeGroup), ...next };
};

function targetGroups(
  world: World,
  arns: readonly string[],
  names: readonly string[],
  balancer: unknown,
): readonly TargetGroup[] {
  const all = [...world.targetGroups.values()];
  if (typeof balancer === 'string') {
    named([balancer], (arn) => world.loadBalancers.get(arn), noBalancer);
    return all.filter(({ loadBalancerArns }) => loadBalancerArns.includes(balancer));
  }
  if (arns.length > 0)
    return named(
      arns.map((arn) => checkArn(arn, ':targetgroup/', 'target group')),
      (arn) => world.targetGroups.get(arn),
      noTargetGroup,
    );
  return names.length === 0
    ? all
    : named(names, (name) => all.find((one) => one.targetGroupName === name), noTargetGroup);
}

/** All that are registered, in one answer: there is no paging. */
const describeTargetHealth: Operation = ({ world }, input) => {
  const arn = input['TargetGroupArn'];
  if (typeof arn !== 'string')
    throw validationError('1 validation error detected: a target group is required');
  const groups = named(
    [checkArn(arn, ':targetgroup/', 'target group')],
    (one) => world.targetGroups.get(one),
    noTargetGroup,
  );
  return { TargetHealthDescriptions: groups.flatMap(({ targets }) => targets.map(describeTarget)) };
};

const describeLoadBalancers: Operation = ({ world }, input) => {
  const [arns, names] = [stringsOf(input['LoadBalancerArns']), stringsOf(input['Names'])];
  refuseSeveral([arns.length > 0, names.length > 0]);
  const asked = arns.length + names.length;
  if (asked > MOST_NAMED)
    throw validationError(
      `Up to ${MOST_NAMED} load balancers can be described at a time, but ${asked} were specified`,
    );
  const all = [...world.loadBalancers.values()].filter(({ kind }) => kind !== 'classic');
  const byArn = new Map(all.map((one) => [one.id, one]));
  const byName = new Map(all.map((one) => [one.name, one]));
  const found =
    asked === 0
      ? all
      : [
          ...named(
            arns.map((arn) => checkArn(arn, ':loadbalancer/', 'load balancer')),
            (arn) => byArn.get(arn),
            noBalancer,
          ),
          ...named(names, (name) => byName.get(name), noBalancer),
        ];
  const { items, next } = pageOf('DescribeLoadBalancers', input, found);
  return { LoadBalancers: items.map(describeBalancer), ...next };
};

/** One that is unknown fails the whole request. */
function named<T>(
  ids: readonly string[],
  find: (id: string) => T | undefined,
  missing: (id: string) => AwsError,
): readonly T[] {
  return [...new Set(ids)].map((id) => {
    const found = find(id);
    if (found === undefined) throw missing(id);
    return found;
  });
}

function noTargetGroup(): AwsError {
  return new AwsError('TargetGroupNotFound', 'One or more target groups not found');
}

function noBalancer(id: string): AwsError {
  return new AwsError('LoadBalancerNotFound', `Load balancers '[${id}]' not found`);
}

function checkArn(arn: string, part: string, noun: string): string {
  if (!arn.startsWith('arn:') || !arn.includes(part))
    throw validationError(`'${arn}' is not a valid ${noun} ARN`);
  return arn;
}

function refuseSeveral(given: readonly boolean[]): void {
  if (given.filter(Boolean).length > 1)
    throw validationError('Only one of names, ARNs and a load balancer can be specified');
}

function describeGroup({ targetGroupArn, targetGroupName, loadBalancerArns }: TargetGroup): Json {
  return {
    TargetGroupArn: targetGroupArn,
    TargetGroupName: targetGroupName,
    LoadBalancerArns: loadBalancerArns,
  };
}

function describeTarget({ id, port, state, reason }: Target): Json {
  return {
    Target: { Id: id, Port: port },
    HealthCheckPort: String(port),
    TargetHealth: { State: state, Reason: reason },
  };
}

function describeBalancer({ id, name, kind, scheme, dnsName }: LoadBalancer): Json {
  return {
    LoadBalancerArn: id,
    LoadBalancerName: name,
    DNSName: dnsName,
    Scheme: scheme,
    Type: kind,
    State: { Code: 'active' },
  };
}

function groupXml(group: Json): string {
  return [
    textElement('TargetGroupArn', group['TargetGroupArn']),
    textElement('TargetGroupName', group['TargetGroupName']),
    element(
      'LoadBalancerArns',
      ...stringsOf(group['LoadBalancerArns']).map((arn) => textElement('member', arn)),
    ),
  ].join('');
}

function targetXml(described: Json): string {
  const [target, health] = [objectOf(described['Target']), objectOf(described['TargetHealth'])];
  return [
    element('Target', textElement('Id', target['Id']), textElement('Port', target['Port'])),
    textElement('HealthCheckPort', described['HealthCheckPort']),
    element('TargetHealth', textElement('State', health['State']), textElement('Reason', health['Reason'])),
  ].join('');
}

function balancerXml(balancer: Json): string {
  const fields = ['LoadBalancerArn', 'LoadBalancerName', 'DNSName', 'Scheme', 'Type'];
  const state = element('State', textElement('Code', objectOf(balancer['State'])['Code']));
  return [...fields.map((field) => textElement(field, balancer[field])), state].join('');
}

/** Elastic Load Balancing for Application and Network Load Balancers. */
export const elbv2Service: Service = queryService('elbv2', ELBV2_VERSION, {
  DescribeTargetGroups: {
    lists: ['TargetGroupArns', 'Names'],
    run: describeTargetGroups,
    write: (output) =>
      members('TargetGroups', output['TargetGroups'], groupXml) +
      textElement('NextMarker', output['NextMarker']),
  },
  DescribeTargetHealth: {
    lists: [],
    run: describeTargetHealth,
    write: (output) => members('TargetHealthDescriptions', output['TargetHealthDescriptions'], targetXml),
  },
  DescribeLoadBalancers: {
    lists: ['LoadBalancerArns', 'Names'],
    run: describeLoadBalancers,
    write: (output) =>
      members('LoadBalancers', output['LoadBalancers'], balancerXml) +
      textElement('NextMarker', output['NextMarker']),
  },
});
