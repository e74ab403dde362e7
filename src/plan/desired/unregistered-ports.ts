import { entriesOf } from '../../model/entry.ts';
import type { Endpoint, Inventory } from '../../model/inventory.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { Matched } from '../match/match-kinds.ts';
import { runs } from './runs.ts';

/** Which ECS services' tasks may be stopped, by the name of the service. */
export type MayStop = (ecsService: string) => boolean;

/**
 * The named ports of tasks that may be stopped to which nothing leads of what is asked anyway, each as an
 * entry that would lead to it: whatever is out of DNS is judged by the very rules of what is in it.
 * `zoneName` is normalised; `asked` has the entries of the zone, and what is desired for it.
 */
export function unregisteredPorts(
  asked: readonly Matched[],
  inventory: Inventory,
  zoneName: string,
  mayStop: MayStop,
): readonly Matched[] {
  const reached = new Set<Endpoint>();
  for (const { match } of asked) if (match.kind === 'endpoint') reached.add(match.endpoint);
  return inventory.endpoints.flatMap((endpoint) => {
    const { container, serviceName } = endpoint;
    const { ecsService } = container;
    const isWanted = serviceName !== undefined && ecsService !== undefined && mayStop(ecsService);
    if (!isWanted || reached.has(endpoint) || !runs(container)) return [];
    return entryAsIfRegistered(endpoint, `${serviceName}.${zoneName}.`);
  });
}

function entryAsIfRegistered(endpoint: Endpoint, Name: string): readonly Matched[] {
  const { port, address, hostNames } = endpoint;
  const Value = `0 0 ${port} ${hostNames[0] ?? address ?? '?'}`;
  const recordSet: RecordSet = { Name, Type: 'SRV', ResourceRecords: [{ Value }] };
  const match = { kind: 'endpoint', isSuccessor: false, endpoint, address } as const;
  return entriesOf([recordSet]).map((entry) => ({ entry, match }));
}
