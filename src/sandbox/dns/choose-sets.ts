import type { RecordSet } from '../../model/record-set.ts';

/** The chance that answers are drawn by. */
export interface Chance {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
}

/** Source: Route 53 Developer Guide, "Multivalue answer routing". */
const MAX_MULTIVALUE_SETS = 8;

/**
 * The sets that answer among all of one name and type, every health check taken for passed.
 *
 * | routing | answers |
 * | --- | --- |
 * | none | the set |
 * | weighted | one, drawn by weight; where all weights are 0, each is as likely |
 * | multivalue | up to eight, drawn |
 * | failover | the primary one, else the secondary one |
 * | latency | the one of the client's region, else the first by identifier |
 * | geolocation, IP-based | the default, else the first by identifier |
 * | geoproximity | the first by identifier |
 */
export function chooseSets(sets: readonly RecordSet[], region: string, chance: Chance): readonly RecordSet[] {
  if (sets.length === 0) return [];
  if (sets.some(({ MultiValueAnswer }) => MultiValueAnswer === true))
    return shuffled(sets, chance).slice(0, MAX_MULTIVALUE_SETS);
  if (sets.some(({ Weight }) => Weight !== undefined)) return drawByWeight(sets, chance);
  const preferred = sets.find((set) => isPreferred(set, region)) ?? sets[0];
  return preferred === undefined ? [] : [preferred];
}

/** Of sets with weights those that can be drawn: one of weight 0 only where all are. */
export function drawable(sets: readonly RecordSet[]): readonly RecordSet[] {
  const weighty = sets.filter(({ Weight = 0 }) => Weight > 0);
  return weighty.length > 0 ? weighty : sets;
}

function drawByWeight(all: readonly RecordSet[], chance: Chance): readonly RecordSet[] {
  const sets = drawable(all);
  const weights = sets.map(({ Weight = 0 }) => Weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return shuffled(sets, chance).slice(0, 1);
  let left = chance.below(total);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return sets.slice(index, index + 1);
}

function isPreferred(set: RecordSet, region: string): boolean {
  if (set.Failover !== undefined) return set.Failover === 'PRIMARY';
  if (set.Region !== undefined) return set.Region === region;
  if (set.GeoLocation !== undefined) return Reflect.get(Object(set.GeoLocation), 'CountryCode') === '*';
  return Reflect.get(Object(set.CidrRoutingConfig), 'LocationName') === '*';
}

/** The same things in an order of chance. */
export function shuffled<T>(things: readonly T[], chance: Chance): readonly T[] {
  const left = [...things];
  return things.flatMap(() => left.splice(chance.below(left.length), 1));
}
