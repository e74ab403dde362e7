import { roll, rollouts } from '../../../src/sandbox/ecs/services.ts';
import type { Service, ServiceRegistry } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { World as Account } from '../../../src/sandbox/world/world.ts';
import type { ServiceSpec, Setup } from '../history.ts';
import type { DiscoverySpec, RegistrySetup, RegistrySpec } from '../registry-setup.ts';
import { serviceName } from './account.ts';

/** The namespace of Cloud Map whose names are those of the zone, and another one. */
export const NAMESPACE = 'prod.internal';
const OTHER_NAMESPACE = 'test.internal';

/** Cloud Map, and with which of its services the ECS services register. */
export class CloudMap {
  readonly setup: RegistrySetup;
  readonly #account: Account;
  /** By the numbers of the specifications. */
  readonly #ids: readonly string[];
  readonly #services: ReadonlyMap<number, Service>;
  readonly #current = new Map<number, readonly RegistrySpec[]>();
  /** When the registries of a service were last changed, and when each of Cloud Map's was deleted. */
  readonly changedAt = new Map<number, number>();
  readonly deletedAt = new Map<number, number>();

  constructor(setup: RegistrySetup, account: Account, services: ReadonlyMap<number, Service>) {
    this.setup = setup;
    this.#account = account;
    this.#services = services;
    const [own, other] = [NAMESPACE, OTHER_NAMESPACE].map((name) => account.addNamespace(name));
    this.#ids = setup.services.flatMap(({ name, types, ttl, routing, isElsewhere }) => {
      const namespace = isElsewhere ? other : own;
      const dnsRecords = Object.fromEntries(types.map((type) => [type, ttl]));
      return namespace === undefined
        ? []
        : [account.addCloudMapService({ namespace, name, routingPolicy: routing, dnsRecords }).id];
    });
  }

  registriesOf(serviceIndex: number): readonly RegistrySpec[] {
    return this.#current.get(serviceIndex) ?? [];
  }

  set(serviceIndex: number, specs: readonly RegistrySpec[], spec: ServiceSpec, now: number): void {
    const service = this.#services.get(serviceIndex);
    if (service === undefined) return;
    this.#current.set(serviceIndex, specs);
    this.changedAt.set(serviceIndex, now);
    service.serviceRegistries = specs.map((one) => this.#registry(one, spec));
  }

  /** What is described of a service from now on is another deployment. */
  deploy(serviceIndex: number): void {
    const service = this.#services.get(serviceIndex);
    if (service !== undefined) roll(service, service.taskDefinition);
  }

  deploymentOf(serviceIndex: number): string | undefined {
    const service = this.#services.get(serviceIndex);
    return service && rollouts(service)[0]?.id;
  }

  delete(discovery: number, now: number): void {
    this.#account.cloudMapServices.delete(this.#ids[discovery] ?? '');
    this.deletedAt.set(discovery, now);
  }

  discoveryOf({ discovery }: RegistrySpec): DiscoverySpec | undefined {
    return this.setup.services[discovery];
  }

  /** The service of Cloud Map that gives a name of the zone. */
  named(name: string): DiscoverySpec | undefined {
    return this.setup.services.find((one) => one.name === name && !one.isElsewhere);
  }

  #registry({ discovery, port, namesContainer }: RegistrySpec, { containerPorts }: ServiceSpec) {
    const registryArn = this.#account.cloudMapServices.get(this.#ids[discovery] ?? '')?.arn ?? GONE;
    const containerPort = port === undefined ? undefined : containerPorts[port];
    if (containerPort === undefined) return { registryArn };
    const registry: ServiceRegistry = namesContainer
      ? { registryArn, containerName: 'app', containerPort }
      : { registryArn, port: containerPort };
    return registry;
  }
}

const GONE = 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-gone';

/** Cloud Map as it is at the start, where there is any. */
export function addCloudMap(
  account: Account,
  { registries, services }: Setup,
  clusters: readonly string[],
): CloudMap | undefined {
  if (registries === undefined) return undefined;
  const found = new Map<number, Service>();
  for (const [index, { cluster: number }] of services.entries()) {
    const cluster = account.findCluster(clusters[number] ?? '');
    const service = cluster?.services.get(cluster.arnOf('service', serviceName(index)));
    if (service !== undefined) found.set(index, service);
  }
  const cloudMap = new CloudMap(registries, account, found);
  for (const [index, spec] of services.entries())
    cloudMap.set(index, spec.registries ?? [], spec, Number.NEGATIVE_INFINITY);
  return cloudMap;
}
