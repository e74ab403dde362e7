import { type FleetBuilder, type FleetService, firstCluster } from './fleet-builder.ts';
import { HEALTHY } from './population.ts';

const BRIDGE_PORT = { containerPort: 8080, hostPort: 0 };

/** The cases that a tool which deletes records gets wrong: one of each, under names of their own. */
export function addSpecialCases(fleet: FleetBuilder, services: readonly FleetService[]): void {
  addReassignedPort(fleet, services);
  addSuperseded(fleet, services);
  addHeir(fleet);
  addTwoPortService(fleet);
  addPortRange(fleet);
  addUdpService(fleet);
  addStoppingTask(fleet);
  addStartingTask(fleet);
  addUnreadable(fleet);
  addFailingName(fleet);
  addForeignHosts(fleet);
}

/** A container that started a moment ago and does not answer yet; `now` in epoch milliseconds. */
export function addFreshTask(fleet: FleetBuilder, now: number): void {
  const service = addBridgeService(fleet, '_newcomer._tcp');
  fleet.runAndRegister(service, { machine: fleet.machine(service.cluster, 0) }, HEALTHY);
  const startedAt = Math.floor(now / 1000) - 5;
  const fresh = fleet.runAndRegister(
    service,
    { machine: fleet.machine(service.cluster, 1), startedAt },
    { expected: 'unverified', reason: 'grace-period', heldBack: ['grace-period'] },
  );
  fleet.behave(fresh, { kind: 'refuse' });
}

function addBridgeService(fleet: FleetBuilder, name: string): FleetService {
  return fleet.addService({
    name,
    mode: 'bridge',
    cluster: firstCluster(fleet),
    portMappings: [BRIDGE_PORT],
  });
}

/** A dead container's host and port, now in the hands of another service. */
function addReassignedPort(fleet: FleetBuilder, services: readonly FleetService[]): void {
  const [service, other] = services.filter((one) => one.mode === 'bridge');
  const holder = other?.members[0];
  if (service === undefined || holder === undefined) return;
  const owner = { host: holder.host, containerId: fleet.deadContainerId() };
  fleet.plantSrv(service.name, owner, [holder.port], { expected: 'stale', reason: 'port-reassigned' });
}

/** A dead container's host and port, in the hands of a new one that has an entry of its own. */
function addSuperseded(fleet: FleetBuilder, services: readonly FleetService[]): void {
  const service = services.find((one) => one.mode === 'bridge');
  const holder = service?.members[0];
  if (service === undefined || holder === undefined) return;
  const owner = { host: holder.host, containerId: fleet.deadContainerId() };
  fleet.plantSrv(service.name, owner, [holder.port], { expected: 'stale', reason: 'superseded' });
}

/** The same without an entry of its own: the old one is the only way to the new container. */
function addHeir(fleet: FleetBuilder): void {
  const service = addBridgeService(fleet, '_invoices._tcp');
  fleet.runAndRegister(service, { machine: fleet.machine(service.cluster, 0) }, HEALTHY);
  const isSuccessor = fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
  fleet.plantSrv(
    service.name,
    { host: isSuccessor.host, containerId: fleet.deadContainerId() },
    [isSuccessor.port],
    HEALTHY,
  );
}

/** Containers with two ports under one name, registered as one set of two values, one of them failing. */
function addTwoPortService(fleet: FleetBuilder): void {
  const service = fleet.addService({
    name: '_gateway._tcp',
    mode: 'bridge',
    cluster: firstCluster(fleet),
    portMappings: [BRIDGE_PORT, { containerPort: 8081, hostPort: 0 }],
    namedPorts: [8080, 8081],
  });
  for (const index of [0, 1]) {
    const member = fleet.run(service, { machine: fleet.machine(service.cluster, index) });
    const ports = member.task.containers[0]?.networkBindings.map((binding) => binding.hostPort ?? 0) ?? [];
    const second = ports[1] ?? 0;
    if (index === 0) fleet.behave(member, { kind: 'status', status: 503 }, second);
    const bad = index === 0 ? ({ expected: 'unhealthy', reason: 'http-status' } as const) : HEALTHY;
    fleet.plantSrv(service.name, member, ports, [HEALTHY, bad]);
  }
}

