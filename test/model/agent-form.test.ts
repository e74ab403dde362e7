import { describe, expect, it } from 'vitest';
import { AGENT_FORMS, agentFormOf, isLabelAgentSet } from '../../src/model/agent-form.ts';
import type { RecordSet } from '../../src/model/record-set.ts';

const ID = '0123456789ab'.padEnd(64, 'c');
const HOST = 'ip-10-0-0-1.ec2.internal';

function set(over: Partial<RecordSet>): RecordSet {
  return {
    Name: '_web._tcp.a.internal.',
    Type: 'SRV',
    Weight: 1,
    TTL: 0,
    ...values(`1 1 80 ${HOST}`),
    ...over,
  };
}

function values(...all: readonly string[]): Partial<RecordSet> {
  return { ResourceRecords: all.map((Value) => ({ Value })) };
}

const LABEL = set({
  Name: 'shop.a.internal.',
  Type: 'A',
  SetIdentifier: 'Shop.a.internal.',
  ...values('10.0.0.7'),
});
const CNAME = set({
  Name: 'shop.a.internal.',
  Type: 'CNAME',
  Weight: undefined,
  TTL: 60,
  ...values('internal-lb-1.eu-west-1.ELB.amazonaws.com.'),
});

const PLACEHOLDER: RecordSet = { Name: 'shop.a.internal.', Type: 'A', TTL: 300, ...values('10.10.10.10') };

describe('the form of a set', () => {
  it.each<[string, RecordSet, string | undefined]>([
    ['the Docker id alone', set({ SetIdentifier: ID }), 'host-agent-1.0'],
    ['host and Docker id', set({ SetIdentifier: `${HOST}:${ID}` }), 'host-agent-1.4'],
    [
      'the A set of a host',
      set({ Type: 'A', Name: 'node1.a.internal.', SetIdentifier: 'node1' }),
      'host-agent-1.4',
    ],
    ['the name itself, with its dot', LABEL, 'label-agent'],
    ['a plain CNAME to a balancer', CNAME, 'cname-lambda'],
    ['… of China', { ...CNAME, ...values('a.elb.amazonaws.com.cn') }, 'cname-lambda'],
    ['a placeholder of a virtual service', PLACEHOLDER, 'app-mesh'],
    ['… for every name', { ...PLACEHOLDER, Name: '\\052.a.internal.', ...values('1.2.3.4') }, 'app-mesh'],
    ['a plain A of any other address', { ...PLACEHOLDER, ...values('10.10.10.11') }, undefined],
    ['… of one more', { ...PLACEHOLDER, ...values('10.10.10.10', '10.0.0.1') }, undefined],
    ['… with a weight of its own', { ...PLACEHOLDER, SetIdentifier: 'app-mesh', Weight: 0 }, undefined],
    [
      'several values of A',
      set({ Type: 'A', SetIdentifier: 'all', ...values('10.0.0.1', '10.0.0.2') }),
      'multi-value-fork',
    ],
    [
      'several values of SRV, as a multivalue answer',
      set({
        SetIdentifier: 'all',
        Weight: undefined,
        MultiValueAnswer: true,
        ...values('1 1 1 a', '1 1 2 a'),
      }),
      'multi-value-fork',
    ],
    [
      'a weighted CNAME to a host',
      set({ Type: 'CNAME', SetIdentifier: 'x', ...values(HOST) }),
      'multi-value-fork',
    ],
    [
      'a weighted CNAME to elsewhere',
      set({ Type: 'CNAME', SetIdentifier: 'x', ...values('a.example') }),
      undefined,
    ],
    ['one value under a name', set({ SetIdentifier: 'primary' }), undefined],
    ['several values under no name', set({ Weight: undefined, ...values('1 1 1 a', '1 1 2 a') }), undefined],
    ['several texts', set({ Type: 'TXT', SetIdentifier: 'x', ...values('"a"', '"b"') }), undefined],
    [
      'a multivalue set by latency',
      set({ SetIdentifier: 'x', Weight: undefined, Region: 'eu-west-1' }),
      undefined,
    ],
    ['a plain CNAME to elsewhere', { ...CNAME, ...values('shop.example.com') }, undefined],
    ['… without values', { ...CNAME, ResourceRecords: undefined }, undefined],
    ['… of another TTL', { ...CNAME, TTL: 300 }, undefined],
    ['an alias', { ...LABEL, AliasTarget: { DNSName: 'x' } }, undefined],
    ['one of a traffic policy', { ...LABEL, TrafficPolicyInstanceId: 'x' }, undefined],
    ['one of this worker', set({ SetIdentifier: `ecs-dns:${HOST}:${ID}/80` }), undefined],
    ['a weighted A set without an identifier', set({ Type: 'A' }), undefined],
    ['a weighted SRV set without an identifier', set({}), undefined],
  ])('%s', (_, recordSet, expected) => {
    expect(agentFormOf(recordSet)).toBe(expected);
  });

  it.each<[string, Partial<RecordSet>]>([
    ['without the dot', { SetIdentifier: 'shop.a.internal' }],
    ['another name', { SetIdentifier: 'cart.a.internal.' }],
    ['no identifier', { SetIdentifier: undefined }],
    ['not weighted', { Weight: undefined, MultiValueAnswer: true }],
    ['another TTL', { TTL: 60 }],
    ['several values', values('10.0.0.1', '10.0.0.2')],
    ['another type', { Type: 'AAAA' }],
  ])('is not the label agent’s: %s', (_, over) => {
    expect([isLabelAgentSet(LABEL), isLabelAgentSet({ ...LABEL, ...over })]).toEqual([true, false]);
  });

  it('has words for who writes it, how it is told, and what becomes of it', () => {
    for (const { writer, form, outcome } of Object.values(AGENT_FORMS))
      for (const text of [writer, form, outcome]) expect(text).not.toBe('');
  });
});
