import type { Container, Endpoint, Inventory } from '../../src/model/inventory.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { clusterNamed } from '../clusters.ts';
import { container, endpoint, inventory, REGION, ZONE } from './support.ts';

/** Tasks with an address of their own, and the sets that this worker writes for them. */
export const ACCOUNT = '111122223333';
export const KEY = `${REGION}/${ACCOUNT}/blue`;
export const ELSEWHERE = `us-west-2/${ACCOUNT}/blue`;
export const BLUE = { ...clusterNamed('blue'), complete: true };

export function taskId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** The name under which SRV sets find a task's address. */
export function taskName(n: number): string {
  return `${taskId(n)}.${ZONE}`;
}

/** The only container of task `n`, which is called api and has 10.0.0.n and fd00::n. */
export function task(n: number, over: Partial<Container> = {}): Container {
  return container(n, {
    taskArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task/${(over.cluster ?? BLUE).name}/${taskId(n)}`,
    host: undefined,
    networkInterface: { id: `eni-${n}`, address: `10.0.0.${n}`, ipv6: `fd00::${n}` },
    addressName: 'api',
    serviceNames: [],
    ...over,
  });
}

/** Port 8080 of a task, without a name. */
export function portOf(of: Container, over: Partial<Endpoint> = {}): Endpoint {
  const address = of.networkInterface?.address;
  return endpoint(of, { serviceName: undefined, hostNames: [], address, port: 8080, ...over });
}

/** What runs: endpoints with their containers, and containers that have none. */
export function running(
  endpoints: readonly Endpoint[],
  others: readonly Container[] = [],
  over: Partial<Inventory> = {},
): Inventory {
  const containers = [...new Set(endpoints.map((one) => one.container)), ...others];
  return inventory(endpoints, { clusters: [BLUE], containers, ...over });
}

/** The address of task `n` under the name api. */
export function addressSet(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: `api.${ZONE}.`,
    Type: 'A',
    SetIdentifier: `ecs-dns:${KEY}/${taskId(n)}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `10.0.0.${n}` }],
    ...over,
  };
}

/** The address of task `n` under the task's own name. */
export function ownSet(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return addressSet(n, { Name: `${taskName(n)}.`, ...over });
}

export const V6: Partial<RecordSet> = { Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::1' }] };

/** All addresses of the name api in one set. */
export function multiValueSet(values: readonly string[], over: Partial<RecordSet> = {}): RecordSet {
  const ResourceRecords = values.map((Value) => ({ Value }));
  return addressSet(1, { SetIdentifier: 'ecs-dns:many', ResourceRecords, ...over });
}
