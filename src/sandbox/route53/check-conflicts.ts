import type { RecordSet } from '../../model/record-set.ts';
import type { HostedZone } from '../world/hosted-zone.ts';
import { nameSortKey, storedName } from '../world/record-name.ts';
import { recordSortKey } from '../world/record-store.ts';
import type { Overlay } from './apply-batch.ts';
import { type Change, routingKind, worded } from './batch-change.ts';

const MAX_WEIGHTED_SETS = 100;

/** Which of a batch's sets could not stand next to the others in the zone as the batch would leave it. */
export function conflictProblems(
  zone: HostedZone,
  changes: readonly Change[],
  overlay: Overlay,
): readonly string[] {
  const changedByName = byName(overlay);
  const groups = new Map<string, readonly RecordSet[]>();
  const added = changes.filter((change) => change.Action !== 'DELETE');
  const problems = added.flatMap(({ ResourceRecordSet: set }) => {
    const name = nameSortKey(storedName(set.Name));
    const sets = groups.get(name) ?? setsAfter(zone, set.Name, changedByName.get(name) ?? []);
    groups.set(name, sets);
    const sameType = sets.filter((one) => one.Type === set.Type);
    return [...routingProblems(set, sameType), ...aliasNameProblems(zone, set, sets)];
  });
  return [...new Set([...problems, ...zoneProblems(zone, overlay)])];
}

type Changed = readonly [sortKey: string, set: RecordSet | null];

function byName(overlay: Overlay): ReadonlyMap<string, readonly Changed[]> {
  const names = new Map<string, Changed[]>();
  for (const changed of overlay) {
    const name = changed[0].slice(0, changed[0].indexOf('\u0000'));
    const known = names.get(name);
    if (known === undefined) names.set(name, [changed]);
    else known.push(changed);
  }
  return names;
}

function setsAfter(zone: HostedZone, name: string, changed: readonly Changed[]): readonly RecordSet[] {
  const sets = new Map(zone.records.group(name).map((set) => [recordSortKey(set), set]));
  for (const [key, set] of changed) {
    if (set === null) sets.delete(key);
    else sets.set(key, set);
  }
  return [...sets.values()];
}

function routingProblems(set: RecordSet, sameType: readonly RecordSet[]): readonly string[] {
  const kind = routingKind(set);
  const others = sameType.filter((one) => one.SetIdentifier !== set.SetIdentifier);
  if (kind === 'simple')
    return others.length > 0
      ? [`${worded(set)} cannot be created as other RRSets exist with the same name and type.`]
      : [];
  if (others.some((one) => routingKind(one) !== kind))
    return [`${worded(set)} cannot be created as a non-${kind} set exists with the same name and type.`];
  if (kind !== 'weighted') return [];
  if (sameType.length > MAX_WEIGHTED_SETS)
    return [
      `Exceeded limit on number of weighted RRSets for ${storedName(set.Name)}, type ${set.Type} in this zone.`,
    ];
  const isSameTtl = others.every(
    (one) => one.TTL === undefined || set.TTL === undefined || one.TTL === set.TTL,
  );
  return isSameTtl ? [] : [`${worded(set)} cannot be created as weighted sets must contain the same TTL.`];
}

function aliasNameProblems(zone: HostedZone, set: RecordSet, sets: readonly RecordSet[]): readonly string[] {
  const where = `with DNS name ${storedName(set.Name)}`;
  if (set.Type === 'CNAME' && storedName(set.Name) === zone.name)
    return [`RRSet of type CNAME ${where} is not permitted at apex in zone ${zone.name}`];
  if (set.Type === 'CNAME' && sets.some((one) => one.Type !== 'CNAME'))
    return [
      `RRSet of type CNAME ${where} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
    ];
  if (set.Type !== 'CNAME' && sets.some((one) => one.Type === 'CNAME'))
    return [
      `RRSet of type ${set.Type} ${where} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`,
    ];
  return [];
}

function zoneProblems(zone: HostedZone, overlay: Overlay): readonly string[] {
  const problems: string[] = [];
  const isGone = (Type: string) => overlay.get(recordSortKey({ Name: zone.name, Type })) === null;
  if (isGone('SOA')) problems.push('A HostedZone must contain exactly one SOA record.');
  if (isGone('NS')) problems.push('A HostedZone must contain at least one NS record for the zone itself.');
  const growth = growthOf(zone, overlay);
  if (growth > 0 && zone.records.size + growth > zone.maxRecordSets)
    problems.push(`Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${zone.id}`);
  return problems;
}

function growthOf(zone: HostedZone, overlay: Overlay): number {
  let growth = 0;
  for (const [key, set] of overlay) {
    if (set === null) growth -= zone.records.hasKey(key) ? 1 : 0;
    else growth += zone.records.hasKey(key) ? 0 : 1;
  }
  return growth;
}
