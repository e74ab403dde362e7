import { firstLabel } from '../../../src/model/dns-name.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { SimHost } from './entities.ts';
import { ZONE_NAME } from './names.ts';

/** The A set of a host, as the agents write it. */
export function addressSet({ name, address, second }: SimHost): RecordSet {
  const isNamedBySecond = second !== undefined && firstLabel(name) === `ip-${second.replaceAll('.', '-')}`;
  const own = isNamedBySecond ? second : address;
  return {
    Name: `${firstLabel(name)}.${ZONE_NAME}`,
    Type: 'A',
    SetIdentifier: name,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: own }],
  };
}
