import type { RecordSet } from '../../model/record-set.ts';

/** The record set a host agent registers for one port of one container; `name` is relative to the zone. */
export function agentSrvRecord(record: {
  readonly name: string;
  readonly zoneName: string;
  readonly host: string;
  readonly containerId: string;
  readonly ports: readonly number[];
}): RecordSet {
  return {
    Name: `${record.name}.${record.zoneName}`,
    Type: 'SRV',
    SetIdentifier: `${record.host}:${record.containerId}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: record.ports.map((port) => ({ Value: `1 1 ${port} ${record.host}` })),
  };
}

/** The A record a host agent registers for its own machine, under the first label of its name. */
export function agentHostRecord(host: string, address: string, zoneName: string): RecordSet {
  return {
    Name: `${host.split('.')[0]}.${zoneName}`,
    Type: 'A',
    SetIdentifier: host,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: address }],
  };
}
