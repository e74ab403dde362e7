import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import type { Manage } from '../../../src/model/manage.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { foreignRule } from '../../../src/plan/match/managed.ts';
import { addressSet, ELSEWHERE, KEY, multiValueSet, ownSet, taskId, V6 } from '../addresses.ts';
import {
  agentSet,
  at,
  CONVENTION,
  dockerId,
  hostName,
  hostSet,
  MANAGE_ZONE,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

const SIMPLE = simpleSet([srvValue()]);
const APEX = { ...agentSet(), Name: `${ZONE}.` };
const ALIAS = agentSet({}, { ResourceRecords: undefined, AliasTarget: { DNSName: 'lb.example.' } });
const POLICY = agentSet({}, { TrafficPolicyInstanceId: 'policy' });
const UNWEIGHTED = agentSet({}, { Weight: undefined });
const MULTIVALUE = { ...UNWEIGHTED, MultiValueAnswer: true };
const OWN_MULTIVALUE = { ...MULTIVALUE, SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32801` };
const LABELLED = agentSet({}, { SetIdentifier: 'primary' });
const CAPITALS = agentSet({ owner: dockerId(10).toUpperCase() });
const CNAME: RecordSet = { Name: `www.${ZONE}.`, Type: 'CNAME', ResourceRecords: [{ Value: 'lb.example' }] };

function reasonFor(manage: Manage, set: RecordSet): string {
  return foreignRule(manage, ZONE)(at(entriesOf([set]), 0)) ?? 'managed';
}

describe('SRV sets', () => {
  it.each<[string, RecordSet, string, string]>([
    ['as the agents write them', agentSet(), 'managed', 'managed'],
    ['identified by a short id', agentSet({ owner: '0123456789ab' }), 'managed', 'managed'],
    ['of weight 0', agentSet({}, { Weight: 0 }), 'managed', 'managed'],
    ['simple', SIMPLE, 'not-weighted', 'managed'],
    ['identified, but not by weight', UNWEIGHTED, 'not-weighted', 'managed'],
    ['multivalue, as this worker writes them', OWN_MULTIVALUE, 'managed', 'managed'],
    ['multivalue, in the form of agents', MULTIVALUE, 'not-weighted', 'managed'],
    ['identified by an id in capitals', CAPITALS, 'set-identifier', 'managed'],
    ['weighted, identified in another form', LABELLED, 'set-identifier', 'managed'],
    ['at the apex', APEX, 'apex', 'apex'],
    ['alias', ALIAS, 'alias', 'alias'],
    ['of a traffic policy', POLICY, 'traffic-policy', 'traffic-policy'],
    ['at the apex before all else', { ...ALIAS, Name: `${ZONE}.` }, 'apex', 'apex'],
  ])('%s', (_, set, convention, zone) => {
    expect([reasonFor(CONVENTION, set), reasonFor(MANAGE_ZONE, set)]).toEqual([convention, zone]);
  });
});

describe('A sets', () => {
  it.each<[string, RecordSet, string]>([
    ['of a host, as the agents write them', hostSet(1), 'managed'],
    ['of weight 0', hostSet(1, { Weight: 0 }), 'managed'],
    ['identified in capitals', hostSet(1, { SetIdentifier: hostName(1).toUpperCase() }), 'managed'],
    ['simple', hostSet(1, { Weight: undefined, SetIdentifier: undefined }), 'record-type'],
    ['without weight', hostSet(1, { Weight: undefined }), 'record-type'],
    ['without identifier', hostSet(1, { SetIdentifier: undefined }), 'record-type'],
    ['whose name is not that of its host', hostSet(1, { SetIdentifier: hostName(2) }), 'record-type'],
    ['below the zone, but not directly', hostSet(1, { Name: `ip-10-0-0-1.sub.${ZONE}.` }), 'record-type'],
    [
      'whose label is not that of an address',
      hostSet(1, { Name: `db.${ZONE}.`, SetIdentifier: 'db.x' }),
      'record-type',
    ],
    ['identified by what is no host name', hostSet(1, { SetIdentifier: 'ip-10-0-0-1!' }), 'record-type'],
    ['alias', hostSet(1, { AliasTarget: { DNSName: 'lb.' }, ResourceRecords: undefined }), 'alias'],
  ])('%s', (_, set, expected) => {
    expect([reasonFor(CONVENTION, set), reasonFor(MANAGE_ZONE, set)]).toEqual([expected, expected]);
  });
});

describe('the addresses of tasks', () => {
  const multi: Partial<RecordSet> = { Weight: undefined, MultiValueAnswer: true };
  const two: Partial<RecordSet> = { ResourceRecords: [{ Value: '10.0.0.1' }, { Value: '10.0.0.2' }] };
  it.each<[string, RecordSet, string]>([
    ['weighted', addressSet(1), 'managed'],
    ['one of several answers', addressSet(1, multi), 'managed'],
    ['by IPv6', addressSet(1, V6), 'managed'],
    ['under the name of the task', ownSet(1), 'managed'],
    ['of another region', addressSet(1, { SetIdentifier: `ecs-dns:${ELSEWHERE}/${taskId(1)}` }), 'managed'],
    ['many in one set', multiValueSet(['10.0.0.1', '10.0.0.2']), 'managed'],
    ['many of IPv6', multiValueSet(['fd00::1'], { Type: 'AAAA' }), 'managed'],
    ['with two values', addressSet(1, two), 'record-type'],
    ['simple', addressSet(1, { Weight: undefined }), 'record-type'],
    ['answered by region', addressSet(1, { Weight: undefined, Region: 'eu-west-1' }), 'record-type'],
    ['in the form of a service', addressSet(1, { SetIdentifier: `ecs-dns:${KEY}` }), 'record-type'],
    ['in no form of ours', addressSet(1, { SetIdentifier: 'ecs-dns:x' }), 'record-type'],
    ['of another type', addressSet(1, { Type: 'TXT' }), 'record-type'],
    ['at the apex', addressSet(1, { Name: `${ZONE}.` }), 'apex'],
    ['many simple ones', multiValueSet(['10.0.0.1'], { Weight: undefined }), 'record-type'],
  ])('%s', (_, set, expected) => {
    expect([reasonFor(CONVENTION, set), reasonFor(MANAGE_ZONE, set)]).toEqual([expected, expected]);
    const named = reasonFor({ kind: 'patterns', patterns: ['web'] }, set);
    expect(named).toBe(expected === 'managed' ? 'name-not-managed' : expected);
  });

  it.each<[string, RecordSet, string, string]>([
    ['many SRV values', multiValueSet([srvValue()], { Type: 'SRV' }), 'managed', 'managed'],
    ['… answered together', multiValueSet([srvValue()], { Type: 'SRV', ...multi }), 'managed', 'managed'],
    ['… simple', multiValueSet([srvValue()], { Type: 'SRV', Weight: undefined }), 'not-weighted', 'managed'],
    ['one SRV value named like an address', addressSet(1, { Type: 'SRV' }), 'set-identifier', 'managed'],
  ])('%s', (_, set, convention, zone) => {
    expect([reasonFor(CONVENTION, set), reasonFor(MANAGE_ZONE, set)]).toEqual([convention, zone]);
  });
});

it.each<[string, RecordSet]>([
  ['a CNAME', CNAME],
  ['an AAAA in the form of a host set', hostSet(1, { Type: 'AAAA' })],
  ['a TXT in the form of an agent set', agentSet({}, { Type: 'TXT' })],
])('no other type is ever managed: %s', (_, set) => {
  expect([reasonFor(CONVENTION, set), reasonFor(MANAGE_ZONE, set)]).toEqual(['record-type', 'record-type']);
});

describe('patterns', () => {
  const named = (service: string) => simpleSet([srvValue()], service);

  it.each<[string, string[], RecordSet, string]>([
    ['the whole name', ['_calc._tcp'], named('_calc._tcp'), 'managed'],
    ['another name', ['_calc._tcp'], named('_time._tcp'), 'name-not-managed'],
    ['one of several', ['_time._tcp', '_calc._tcp'], named('_calc._tcp'), 'managed'],
    ['none at all', [], named('_calc._tcp'), 'name-not-managed'],
    ['a star for the end', ['_calc*'], named('_calc-v2._tcp'), 'managed'],
    ['a star over labels', ['*._tcp'], named('a.b._tcp'), 'managed'],
    ['a star for nothing', ['_calc*._tcp'], named('_calc._tcp'), 'managed'],
    ['only a part of the name', ['calc'], named('_calc._tcp'), 'name-not-managed'],
    ['a dot is no wildcard', ['_calc._tcp'], named('_calcx_tcp'), 'name-not-managed'],
    ['nor is anything but the star', ['_cal?._tcp'], named('_calc._tcp'), 'name-not-managed'],
    ['capitals and a trailing dot', ['_CALC._TCP.'], named('_calc._tcp'), 'managed'],
    [
      'a name with the zone is no relative name',
      [`_calc._tcp.${ZONE}`],
      named('_calc._tcp'),
      'name-not-managed',
    ],
    ['the apex stays foreign', ['*'], APEX, 'apex'],
    ['an alias stays foreign', ['*'], ALIAS, 'alias'],
    ['other types stay foreign', ['*'], CNAME, 'record-type'],
    ['a host set under its label', ['ip-*'], hostSet(1), 'managed'],
    ['a host set under no pattern', ['_*'], hostSet(1), 'name-not-managed'],
  ])('%s', (_, patterns, set, expected) => {
    expect(reasonFor({ kind: 'patterns', patterns }, set)).toBe(expected);
  });
});
