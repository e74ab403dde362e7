import type { RecordSet } from '../../model/record-set.ts';
import { registerInstances } from '../cloud-map/register-instances.ts';
import type { CloudMapServiceOptions, Namespace } from '../world/cloud-map.ts';
import { createWorld } from '../world/world.ts';
import type { Cluster } from '../world/world-cluster.ts';
import { agentHostRecord, agentSrvRecord } from './agent-records.ts';
import { FleetBuilder, type FleetService, type Member } from './fleet-builder.ts';
import { addForeignRecords } from './foreign-records.ts';
import type { Fleet } from './generate-fleet.ts';

/**
 * The systems that this one replaces, and what each has made of the zone:
 *
 * | system          | what runs                        | what the zone has                                                    |
 * |-----------------|----------------------------------|----------------------------------------------------------------------|
 * | host-agent-1.0  | services in two clusters         | SRV by Docker id; one was missed, one has outlived its container      |
 * | host-agent-1.4  | the same                         | SRV by host and Docker id, A of hosts; the same two are wrong         |
 * | clean-up-lambda | the same                         | that of host-agent-1.4, without any SRV of the second cluster         |
 * | label-agent     | tasks with interfaces            | one A for each name; one has outlived its task                        |
 * | cname-lambda    | services behind load balancers   | a CNAME each; one was missed, one has outlived its service            |
 * | cloud-map       | services with registries         | nothing of theirs: Cloud Map has a zone of its own, with all of it    |
 * | app-mesh        | tasks with interfaces, and an    | a placeholder for each name, which leads nowhere                      |
 * |                 | Envoy each                       |                                                                      |
 */
const PREDECESSORS = {
  'host-agent-1.0': (fleet) => writeSrv(fleet, addHostServices(fleet), byDockerId),
  'host-agent-1.4': (fleet) => writeWithHosts(fleet, addHostServices(fleet)),
  'clean-up-lambda': (fleet) => writeWithHosts(fleet, addHostServices(fleet), { onlyFirstCluster: true }),
  'label-agent': addLabelledServices,
  'cname-lambda': addBalancedServices,
  'cloud-map': addRegisteredServices,
  'app-mesh': addMeshedServices,
} as const satisfies Readonly<Record<string, (fleet: FleetBuilder, block: number) => void>>;
export type Predecessor = keyof typeof PREDECESSORS;

export const PREDECESSOR_NAMES = Object.keys(PREDECESSORS) as readonly Predecessor[];

/** A small fleet, and a zone as the system has left it among other people's records. */
export function predecessorFleet(system: Predecessor, { block = 16 } = {}): Fleet {
  const world = createWorld({ seed: 1 });
  const zone = world.addHostedZone({ name: 'servicediscovery.internal', private: true });
  const fleet = new FleetBuilder(world, zone);
  for (const [index, name] of ['storefront', 'payments'].entries()) addCluster(fleet, name, block, index);
  PREDECESSORS[system](fleet, block);
  addForeignRecords(fleet);
  const { behaviours, planted, registrable } = fleet;
  return { world, zone, behaviours, planted, registrable };
}

const MACHINES = 3;

function addCluster({ world, machines }: FleetBuilder, name: string, block: number, index: number): void {
  const cluster = world.addCluster(name);
  const addresses = Array.from({ length: MACHINES }, (_, i) => `127.${block}.${index}.${i + 1}`);
  machines.set(
    cluster,
    addresses.map((address) => world.addMachine({ cluster, address })),
  );
}

/** Two services of the first cluster and one of the second, a task of each on every machine. */
function addHostServices(fleet: FleetBuilder): readonly FleetService[] {
  const [first, second] = clustersOf(fleet);
  const services = [
    addBridgeService(fleet, '_orders._tcp', first),
    addBridgeService(fleet, '_users._tcp', first),
    addBridgeService(fleet, '_invoices._tcp', second),
  ];
  for (const service of services)
    for (const machine of fleet.machinesOf(service.cluster)) fleet.run(service, { machine });
  return services;
}

function addBridgeService(fleet: FleetBuilder, name: string, cluster: Cluster): FleetService {
  const portMappings = [{ containerPort: 8080, hostPort: 0 }];
  return fleet.addService({ name, mode: 'bridge', cluster, portMappings });
}

type IdentifierOf = (owner: Pick<Member, 'host' | 'containerId'>) => string;
const byHost: IdentifierOf = ({ host, containerId }) => `${host}:${containerId}`;
const byDockerId: IdentifierOf = ({ containerId }) => containerId;

