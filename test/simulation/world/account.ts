import type { ZoneVpc } from '../../../src/sandbox/world/hosted-zone.ts';
import type { TargetGroup } from '../../../src/sandbox/world/load-balancer.ts';
import { DEFAULT_VPC } from '../../../src/sandbox/world/vpc.ts';
import { type World as Account, createWorld } from '../../../src/sandbox/world/world.ts';
import type { Overrides, ServiceSpec, Setup } from '../history.ts';

export const REGION = 'us-east-1';
/** The availability zone of a number. */
export function availabilityZone(zone: number): string {
  return `${REGION}${'abc'[zone]}`;
}

/** A VPC of this account that has the same addresses as the first, one of another account, and one far away. */
export const TWIN_VPC = 'vpc-0b2c3d4e5f6071829';
const OTHER_VPC = 'vpc-0c3d4e5f607182930';
const FAR_VPC = 'vpc-0d4e5f60718293041';
const CIDRS = ['10.0.0.0/16'];

/** What EC2 shows of the VPCs: those of this account. */
export function addVpcs(view: Account, setup: Setup): void {
  view.addVpc({ vpcId: DEFAULT_VPC, cidrs: CIDRS });
  if (hasTwin(setup)) view.addVpc({ vpcId: TWIN_VPC, cidrs: CIDRS });
}

/** Every VPC that is to resolve the names of the zone, whosever it is. */
export function vpcsOfZone(setup: Setup): readonly ZoneVpc[] {
  const here = [
    DEFAULT_VPC,
    ...(hasTwin(setup) ? [TWIN_VPC] : []),
    ...(setup.otherVpc?.isAssociated === true ? [OTHER_VPC] : []),
  ].map((VPCId) => ({ VPCId, VPCRegion: REGION }));
  const isFar = setup.hosts.some(({ cluster }) => cluster === 'other-region');
  return [...here, ...(isFar ? [{ VPCId: FAR_VPC, VPCRegion: 'eu-west-1' }] : [])];
}

function hasTwin({ hosts }: Setup): boolean {
  return hosts.some(({ twinOf }) => twinOf !== undefined);
}

const ACCOUNT = '123456789012';

/** The sandbox's account with all that stays as it is: clusters, services and their task definitions. */
export function createAccount({ services, targetGroups }: Setup, clusters: readonly string[]): Account {
  const account = createWorld({ region: REGION, account: ACCOUNT });
  for (const name of clusters) account.addCluster(name);
  for (const [index, service] of services.entries()) {
    const taskDefinition = account.addTaskDefinition(definitionOf(service, serviceName(index)));
    Object.assign(taskDefinition.containerDefinitions[0] ?? {}, outOfSight(service));
    const cluster = clusters[service.cluster];
    if (cluster === undefined) continue;
    const added = account.addService({ cluster, serviceName: serviceName(index), taskDefinition });
    added.healthCheckGracePeriodSeconds = service.graceSeconds;
    if (targetGroups !== undefined) {
      const { targetGroupArn } = account.addTargetGroup(undefined);
      const containerPort = service.containerPorts[0] ?? 0;
      added.loadBalancers.push({ targetGroupArn, containerName: 'app', containerPort });
    }
  }
  return account;
}

/** The target group of a service, where there are any and ECS has the service. */
export function targetGroupOf(account: Account, serviceIndex: number): TargetGroup | undefined {
  for (const cluster of account.clusters.values()) {
    for (const { serviceName: name, loadBalancers } of cluster.services.values())
      if (name === serviceName(serviceIndex))
        return account.targetGroups.get(loadBalancers[0]?.targetGroupArn ?? '');
  }
  return undefined;
}

/** What the environment of a container says of its records. */
export function variablesOf({ name, secondName, containerPorts, overrides, isSilent }: ServiceSpec) {
  if (isSilent === true) return overrideVariables(overrides);
  const names = [name, secondName ?? name];
  const named = containerPorts.map((port, index) => [`SERVICE_${port}_NAME`, names[index] ?? name] as const);
  return [...named, ...overrideVariables(overrides)];
}

function definitionOf(service: ServiceSpec, family: string) {
  const { mode, containerPorts, overrides, namesFrom, hasUdp } = service;
  const told = namesFrom === undefined ? variablesOf(service) : overrideVariables(overrides);
  return {
    family,
    networkMode: mode === 'fargate' ? ('awsvpc' as const) : mode,
    containers: [
      {
        portMappings: containerPorts.flatMap((containerPort) => [
          { containerPort },
          ...(hasUdp === true ? [{ containerPort, protocol: 'udp' as const }] : []),
        ]),
        environment: Object.fromEntries(told),
      },
    ],
  };
}

/** Where the names come from that a definition does not tell: an image says nothing of it at all. */
function outOfSight({ namesFrom = 'image', containerPorts }: ServiceSpec): object {
  const valueFrom = 'arn:aws:ssm:us-east-1:123456789012:parameter/name';
  switch (namesFrom) {
    case 'secret':
      return { secrets: containerPorts.map((port) => ({ name: `SERVICE_${port}_NAME`, valueFrom })) };
    case 'file':
      return { environmentFiles: [{ value: 'arn:aws:s3:::config/service.env', type: 's3' }] };
    case 'image':
      return {};
  }
}

function overrideVariables({
  ttl,
  weight,
  priority,
  passing,
}: Overrides = {}): readonly (readonly [string, string])[] {
  return [
    ...(ttl === undefined ? [] : [['SERVICE_TTL', String(ttl)] as const]),
    ...(weight === undefined ? [] : [['SERVICE_WEIGHT', String(weight)] as const]),
    ...(priority === undefined ? [] : [['SERVICE_PRIORITY', String(priority)] as const]),
    ...(passing === true ? [['SERVICE_CHECK_INITIAL_STATUS', 'passing'] as const] : []),
  ];
}

/** The ARN of a service's only revision. */
export function definitionArn(serviceIndex: number): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${serviceName(serviceIndex)}:1`;
}

export function serviceName(serviceIndex: number): string {
  return `service-${serviceIndex}`;
}
