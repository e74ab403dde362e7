import { expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import {
  agentSet,
  container,
  endpoint,
  facts,
  GONE,
  host,
  hostName,
  INSTANCE_GONE,
  inventory,
  judged,
  vacant,
} from '../support.ts';

const fleet = inventory([endpoint(container(1))]);
const unknown = (name: string): Match => ({
  kind: 'host-unknown',
  hostName: name,
  containerId: undefined,
  address: undefined,
});

function heldDetail(match: Match, known: Inventory, existing: readonly string[] = []): string | undefined {
  const unknownHosts = { existing: new Set(existing), instances: new Map(), incomplete: [] };
  const { heldBack } = guard(
    facts([judged(INSTANCE_GONE, agentSet(), match)], {}, { inventory: known, unknownHosts }),
  );
  expect(heldBack.every(({ guardrail }) => guardrail === 'host-not-covered')).toBe(true);
  return heldBack[0]?.detail;
}

it.each<[string, string, Inventory, string | undefined]>([
  ['a private DNS name of the region', hostName(9), fleet, undefined],
  [
    'of another region',
    'ip-10-0-0-9.us-west-2.compute.internal',
    fleet,
    'ip-10-0-0-9.us-west-2.compute.internal is not a private DNS name of eu-west-1',
  ],
  [
    'of us-east-1, elsewhere',
    'ip-10-0-0-9.ec2.internal',
    fleet,
    'ip-10-0-0-9.ec2.internal is not a private DNS name of eu-west-1',
  ],
  ['of us-east-1, there', 'ip-10-0-0-9.ec2.internal', { ...fleet, region: 'us-east-1' }, undefined],
  [
    'of no region, in us-east-1',
    'ip-10-0-0-9.us-east-1.compute.internal',
    inventory([], { region: 'us-east-1' }),
    'ip-10-0-0-9.us-east-1.compute.internal is not a private DNS name of us-east-1',
  ],
  ['a public name', 'db.example.com', fleet, 'db.example.com is not a private DNS name of eu-west-1'],
  ['an address', '10.0.0.9', fleet, '10.0.0.9 is not a private DNS name of eu-west-1'],
  [
    'the domain of a VPC, which a host bears',
    'ip-10-0-0-9.corp.test',
    inventory([], { hosts: [host(1, { privateDnsName: 'ip-10-0-0-1.corp.test' })] }),
    undefined,
  ],
  [
    'the domain of a VPC, which the interface of a task bears',
    'ip-10-0-0-9.corp.test',
    inventory([endpoint(container(1), { hostNames: ['ip-10-0-0-1.corp.test'] })]),
    undefined,
  ],
  [
    'the domain of a VPC, which nothing bears any more',
    'ip-10-0-0-9.corp.test',
    inventory([], { hosts: [host(1, { privateDnsName: undefined })] }),
    'ip-10-0-0-9.corp.test is not a private DNS name of eu-west-1',
  ],
  ['the label of a host, in any region', 'ip-10-0-0-9', fleet, 'ip-10-0-0-9 does not tell its region'],
  ['any other single label', 'db', fleet, 'db does not tell its region'],
])('%s', (_, name, known, expected) => {
  expect(heldDetail(unknown(name), known)).toBe(expected);
});

it('an instance that EC2 has, but no cluster', () => {
  const detail = `EC2 has ${hostName(9)}, but no cluster that was read has registered it`;
  expect(heldDetail(unknown(hostName(9)), fleet, [hostName(9)])).toBe(detail);
  expect(heldDetail(unknown(hostName(8)), fleet, [hostName(9)])).toBeUndefined();
});

it('a label that EC2 has is told so, and not of its region', () => {
  const detail = 'EC2 has ip-10-0-0-9, but no cluster that was read has registered it';
  expect(heldDetail(unknown('ip-10-0-0-9'), fleet, ['ip-10-0-0-9'])).toBe(detail);
});

it('a label is let go where the hosts of the VPC have names of one label', () => {
  const known = inventory([], { hosts: [host(1, { privateDnsName: 'ip-10-0-0-1' })] });
  expect(heldDetail(unknown('ip-10-0-0-9'), known)).toBeUndefined();
});

it('does not concern entries whose host is known', () => {
  expect(heldDetail(vacant(), inventory([], { region: 'sa-east-1' }))).toBeUndefined();
});

it('is not lifted by force or by an allowed empty inventory', () => {
  const entries = [judged(GONE, agentSet(), unknown('db.example.com'))];
  const { removals, heldBack } = guard(facts(entries, { force: true, allowEmpty: true }));
  expect([removals.length, heldBack.map(({ guardrail }) => guardrail)]).toEqual([0, ['host-not-covered']]);
});
