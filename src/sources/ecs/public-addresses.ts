import type { LimitFunction } from 'p-limit';
import type { Container, Endpoint, IncompleteScope, TaskInterface } from '../../model/inventory.ts';
import { EC2_FILTER_SIZE, type Ec2Api } from './ec2-api.ts';
import { inBatches, readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** What the inventory has of containers, as far as public addresses are concerned. */
interface Found {
  readonly containers: readonly Container[];
  readonly endpoints: readonly Endpoint[];
}

/** The same with the public addresses of those tasks whose address has a name, and what could not be asked. */
export async function withPublicAddresses<F extends Found>(
  found: F,
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<F & { readonly incomplete: readonly IncompleteScope[] }> {
  const { addresses, incomplete } = await readPublicAddresses(idsOf(found.containers), ec2, limit, signal);
  const completed = new Map<Container, Container>();
  for (const container of found.containers) {
    const { networkInterface } = container;
    if (networkInterface === undefined || container.addressName === undefined) continue;
    completed.set(container, {
      ...container,
      networkInterface: { ...networkInterface, ...publicPart(networkInterface, addresses) },
    });
  }
  return {
    ...found,
    containers: found.containers.map((container) => completed.get(container) ?? container),
    endpoints: found.endpoints.map((endpoint) => {
      const container = completed.get(endpoint.container);
      return container === undefined ? endpoint : { ...endpoint, container };
    }),
    incomplete,
  };
}

function idsOf(containers: readonly Container[]): readonly string[] {
  const named = containers.filter(({ addressName }) => addressName !== undefined);
  return [...new Set(named.flatMap(({ networkInterface }) => networkInterface?.id ?? []))].toSorted();
}

function publicPart(
  { id }: TaskInterface,
  addresses: ReadonlyMap<string, string | undefined>,
): Pick<TaskInterface, 'publicAddress' | 'isPublicUnknown'> {
  if (id === undefined || !addresses.has(id)) return { isPublicUnknown: true };
  return { publicAddress: addresses.get(id) };
}

/** By the ids of network interfaces; `undefined` for one without, absent for one that EC2 did not tell of. */
async function readPublicAddresses(
  ids: readonly string[],
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
) {
  const addresses = new Map<string, string | undefined>();
  const incomplete: IncompleteScope[] = [];
  const readBatch = async (batch: readonly string[]) => {
    const { items, error } = await readPages(
      (token) => limit(() => ec2.interfacesBy('network-interface-id', batch, token, signal)),
      signal,
    );
    for (const { NetworkInterfaceId = '', Association } of items) {
      addresses.set(NetworkInterfaceId, Association?.PublicIp);
    }
    if (error === undefined) return;
    const scope = unreadScope(batchScope('interfaces', batch), 'ec2:DescribeNetworkInterfaces', error);
    // The tasks themselves are known, and so are their private addresses.
    incomplete.push({ ...scope, hides: 'public-addresses' });
  };
  await Promise.all(inBatches(ids, EC2_FILTER_SIZE).map(readBatch));
  return { addresses, incomplete };
}
