import type { Service } from '@aws-sdk/client-ecs';
import { describeError, isUnknown } from '../../aws/aws-error.ts';
import { serviceKey } from '../../model/cluster.ts';
import { historyKey } from '../../model/health-history.ts';
import { type Endpoint, type IncompleteScope, serviceKeyOf } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { groupBy } from '../../model/multimap.ts';
import { NO_TARGET_HEALTH, type TargetHealthLookup, type TargetState } from '../../model/target-health.ts';
import type { Access } from './access.ts';
import type { BalancersApi, Target } from './elb-api.ts';
import { balancersOf, targetGroupsOf } from './read-services.ts';
import { readServicesOf } from './services-of.ts';
import { batchScope, unreadScope } from './unread.ts';

/** The port of a container that the targets of a target group are. */
interface TargetPort {
  readonly groupArn: string;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
}

/**
 * Asks the target groups of the ECS services that have started the endpoints, each once, how their targets are. A target
 * is an endpoint only where it is of the container and port that its service names. What could not be read is told,
 * never thrown.
 */
export async function readTargetHealth(
  endpoints: readonly Endpoint[],
  access: Access,
): Promise<TargetHealthLookup> {
  const containers = endpoints.map(({ container }) => container);
  const { services, incomplete } = await readServicesOf(containers, 'target-health', access);
  const portsOf = new Map(
    services.map(({ cluster, service }) => [
      serviceKey(cluster, service.serviceName ?? ''),
      targetPorts(service),
    ]),
  );
  const arns = [...new Set([...portsOf.values()].flat().map(({ groupArn }) => groupArn))].toSorted();
  if (arns.length === 0) return { ...NO_TARGET_HEALTH, incomplete };
  const groups = await readTargetGroups(arns, access);
  const stateOf = (endpoint: Endpoint) =>
    (portsOf.get(serviceKeyOf(endpoint.container) ?? '') ?? [])
      .filter((port) => isPortOf(port, endpoint))
      .flatMap(({ groupArn }) => statesOf(endpoint, groupArn, groups.targets.get(groupArn)));
  const states = endpoints.map((endpoint) => [historyKey(endpoint), stateOf(endpoint)] as const);
  return {
    states: new Map(states.filter(([, own]) => own.length > 0)),
    incomplete: [...incomplete, ...groups.incomplete],
  };
}

function targetPorts(service: Service): readonly TargetPort[] {
  return balancersOf(service).flatMap((balancer) => {
    const { containerName, containerPort } = balancer;
    return targetGroupsOf(balancer).map((groupArn) => ({ groupArn, containerName, containerPort }));
  });
}

function isPortOf({ containerName, containerPort }: TargetPort, endpoint: Endpoint): boolean {
  return containerName === endpoint.container.name && containerPort === endpoint.containerPort;
}

function statesOf(
  endpoint: Endpoint,
  groupArn: string,
  targets: ReadonlyMap<string, Target> | undefined,
): readonly TargetState[] {
  return targetKeysOf(endpoint).flatMap((key) => {
    const target = targets?.get(key);
    return target === undefined
      ? []
      : [{ group: groupNameOf(groupArn), state: target.state, reason: target.reason }];
  });
}

/** How a target group calls an endpoint: by its task's own address and its port, or by its instance and the host's port. */
function targetKeysOf({ container, containerPort, port }: Endpoint): readonly string[] {
  const { networkInterface, host } = container;
  if (networkInterface === undefined) return host === undefined ? [] : [targetKey(host.instanceId, port)];
  const { address, ipv6 } = networkInterface;
  return [address, ipv6].flatMap((one) => (one === undefined ? [] : [targetKey(one, containerPort)]));
}

function targetKey(id: string, port: number | undefined): string {
  return `${canonicalAddress(id) ?? id} ${port}`;
}

/** The name within the ARN of a target group. */
function groupNameOf(arn: string): string {
  return arn.split('/').at(1) ?? arn;
}

interface GroupsRead {
  /** Of each target group that was read, its targets by `targetKey`. */
  readonly targets: ReadonlyMap<string, ReadonlyMap<string, Target>>;
  readonly incomplete: readonly IncompleteScope[];
}

/** A target group that is gone says nothing, which is an answer; those that could not be asked are told by their error. */
async function readTargetGroups(arns: readonly string[], access: Access): Promise<GroupsRead> {
  const { balancerLimit, signal } = access;
  const targets = new Map<string, ReadonlyMap<string, Target>>();
  const faults: { readonly arn: string; readonly error: unknown }[] = [];
  let api: BalancersApi | undefined;
  const read = async (arn: string) => {
    try {
      api ??= await access.balancers();
      const described = await api.targets(arn, signal);
      targets.set(arn, new Map(described.map((target) => [targetKey(target.id, target.port), target])));
    } catch (error) {
      signal?.throwIfAborted();
      if (!isUnknown(error)) faults.push({ arn, error });
    }
  };
  await Promise.all(arns.map((arn) => balancerLimit(() => read(arn))));
  const byError = groupBy(faults, ({ error }) => describeError(error));
  const incomplete = [...byError].map(([, own]) => {
    const scope = batchScope('target-health', own.map(({ arn }) => groupNameOf(arn)).toSorted());
    return unreadScope(scope, 'elasticloadbalancing:DescribeTargetHealth', own[0]?.error, 'target-health');
  });
  return { targets, incomplete };
}