/** The last task of the first service was missed, and a set of one that is gone has stayed. */
function writeSrv(fleet: FleetBuilder, services: readonly FleetService[], identifierOf: IdentifierOf): void {
  const write = (name: string, owner: Pick<Member, 'host' | 'containerId' | 'port'>) => {
    const record = { name, zoneName: fleet.zone.name, ...owner, ports: [owner.port] };
    fleet.zone.put({ ...agentSrvRecord(record), SetIdentifier: identifierOf(owner) });
  };
  for (const [index, { name, members }] of services.entries())
    for (const member of index === 0 ? members.slice(0, -1) : members) write(name, member);
  const [service] = services;
  if (service === undefined) return;
  const machine = fleet.machine(service.cluster, 0);
  const gone = {
    host: machine.privateDnsName,
    containerId: fleet.deadContainerId(),
    port: machine.takePorts(),
  };
  write(service.name, gone);
}

function writeWithHosts(
  fleet: FleetBuilder,
  services: readonly FleetService[],
  { onlyFirstCluster = false } = {},
): void {
  const [first] = clustersOf(fleet);
  const kept = onlyFirstCluster ? services.filter(({ cluster }) => cluster === first) : services;
  writeSrv(fleet, kept, byHost);
  for (const { privateDnsName, address } of fleet.world.machines.values())
    fleet.zone.put(agentHostRecord(privateDnsName, address, fleet.zone.name));
}

/** The agent has one set a name: that of the task which was the last to start. */
function addLabelledServices(fleet: FleetBuilder, block: number): void {
  const [cluster] = clustersOf(fleet);
  const address = (index: number) => `127.${block + 64}.0.${index}`;
  const run = (name: string, addresses: readonly string[]) => {
    const dockerLabels = { 'discovery.service.name': name };
    const parts = { cluster, portMappings: [8080], namedPorts: [], dockerLabels };
    const service = fleet.addService({ name, mode: 'awsvpc', launchType: 'FARGATE', ...parts });
    for (const one of addresses) fleet.run(service, { address: one });
  };
  run('shop', [address(1), address(2), address(3)]);
  run('search', [address(4), address(5)]);
  run('carts', [address(6)]);
  run('prices', [address(7)]);
  fleet.zone.put(labelAgentRecord(fleet, 'shop', address(3)));
  fleet.zone.put(labelAgentRecord(fleet, 'search', address(99)));
  fleet.zone.put(labelAgentRecord(fleet, 'carts', address(6)));
  fleet.zone.put(labelAgentRecord(fleet, 'prices', address(7)));
}

/** The set that the label agent writes for a name; the next one takes its place. */
export function labelAgentRecord(
  { zone }: Pick<FleetBuilder, 'zone'>,
  name: string,
  Value: string,
): RecordSet {
  const Name = `${name}.${zone.name}`;
  return { Name, Type: 'A', SetIdentifier: Name, Weight: 1, TTL: 0, ResourceRecords: [{ Value }] };
}

/** The ports of the proxy in AWS's examples: its administration, what comes in and what goes out. */
const ENVOY = { name: 'envoy', portMappings: [9901, 15_000, 15_001] };

/** Every task has its proxy; the application of one of them does not answer. */
function addMeshedServices(fleet: FleetBuilder, block: number): void {
  const [cluster] = clustersOf(fleet);
  const address = (index: number) => `127.${block + 64}.0.${index}`;
  const run = (name: string, addresses: readonly string[]): readonly Member[] => {
    const dockerLabels = { 'discovery.service.name': name };
    const parts = { cluster, portMappings: [8080], namedPorts: [], dockerLabels, sidecars: [ENVOY] };
    const service = fleet.addService({ name, mode: 'awsvpc', launchType: 'FARGATE', ...parts });
    fleet.zone.put(meshPlaceholder(fleet, name));
    return addresses.map((one) => fleet.run(service, { address: one }));
  };
  run('shop', [address(1), address(2), address(3)]);
  const [, silent] = run('search', [address(4), address(5)]);
  if (silent !== undefined) fleet.behave(silent, { kind: 'refuse' });
}

/** The set that makes the name of a virtual service resolve, so that its clients' proxies get to see a request. */
export function meshPlaceholder({ zone }: Pick<FleetBuilder, 'zone'>, service: string): RecordSet {
  const ResourceRecords = [{ Value: '10.10.10.10' }];
  return { Name: `${service}.${zone.name}`, Type: 'A', TTL: 300, ResourceRecords };
}

