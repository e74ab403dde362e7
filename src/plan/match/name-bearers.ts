import type { Endpoint } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { SrvRecord } from './srv-record.ts';

/** Who bears which service name, where containers themselves do not tell. */
export type NameBearers = ReturnType<typeof buildNameBearers>;

const SHORT_ID_LENGTH = 12;

/**
 * Collects who bears which name: by what containers say of their ports, and by the entries that name a container
 * and a port of its, whether that still runs or not. The agent that wrote such an entry knew the name.
 */
export function buildNameBearers(records: readonly SrvRecord[], endpoints: readonly Endpoint[]) {
  const byId = new Multimap<string, Endpoint>();
  const named = new Multimap<Endpoint, string>();
  const kin = new Set<string>();
  const learn = (endpoint: Endpoint, name: string) => {
    for (const key of kinKeys(endpoint)) kin.add(`${name} ${key}`);
  };
  for (const endpoint of endpoints) {
    const { id } = endpoint.container;
    if (id !== undefined) byId.add(positionKey(id, endpoint.port), endpoint);
    if (endpoint.serviceName !== undefined) learn(endpoint, endpoint.serviceName);
  }
  for (const { containerId, port, service } of records) {
    if (containerId === undefined) continue;
    for (const endpoint of byId.get(positionKey(containerId, port))) {
      if (endpoint.container.id?.startsWith(containerId) !== true) continue;
      named.add(endpoint, service);
      learn(endpoint, service);
    }
  }
  return {
    /** The names under which entries of the zone name a port of a container, sorted. */
    namesOf: (endpoint: Endpoint): readonly string[] => named.get(endpoint).toSorted(),
    /** Whether a port is the same one, of the same ECS service or task definition, as one that bears a name. */
    isKin: (endpoint: Endpoint, name: string) => kinKeys(endpoint).some((key) => kin.has(`${name} ${key}`)),
  };
}

function positionKey(containerId: string, port: number): string {
  return `${containerId.slice(0, SHORT_ID_LENGTH)} ${port}`;
}

/** The port of a container by what ECS started it for; revisions of one family say much the same. */
function kinKeys({ container, containerPort, protocol }: Endpoint): readonly string[] {
  const { cluster, ecsService, family, name } = container;
  const port = `${name} ${containerPort}/${protocol}`;
  return [
    ...(ecsService === undefined ? [] : [`${cluster.arn} ${ecsService} ${port}`]),
    ...(family === undefined ? [] : [`${family} ${port}`]),
  ];
}
