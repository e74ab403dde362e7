import type { RecordSet } from '../../model/record-set.ts';
import type { NetworkBinding } from '../world/ecs-shapes.ts';
import { agentSrvRecord } from './agent-records.ts';
import { addBalancedServices } from './balancer-cases.ts';
import { type FleetBuilder, firstCluster, type Member } from './fleet-builder.ts';

const BRIDGE_PORT = { containerPort: 8080, hostPort: 0 };
const APP_PORT = 8080;
/** The third octet of the interfaces here; those of the ordinary tasks stay below. */
const INTERFACES = 250;

/** The first two octets of the tasks' own network interfaces. */
type InterfaceBlock = readonly [number, number];

/** What only registration is concerned with: one of each, with the records to expect written out by hand. */
export function addRegistrationCases(fleet: FleetBuilder, block: InterfaceBlock): void {
  const nextAddress = addressesIn(block);
  addLabelledService(fleet, nextAddress);
  addBareLabels(fleet, nextAddress);
  addServiceWithBoth(fleet, nextAddress);
  addNamelessInterface(fleet, nextAddress);
  addRollingWishes(fleet);
  addPortsOfOneName(fleet);
  addLastOnDrainedHost(fleet);
  addBalancedServices(fleet);
}

function addressesIn([first, second]: InterfaceBlock): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${first}.${second}.${INTERFACES}.${last}`;
  };
}

/** Fargate tasks under the label convention: one fails its check, and one has not started yet. */
function addLabelledService(fleet: FleetBuilder, nextAddress: () => string): void {
  const service = fleet.addService({
    name: 'reports',
    mode: 'awsvpc',
    launchType: 'FARGATE',
    cluster: firstCluster(fleet),
    portMappings: [{ containerPort: APP_PORT }],
    namedPorts: [],
    // A name for an address alone says nothing of HTTP.
    environment: { SERVICE_8080_CHECK_HTTP: '/health' },
    dockerLabels: { 'discovery.service.name': 'reports' },
  });
  for (const isFailing of [false, true, false]) {
    const member = fleet.run(service, { address: nextAddress() });
    const set = taskAddress(fleet, 'reports', member);
    if (isFailing) fleet.behave(member, { kind: 'status', status: 503 });
    fleet.expect(set, isFailing ? { fate: 'withheld', reason: 'http-status' } : undefined);
  }
  fleet.run(service, { address: nextAddress(), lastStatus: 'PENDING' });
}

/** Fargate tasks that say nothing of themselves but a name: one speaks no HTTP, the other has no /health. */
function addBareLabels(fleet: FleetBuilder, nextAddress: () => string): void {
  const bare = [
    { name: 'redis', containerPort: 6379, behaviour: { kind: 'hang' } },
    { name: 'manuals', containerPort: APP_PORT, behaviour: { kind: 'healthy', path: '/up' } },
  ] as const;
  for (const { name, containerPort, behaviour } of bare) {
    const service = fleet.addService({
      name,
      mode: 'awsvpc',
      launchType: 'FARGATE',
      cluster: firstCluster(fleet),
      portMappings: [{ containerPort }],
      namedPorts: [],
      dockerLabels: { 'discovery.service.name': name },
    });
    const member = fleet.run(service, { address: nextAddress() });
    fleet.behave(member, behaviour);
    fleet.expect(taskAddress(fleet, name, member));
  }
}

/** Found under both conventions at once, by SRV and by A. */
function addServiceWithBoth(fleet: FleetBuilder, nextAddress: () => string): void {
  const service = fleet.addService({
    name: '_alerts._tcp',
    mode: 'awsvpc',
    launchType: 'FARGATE',
    cluster: firstCluster(fleet),
    portMappings: [{ containerPort: APP_PORT }],
    dockerLabels: { 'discovery.service.name': 'alerts' },
  });
  for (const address of [nextAddress(), nextAddress()]) {
    const member = fleet.run(service, { address });
    fleet.expectSrv(service, member);
    fleet.expect(taskAddress(fleet, 'alerts', member));
  }
}

/** A VPC without DNS hostnames: the record needs a name for its task in the zone itself. */
function addNamelessInterface(fleet: FleetBuilder, nextAddress: () => string): void {
  const service = fleet.addService({
    name: '_sessions._tcp',
    mode: 'awsvpc',
    launchType: 'FARGATE',
    cluster: firstCluster(fleet),
    portMappings: [{ containerPort: APP_PORT }],
  });
  const member = fleet.run(service, { address: nextAddress(), hasPrivateDnsName: false });
  const taskId = taskIdOf(member);
  fleet.expect(
    weighted(fleet, service.name, 'SRV', {
      SetIdentifier: `${taskId}:${member.containerId}`,
      value: `1 1 ${APP_PORT} ${taskId}.${fleet.zone.name.replace(/\.$/, '')}`,
    }),
  );
  fleet.expect(taskAddress(fleet, taskId, member));
}

/** A deployment halfway: old and new tasks ask for different records, and share the lower TTL of both. */
function addRollingWishes(fleet: FleetBuilder): void {
  const cluster = firstCluster(fleet);
  const asked = [
    { ttl: 60, weight: 30, priority: 1 },
    { ttl: 15, weight: 10, priority: 2 },
  ];
  for (const [index, { ttl, weight, priority }] of asked.entries()) {
    const service = fleet.addService({
      name: '_tickets._tcp',
      mode: 'bridge',
      cluster,
      portMappings: [BRIDGE_PORT],
      environment: {
        SERVICE_8080_TTL: `${ttl}`,
        SERVICE_8080_WEIGHT: `${weight}`,
        SERVICE_8080_PRIORITY: `${priority}`,
      },
    });
    const member = fleet.run(service, { machine: fleet.machine(cluster, index) });
    const value = `${priority} ${weight} ${member.port} ${member.host}`;
    const SetIdentifier = `${member.host}:${member.containerId}`;
    fleet.expect(weighted(fleet, service.name, 'SRV', { SetIdentifier, Weight: weight, TTL: 15, value }));
  }
}

/** Two ports of one container under one name: the identifier that agents give them does for one of them only. */
function addPortsOfOneName(fleet: FleetBuilder): void {
  const service = fleet.addService({
    name: '_mirrors._tcp',
    mode: 'bridge',
    cluster: firstCluster(fleet),
    portMappings: [BRIDGE_PORT, { containerPort: 8081, hostPort: 0 }],
    namedPorts: [8080, 8081],
  });
  const member = fleet.run(service, { machine: fleet.machine(service.cluster, 0) });
  fleet.expectSrv(service, member);
  const [, second] = member.task.containers[0]?.networkBindings ?? [];
  fleet.expect(setOfSecondPort(fleet, service.name, member, second));
}

/** The only container of a name is better than no answer, be its host drained; a small fleet has no such host. */
function addLastOnDrainedHost(fleet: FleetBuilder): void {
  const drained = [...fleet.world.machines.values()].find(
    ({ containerInstance }) => containerInstance?.status === 'DRAINING',
  );
  if (drained?.cluster === undefined) return;
  const { cluster } = drained;
  const service = fleet.addService({
    name: '_archive._tcp',
    mode: 'bridge',
    cluster,
    portMappings: [BRIDGE_PORT],
  });
  fleet.expectSrv(service, fleet.run(service, { machine: drained }));
}

function setOfSecondPort(
  { zone }: FleetBuilder,
  name: string,
  member: Member,
  binding: NetworkBinding | undefined,
): RecordSet {
  const port = binding?.hostPort ?? 0;
  const set = agentSrvRecord({ name, zoneName: zone.name, ...member, ports: [port] });
  return { ...set, SetIdentifier: `ecs-dns:${set.SetIdentifier}/${port}` };
}

/** The address of a task under a name, with the identifier that tells the task. */
function taskAddress(fleet: FleetBuilder, name: string, member: Member): RecordSet {
  const { region, account } = fleet.world;
  const SetIdentifier = `ecs-dns:${region}/${account}/${firstCluster(fleet).name}/${taskIdOf(member)}`;
  return weighted(fleet, name, 'A', { SetIdentifier, value: member.address });
}

function taskIdOf({ task: { taskArn } }: Member): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}

interface SetParts {
  readonly SetIdentifier: string;
  readonly Weight?: number;
  readonly TTL?: number;
  readonly value: string;
}

function weighted({ zone }: FleetBuilder, name: string, Type: string, parts: SetParts): RecordSet {
  const { SetIdentifier, Weight = 1, TTL = 0, value: Value } = parts;
  return { Name: `${name}.${zone.name}`, Type, SetIdentifier, Weight, TTL, ResourceRecords: [{ Value }] };
}
