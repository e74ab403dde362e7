import type { Container, IncompleteScope, Inventory } from '../../model/inventory.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';

/** The same with the public addresses of those tasks whose address has a name, and what could not be asked. */
export async function withPublicAddresses<F extends Pick<Inventory, 'containers' | 'endpoints'>>(
  found: F,
  access: Ec2Access,
): Promise<F & { readonly incomplete: readonly IncompleteScope[] }> {
  const named = found.containers.filter(({ addressName }) => addressName !== undefined);
  const ids = new Set(named.flatMap(({ networkInterface }) => networkInterface?.id ?? []));
  const { items, incomplete } = await askEc2(access, {
    kind: 'interfaces',
    operation: 'ec2:DescribeNetworkInterfaces',
    values: [...ids].toSorted(),
    readPage: (batch, token) => access.ec2.interfacesBy('network-interface-id', batch, token, access.signal),
  });
  const addresses = new Map(items.map((one) => [one.NetworkInterfaceId ?? '', one.Association?.PublicIp]));
  const publicPart = (id: string | undefined) =>
    id !== undefined && addresses.has(id)
      ? { publicAddress: addresses.get(id) }
      : { isPublicUnknown: true as const };
  const completed = new Map<Container, Container>();
  for (const container of named) {
    const { networkInterface } = container;
    if (networkInterface === undefined) continue;
    completed.set(container, {
      ...container,
      networkInterface: { ...networkInterface, ...publicPart(networkInterface.id) },
    });
  }
  return {
    ...found,
    containers: found.containers.map((container) => completed.get(container) ?? container),
    endpoints: found.endpoints.map((endpoint) => {
      const container = completed.get(endpoint.container);
      return container === undefined ? endpoint : { ...endpoint, container };
    }),
    // The tasks themselves are known, and so are their private addresses.
    incomplete: incomplete.map((scope) => ({ ...scope, hides: 'public-addresses' })),
  };
}
