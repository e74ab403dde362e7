import type { Operation } from '../service.ts';
import { optionalText } from '../wire/json.ts';
import { invalidInput, pageSize, requestedZone } from './errors.ts';

const PROTECTIONS_A_PAGE = 300;

/** One page of the names and types that nothing may change; a token is the number of those before its page. */
export const listResourceRecordSetProtections: Operation = ({ world }, input) => {
  const zone = requestedZone(world, input['HostedZoneId']);
  const size = pageSize(input['MaxResults'], PROTECTIONS_A_PAGE);
  const token = optionalText(input['NextToken']) ?? '0';
  if (!/^\d+$/.test(token)) throw invalidInput(`The token ${token} is not one of this listing.`);
  const first = Number(token);
  const all = [...zone.protections.values()];
  return {
    ResourceRecordSetProtections: all.slice(first, first + size),
    ...(all.length > first + size ? { NextToken: String(first + size) } : {}),
  };
};
