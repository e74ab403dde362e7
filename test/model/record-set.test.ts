import { describe, expect, it } from 'vitest';
import {
  audienceOf,
  isSameRecordSet,
  type RecordSet,
  recordSetKey,
  valuesOf,
  withValues,
} from '../../src/model/record-set.ts';

const SET: RecordSet = {
  Name: '_calc._tcp.zone.test.',
  Type: 'SRV',
  SetIdentifier: 'one',
  Weight: 1,
  TTL: 0,
  ResourceRecords: [{ Value: '1 1 1 a' }, { Value: '1 1 2 b' }],
};
const ALIAS: RecordSet = { Name: 'www.zone.test.', Type: 'A', AliasTarget: { DNSName: 'lb.test.' } };

describe('recordSetKey', () => {
  it.each<[string, RecordSet, boolean]>([
    ['the same name in another spelling', { ...SET, Name: '_CALC._tcp.zone.test' }, true],
    ['other values', { ...SET, ResourceRecords: [], TTL: 60 }, true],
    ['another name', { ...SET, Name: 'other.zone.test.' }, false],
    ['another type', { ...SET, Type: 'A' }, false],
    ['another set identifier', { ...SET, SetIdentifier: 'two' }, false],
    ['no set identifier', { ...SET, SetIdentifier: undefined }, false],
  ])('%s', (_, other, same) => {
    expect(recordSetKey(other) === recordSetKey(SET)).toBe(same);
  });
});

describe('audienceOf', () => {
  it.each<[string, Partial<RecordSet>, string]>([
    ['all clients', {}, ''],
    ['those of a continent', { GeoLocation: { ContinentCode: 'EU' } }, 'EU'],
    [
      'those of a state',
      { GeoLocation: { ContinentCode: undefined, CountryCode: 'US', SubdivisionCode: 'NY' } },
      'US NY',
    ],
    [
      'those of networks',
      { CidrRoutingConfig: { CollectionId: 'c-1', LocationName: 'office' } },
      'c-1 office',
    ],
    ['all clients, each the closest', { Region: 'eu-west-1' }, ''],
  ])('%s', (_, routing, expected) => {
    expect(audienceOf({ ...SET, Weight: undefined, ...routing })).toBe(expected);
  });
});

describe('valuesOf', () => {
  it('gives the values in the order read', () => {
    expect(valuesOf(SET)).toEqual(['1 1 1 a', '1 1 2 b']);
  });

  it('gives none for an alias', () => {
    expect(valuesOf(ALIAS)).toEqual([]);
  });
});

describe('withValues', () => {
  it('keeps every other field, and the set it was made from', () => {
    const { ResourceRecords, ...rest } = SET;
    expect(withValues(SET, ['1 1 2 b'])).toEqual({ ...rest, ResourceRecords: [{ Value: '1 1 2 b' }] });
    expect(SET.ResourceRecords).toBe(ResourceRecords);
    expect(ResourceRecords).toHaveLength(2);
  });
});

describe('isSameRecordSet', () => {
  it.each<[string, RecordSet, boolean]>([
    ['a copy', { ...SET }, true],
    ['its fields in another order', Object.fromEntries(Object.entries(SET).toReversed()) as never, true],
    ['its values in another order', withValues(SET, ['1 1 2 b', '1 1 1 a']), true],
    ['its name in another spelling', { ...SET, Name: '_Calc._tcp.zone.test' }, true],
    ['a field that is present but undefined', { ...SET, Region: undefined }, true],
    ['another TTL', { ...SET, TTL: 1 }, false],
    ['another weight', { ...SET, Weight: 2 }, false],
    ['a health check', { ...SET, HealthCheckId: 'abc' }, false],
    ['one value less', withValues(SET, ['1 1 1 a']), false],
    ['a value in another spelling', withValues(SET, ['1 1 1 a.', '1 1 2 b']), false],
    ['no values at all', { ...SET, ResourceRecords: undefined }, false],
  ])('%s', (_, other, same) => {
    expect(isSameRecordSet(SET, other)).toBe(same);
    expect(isSameRecordSet(other, SET)).toBe(same);
  });

  it('does not look at the order of the keys in a field', () => {
    const target = { HostedZoneId: 'Z1', DNSName: 'lb.test.', EvaluateTargetHealth: false };
    const location = { Coordinates: { Latitude: '1', Longitude: '2' }, Bias: 3 };
    const set = { ...ALIAS, AliasTarget: target, GeoProximityLocation: location };
    const turned: RecordSet = {
      ...ALIAS,
      AliasTarget: { EvaluateTargetHealth: false, DNSName: 'lb.test.', HostedZoneId: 'Z1' },
      GeoProximityLocation: { Bias: 3, Coordinates: { Longitude: '2', Latitude: '1' } },
    };
    expect(isSameRecordSet(set, turned)).toBe(true);
    const elsewhere = { Bias: 3, Coordinates: { Longitude: '1', Latitude: '2' } };
    expect(isSameRecordSet(set, { ...turned, GeoProximityLocation: elsewhere })).toBe(false);
  });

  it('keeps an order that a field gives to its own values, and what is empty', () => {
    const collections = (CidrRoutingConfig: unknown) => ({ ...SET, CidrRoutingConfig });
    expect(isSameRecordSet(collections(['a', 'b']), collections(['b', 'a']))).toBe(false);
    expect(isSameRecordSet(collections(null), collections(null))).toBe(true);
    expect(isSameRecordSet(collections(null), SET)).toBe(false);
  });

  it('compares the targets of aliases', () => {
    expect(isSameRecordSet(ALIAS, { ...ALIAS, AliasTarget: { DNSName: 'lb.test.' } })).toBe(true);
    expect(isSameRecordSet(ALIAS, { ...ALIAS, AliasTarget: { DNSName: 'other.test.' } })).toBe(false);
  });
});
