import { firstLabel, normalizeName, relativeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import type { Manage } from '../../model/manage.ts';
import { OWN_PREFIX, parseManagedIdentifier } from '../../model/managed-identifier.ts';
import { nameSwitch } from '../../model/name-pattern.ts';
import type { RecordSet } from '../../model/record-set.ts';
import { isHostName, parseSetIdentifier } from '../../model/set-identifier.ts';
import type { ForeignReason } from '../../model/verdict.ts';
import { addressOwner, isMachineName, isShared } from './managed-addresses.ts';
import { containerAddressOwner, isOfHost } from './managed-hosts.ts';

/** Says for every entry why it is not ours to touch; `undefined` for one that is. */
export type ForeignRule = (entry: Entry) => ForeignReason | undefined;

/** The rule for one zone (its name normalised); which CNAMEs are ours is told by others. */
export function foreignRule(
  manage: Manage,
  zoneName: string,
  isOurCname: (set: RecordSet) => boolean = () => false,
): ForeignRule {
  const isManagedName = nameSwitch(manage.kind === 'patterns' ? manage.patterns : true);
  return (entry) => {
    const set = entry.recordSet;
    if (entry.name === zoneName) return 'apex';
    if (set.AliasTarget !== undefined) return 'alias';
    if (set.TrafficPolicyInstanceId !== undefined) return 'traffic-policy';
    if (manage.kind === 'host' && !isOfHost(set, manage.host)) return 'other-host';
    if (entry.type !== 'SRV' && !isOurAddressSet(set, manage, zoneName) && !isOurCname(set))
      return 'record-type';
    if (!isManagedName(relativeName(entry.name, zoneName))) return 'name-not-managed';
    const isByConvention = manage.kind === 'convention' || manage.kind === 'host';
    return isByConvention && entry.type === 'SRV' ? conventionBreach(set) : undefined;
  };
}

/**
 * That of a task, or of many, or of a container, which this worker has made; that of the label agent; or that of a host.
 */
function isOurAddressSet(set: RecordSet, { kind }: Manage, zoneName: string): boolean {
  const isOwn = addressOwner(set) !== undefined || containerAddressOwner(set) !== undefined;
  return isOwn || (set.Type === 'A' && isHostAddressSet(set, zoneName, kind === 'host'));
}

function conventionBreach(set: RecordSet): ForeignReason | undefined {
  if (parseManagedIdentifier(set.SetIdentifier)?.kind === 'multi-value' && isShared(set)) return undefined;
  if (!isOfContainers(set)) return 'not-weighted';
  return parseSetIdentifier(set.SetIdentifier) === undefined ? 'set-identifier' : undefined;
}

/** Weighted, as agents write it, or multivalue, where the identifier says that this worker has. */
export function isOfContainers({ Type, Weight, MultiValueAnswer, SetIdentifier }: RecordSet): boolean {
  const isOwn = MultiValueAnswer === true && SetIdentifier?.startsWith(OWN_PREFIX) === true;
  return Type === 'SRV' && (Weight !== undefined || isOwn);
}

/**
 * The agents' A set of a host: weighted, named by its first label, identified by its full name. Only to its own agent
 * any label tells a host; to others `ip-…` and `i-…` do.
 */
function isHostAddressSet(set: RecordSet, zoneName: string, isAnyLabel: boolean): boolean {
  if (set.Weight === undefined || set.SetIdentifier === undefined) return false;
  const hostName = normalizeName(set.SetIdentifier);
  const label = firstLabel(hostName);
  const isMachine = isAnyLabel || isMachineName(hostName);
  return isHostName(hostName) && isMachine && normalizeName(set.Name) === `${label}.${zoneName}`;
}
