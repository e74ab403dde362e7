import { clusterOf } from '../../model/cluster.ts';
import type { Container, Endpoint, Host, Notice } from '../../model/inventory.ts';
import { CHECK_SETTINGS, RECORD_SETTINGS, readSettings } from '../ecs/metadata-settings.ts';
import { addressNameOf, allServiceNames, nameMetadata, portNameOf } from '../ecs/service-names.ts';
import { definedBy, ecsLabelsOf } from './container-metadata.ts';
import type { LocalTask } from './ecs-tasks.ts';
import type { Inspection } from './engine-api.ts';
import type { HostIdentity } from './host-identity.ts';
import { publishedPorts } from './published-ports.ts';

/** What is known of the containers of one host. */
export interface HostFacts {
  readonly identity: HostIdentity;
  readonly host: Host;
  readonly tasks: ReadonlyMap<string, LocalTask>;
  /** Whether a container with a health check of its own counts as running only once the engine calls it healthy. */
  readonly waitForHealthy: boolean;
}

/** A container with its endpoints. */
export interface HostContainer {
  readonly container: Container;
  readonly endpoints: readonly Endpoint[];
  readonly notices: readonly Notice[];
}

/** The machine that the agent is on: what its engine does not list does not run there. */
export function hostOf(
  { hostName, address }: HostIdentity,
  region: string,
  inspections: Iterable<Inspection>,
): Host {
  const first = [...inspections].map(ecsLabelsOf).find(({ cluster, taskArn }) => cluster && taskArn);
  const cluster =
    first?.cluster === undefined
      ? { arn: `engine:${hostName}`, name: hostName, region, account: undefined }
      : clusterOf(first.cluster, region, first.taskArn === undefined ? [] : [first.taskArn]);
  return {
    containerInstance: `engine:${hostName}`,
    instanceId: hostName,
    cluster,
    state: 'present',
    privateDnsName: hostName,
    address,
    secondaryAddresses: [],
    vpcId: undefined,
    placement: undefined,
    isAgentConnected: true,
    isDraining: false,
    taskCount: undefined,
    isEngineRead: true,
  };
}

/** One running container, as the engine describes it. */
export function hostContainer(id: string, inspection: Inspection, facts: HostFacts): HostContainer {
  const { identity, host } = facts;
  const task = facts.tasks.get(id);
  const labels = ecsLabelsOf(inspection);
  const name = labels.containerName ?? task?.containerName ?? (inspection.Name ?? id).replace(/^\//, '');
  const defined = definedBy(inspection);
  const names = nameMetadata(defined, undefined);
  const ports = publishedPorts(inspection, identity.address);
  const portCount = new Set(ports.map(({ containerPort }) => containerPort)).size;
  const checks = readSettings(names.metadata, `container ${name}`, CHECK_SETTINGS);
  const overrides = readSettings(names.metadata, `container ${name}`, RECORD_SETTINGS);
  const container: Container = {
    id,
    name,
    taskArn: labels.taskArn ?? task?.arn ?? `container/${id}`,
    cluster: host.cluster,
    host,
    phase: phaseOf(inspection, task, facts),
    startedAt: timeOf(inspection.State?.StartedAt),
    essential: false,
    ecsHealth: healthOf(inspection),
    ecsService: undefined,
    reachedAt: [identity.hostName, identity.address],
    networkInterface: undefined,
    addressName: addressNameOf(defined, undefined),
    serviceNames: allServiceNames(names.metadata, portCount),
    family: labels.family,
  };
  const endpoints = ports.map(
    ({ port, containerPort, protocol }): Endpoint => ({
      container,
      ...portNameOf(names, containerPort, portCount),
      hostNames: [identity.hostName],
      address: identity.address,
      port,
      containerPort,
      protocol,
      check: checks.of(containerPort),
      overrides: overrides.of(containerPort),
    }),
  );
  return { container, endpoints, notices: [...checks.notices, ...overrides.notices] };
}

/** A container that runs and could not be described: whatever has its id stays as it is. */
export function unreadContainer(id: string, { host, identity }: HostFacts): HostContainer {
  const container: Container = {
    id,
    name: id.slice(0, 12),
    taskArn: `container/${id}`,
    cluster: host.cluster,
    host,
    phase: 'running',
    startedAt: undefined,
    essential: false,
    ecsHealth: 'UNKNOWN',
    ecsService: undefined,
    reachedAt: [identity.hostName, identity.address],
    networkInterface: undefined,
    addressName: undefined,
    serviceNames: 'unknown',
  };
  return { container, endpoints: [], notices: [] };
}

/** Whether a container runs, and is not about to be started again. */
export function isUp({ State }: Inspection): boolean {
  return State?.Running === true && State.Restarting !== true;
}

function phaseOf(
  { State }: Inspection,
  task: LocalTask | undefined,
  { waitForHealthy }: HostFacts,
): Container['phase'] {
  if (task?.isStopping === true) return 'stopping';
  const health = State?.Health?.Status ?? '';
  const isWaiting = waitForHealthy && (health === 'starting' || health === 'unhealthy');
  return isWaiting ? 'starting' : 'running';
}

function healthOf({ State }: Inspection): Container['ecsHealth'] {
  const health = State?.Health?.Status;
  if (health === 'healthy') return 'HEALTHY';
  return health === 'unhealthy' ? 'UNHEALTHY' : 'UNKNOWN';
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isFinite(time) && time > 0 ? time : undefined;
}