function addPortRange(fleet: FleetBuilder): void {
  const service = fleet.addService({
    name: '_media._tcp',
    mode: 'bridge',
    cluster: firstCluster(fleet),
    portMappings: [{ containerPortRange: '9000-9002' }],
    namedPorts: [9001],
  });
  const member = fleet.run(service, { machine: fleet.machine(service.cluster, 0) });
  const range = member.task.containers[0]?.networkBindings[0]?.hostPortRange ?? '';
  fleet.plantSrv(service.name, member, [Number(range.split('-')[0]) + 1], HEALTHY);
}

/** No HTTP check can tell anything about a UDP port. */
function addUdpService(fleet: FleetBuilder): void {
  const service = fleet.addService({
    name: '_telemetry._udp',
    mode: 'bridge',
    cluster: firstCluster(fleet),
    portMappings: [{ containerPort: 8125, hostPort: 0, protocol: 'udp' }],
  });
  const machine = fleet.machine(service.cluster, 0);
  fleet.runAndRegister(service, { machine }, { expected: 'live', reason: 'running' });
}

/** ECS lists only what is meant to run, so a task that was asked to stop has left the inventory. */
function addStoppingTask(fleet: FleetBuilder): void {
  const service = addBridgeService(fleet, '_exports._tcp');
  const machine = fleet.machine(service.cluster, 0);
  fleet.runAndRegister(service, { machine }, HEALTHY);
  fleet.runAndRegister(
    service,
    { machine, lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' },
    { expected: 'stale', reason: 'task-gone' },
  );
}

/** An entry that may belong to a container of which ECS has not heard yet. */
function addStartingTask(fleet: FleetBuilder): void {
  const service = addBridgeService(fleet, '_warmup._tcp');
  const machine = fleet.machine(service.cluster, 0);
  fleet.runAndRegister(service, { machine }, HEALTHY);
  fleet.run(service, { machine, lastStatus: 'PENDING' });
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv(service.name, owner, [machine.takePorts()], {
    expected: 'unverified',
    reason: 'task-starting',
  });
}

/** Entries that make no sense although their set is one of the agents'. */
function addUnreadable(fleet: FleetBuilder): void {
  const service = addBridgeService(fleet, '_audit._tcp');
  const machine = fleet.machine(service.cluster, 0);
  const member = fleet.run(service, { machine });
  fleet.expectSrv(service, member);
  fleet.plantSrv(service.name, member, [machine.takePorts()], {
    expected: 'unverified',
    reason: 'port-not-bound',
  });
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv(service.name, owner, [0], { expected: 'unverified', reason: 'malformed-value' });
}

/** A name of which everything fails: suspect the checker, and never empty the name. */
function addFailingName(fleet: FleetBuilder): void {
  const service = addBridgeService(fleet, '_ledger._tcp');
  for (const index of [0, 1]) {
    const member = fleet.runAndRegister(
      service,
      { machine: fleet.machine(service.cluster, index) },
      { expected: 'unhealthy', reason: 'http-status', heldBack: ['panic-threshold', 'min-endpoints'] },
    );
    fleet.behave(member, { kind: 'status', status: 503 });
  }
}

/** Hosts of no cluster here: one that EC2 has but no cluster, and one of another region. */
function addForeignHosts(fleet: FleetBuilder): void {
  const stranger = fleet.world.addMachine({ address: '10.77.0.1' });
  const near = { host: stranger.privateDnsName, containerId: fleet.deadContainerId() };
  const heldBack = ['host-not-covered'] as const;
  fleet.plantSrv('_billing._tcp', near, [32_804], { expected: 'stale', reason: 'task-gone', heldBack });
  const elsewhere = fleet.world.region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1';
  const far = { host: `ip-10-77-0-2.${elsewhere}.compute.internal`, containerId: fleet.deadContainerId() };
  fleet.plantSrv('_billing._tcp', far, [32_805], {
    expected: 'unverified',
    reason: 'host-not-covered',
    heldBack,
  });
}
