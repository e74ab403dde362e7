import { normalizeName } from '../../model/dns-name.ts';
import { OWN_PREFIX } from '../../model/managed-identifier.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { MAX_IDENTIFIER_LENGTH, parseSetIdentifier, SHORT_ID_LENGTH } from '../../model/set-identifier.ts';
import { isShared } from './managed-addresses.ts';

/** Whether a set is identified as a host's (normalised), or as what runs on it: `HOST`, `HOST:…` or `ecs-dns:HOST:…`. */
export function isOfHost({ SetIdentifier }: RecordSet, host: string): boolean {
  if (SetIdentifier === undefined) return false;
  const isPrefixed = SetIdentifier.startsWith(OWN_PREFIX);
  const rest = isPrefixed ? SetIdentifier.slice(OWN_PREFIX.length) : SetIdentifier;
  const colon = rest.indexOf(':');
  if (colon < 0) return !isPrefixed && normalizeName(rest) === host;
  return normalizeName(rest.slice(0, colon)) === host;
}

/** A container by its id, on a host (normalised). */
export interface HostedContainer {
  readonly host: string;
  readonly containerId: string;
}

/**
 * The identifier of the address of a container that is reached at its host. Where the whole id leaves no room for the
 * host's name, its short form stands for it.
 */
export function containerAddressIdentifier(host: string, containerId: string): string {
  const long = `${OWN_PREFIX}${host}:${containerId}`;
  if (long.length <= MAX_IDENTIFIER_LENGTH) return long;
  return `${OWN_PREFIX}${host}:${containerId.slice(0, SHORT_ID_LENGTH)}`;
}

/** Whose address an A set of this worker's holds that is identified by a container and its host. */
export function containerAddressOwner(set: RecordSet): HostedContainer | undefined {
  const { Type, SetIdentifier } = set;
  if (Type !== 'A' || SetIdentifier?.startsWith(OWN_PREFIX) !== true) return undefined;
  if (!isShared(set) || valuesOf(set).length !== 1) return undefined;
  const owner = parseSetIdentifier(SetIdentifier.slice(OWN_PREFIX.length));
  return owner?.host === undefined ? undefined : { host: owner.host, containerId: owner.containerId };
}
