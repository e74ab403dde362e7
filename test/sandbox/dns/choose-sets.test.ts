import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { chooseSets } from '../../../src/sandbox/dns/choose-sets.ts';
import { Random } from '../../../src/sandbox/world/random.ts';

const DRAWS = 10_000;

function setsWith(routings: readonly Partial<RecordSet>[]): readonly RecordSet[] {
  return routings.map((routing, i) => ({
    Name: 'orders.example.',
    Type: 'A',
    TTL: 0,
    SetIdentifier: `set-${i}`,
    ResourceRecords: [{ Value: `10.0.0.${i + 1}` }],
    ...routing,
  }));
}

function weighted(...weights: readonly number[]): readonly RecordSet[] {
  return setsWith(weights.map((Weight) => ({ Weight })));
}

/** How often each set answers, as shares of all draws. */
function sharesOf(sets: readonly RecordSet[]): readonly number[] {
  const chance = new Random(7);
  const drawn = Array.from({ length: DRAWS }, () => chooseSets(sets, 'eu-west-1', chance));
  return sets.map((set) => drawn.filter((chosen) => chosen.includes(set)).length / DRAWS);
}

describe('sets with weights', () => {
  test.each([
    { name: 'by their weights', weights: [1, 1, 2], shares: [0.25, 0.25, 0.5] },
    {
      name: 'each as often where all weights are 0',
      weights: [0, 0, 0, 0],
      shares: [0.25, 0.25, 0.25, 0.25],
    },
  ])('are drawn $name', ({ weights, shares }) => {
    const drawn = sharesOf(weighted(...weights));
    for (const [i, share] of shares.entries()) expect(Math.abs((drawn[i] ?? 0) - share)).toBeLessThan(0.02);
  });

  test('are never drawn with a weight of 0 among others', () => {
    expect(sharesOf(weighted(0, 5, 0))).toEqual([0, 1, 0]);
  });

  test('answer one at a time', () => {
    expect(chooseSets(weighted(3, 200, 255), 'eu-west-1', new Random(1))).toHaveLength(1);
  });
});

describe('sets of multivalue answers', () => {
  const many = setsWith(Array.from({ length: 20 }, () => ({ MultiValueAnswer: true })));

  test('answer eight at a time, different ones, and each of them as often', () => {
    const chosen = chooseSets(many, 'eu-west-1', new Random(3));
    expect(new Set(chosen.map(({ SetIdentifier }) => SetIdentifier)).size).toBe(8);
    for (const share of sharesOf(many)) expect(Math.abs(share - 0.4)).toBeLessThan(0.02);
  });

  test('answer all where there are eight or fewer', () => {
    expect(chooseSets(many.slice(0, 8), 'eu-west-1', new Random(3))).toHaveLength(8);
  });
});

describe('sets of other routings', () => {
  test.each<{ name: string; routings: readonly Partial<RecordSet>[]; chosen: number }>([
    { name: 'none', routings: [{}], chosen: 0 },
    {
      name: 'failover: the primary one',
      routings: [{ Failover: 'SECONDARY' }, { Failover: 'PRIMARY' }],
      chosen: 1,
    },
    { name: 'failover: the secondary one alone', routings: [{ Failover: 'SECONDARY' }], chosen: 0 },
    {
      name: 'latency: the own region',
      routings: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }],
      chosen: 1,
    },
    {
      name: 'latency: another region alone',
      routings: [{ Region: 'us-east-1' }, { Region: 'us-west-2' }],
      chosen: 0,
    },
    {
      name: 'geolocation: the default',
      routings: [{ GeoLocation: { CountryCode: 'FR' } }, { GeoLocation: { CountryCode: '*' } }],
      chosen: 1,
    },
    { name: 'geolocation: no default', routings: [{ GeoLocation: { ContinentCode: 'EU' } }], chosen: 0 },
    {
      name: 'IP-based: the default',
      routings: [{ CidrRoutingConfig: { LocationName: 'hq' } }, { CidrRoutingConfig: { LocationName: '*' } }],
      chosen: 1,
    },
    { name: 'geoproximity', routings: [{ GeoProximityLocation: { Bias: 1 } }, {}], chosen: 0 },
    { name: 'a health check', routings: [{ HealthCheckId: 'a1b2' }], chosen: 0 },
  ])('$name', ({ routings, chosen }) => {
    const sets = setsWith(routings);
    expect(chooseSets(sets, 'eu-west-1', new Random(1))).toEqual([sets[chosen]]);
  });

  test('no set gives none', () => {
    expect(chooseSets([], 'eu-west-1', new Random(1))).toEqual([]);
  });
});