function addBalancedServices(fleet: FleetBuilder): void {
  const [cluster] = clustersOf(fleet);
  const balance = (serviceName: string) =>
    fleet.addBalancedService({ serviceName, cluster, kind: 'application', balancerName: serviceName });
  for (const name of ['web', 'shop', 'search']) {
    const { balancer } = balance(name);
    if (name !== 'search') fleet.zone.put(lambdaCname(fleet, name, balancer.dnsName));
  }
  const retired = balance('retired');
  fleet.zone.put(lambdaCname(fleet, 'retired', retired.balancer.dnsName));
  fleet.world.removeService(retired.service);
}

/** The set that the CNAME Lambda writes for a service. */
export function lambdaCname({ zone }: Pick<FleetBuilder, 'zone'>, service: string, Value: string): RecordSet {
  return { Name: `${service}.${zone.name}`, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value }] };
}

/** The namespace in which `cloud-map` has registered its services. */
export const CLOUD_MAP_NAMESPACE = 'prod.internal';

/** A service of ECS that Cloud Map names, and that says nothing of a name itself. */
interface RegisteredService extends Pick<CloudMapServiceOptions, 'name' | 'routingPolicy' | 'dnsRecords'> {
  readonly cluster: Cluster;
  readonly mode: 'awsvpc' | 'bridge';
  /** The last numbers of its tasks' addresses; in bridge mode each machine has one. */
  readonly addresses?: readonly number[];
}

function addRegisteredServices(fleet: FleetBuilder, block: number): void {
  const { world } = fleet;
  const [first, second] = clustersOf(fleet);
  const namespace = world.addNamespace(CLOUD_MAP_NAMESPACE);
  const services: readonly RegisteredService[] = [
    { name: 'shop', cluster: first, mode: 'awsvpc', dnsRecords: { A: 15 }, addresses: [1, 2, 3] },
    {
      name: 'search',
      cluster: first,
      mode: 'awsvpc',
      routingPolicy: 'WEIGHTED',
      dnsRecords: { A: 60 },
      addresses: [4, 5],
    },
    { name: '_prices._tcp', cluster: first, mode: 'awsvpc', dnsRecords: { SRV: 10 }, addresses: [6, 7] },
    {
      name: '_orders._tcp',
      cluster: second,
      mode: 'bridge',
      routingPolicy: 'WEIGHTED',
      dnsRecords: { SRV: 30 },
    },
  ];
  for (const service of services) addRegisteredService(fleet, namespace, service, `127.${block + 64}.0`);
  registerInstances(world);
}

/** With a second revision of its definition, which says the same name by itself, and of which nothing runs. */
function addRegisteredService(
  fleet: FleetBuilder,
  namespace: Namespace,
  { cluster, mode, addresses = [], ...registered }: RegisteredService,
  network: string,
): void {
  const { world } = fleet;
  const { name, dnsRecords = {} } = registered;
  const hasPort = dnsRecords.SRV !== undefined;
  const portMappings = [mode === 'awsvpc' ? 8080 : { containerPort: 8080, hostPort: 0 }];
  const launchType = mode === 'awsvpc' ? 'FARGATE' : 'EC2';
  const service = fleet.addService({ name, mode, cluster, launchType, portMappings, hidesName: 'image' });
  const { family } = service.definition;
  const SERVICE_TTL = String(dnsRecords.SRV ?? dnsRecords.A);
  const environment = { SERVICE_TTL, [hasPort ? 'SERVICE_8080_NAME' : 'DISCOVERY_SERVICE_NAME']: name };
  world.addTaskDefinition({ family, networkMode: mode, containers: [{ portMappings, environment }] });
  const { arn: registryArn } = world.addCloudMapService({ namespace, ...registered });
  const of = cluster.services.get(cluster.arnOf('service', family));
  if (of !== undefined)
    of.serviceRegistries = [
      hasPort ? { registryArn, containerName: 'app', containerPort: 8080 } : { registryArn },
    ];
  if (mode === 'bridge') for (const machine of fleet.machinesOf(cluster)) fleet.run(service, { machine });
  for (const last of addresses) fleet.run(service, { address: `${network}.${last}` });
}

function clustersOf({ machines }: FleetBuilder): readonly [Cluster, Cluster] {
  const [first, second] = machines.keys();
  if (first === undefined || second === undefined) throw new TypeError('there are two clusters');
  return [first, second];
}
