import { expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import {
  ALL_SEEN,
  agentSet,
  container,
  endpoint,
  facts,
  GONE,
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
  const unknownHosts = { ...ALL_SEEN, existing: new Set(existing) };
  const { heldBack } = guard(
    facts([judged(INSTANCE_GONE, agentSet(), match)], {}, { inventory: known, unknownHosts }),
  );
  expect(heldBack.every(({ guardrail }) => guardrail === 'host-not-covered')).toBe(true);
  return heldBack[0]?.detail;
}

it.each<[string, string, string | undefined]>([
  ['a host that an earlier run has seen', hostName(9), undefined],
  [
    'of another region',
    'ip-10-0-0-9.us-west-2.compute.internal',
    'ip-10-0-0-9.us-west-2.compute.internal is not a private DNS name of eu-west-1',
  ],
  [
    'of us-east-1, elsewhere',
    'ip-10-0-0-9.ec2.internal',
    'ip-10-0-0-9.ec2.internal is not a private DNS name of eu-west-1',
  ],
  [
    'a public name',
    'db.example.com',
    'db.example.com does not tell its address, nor does the zone: an A set of the host would',
  ],
])('%s', (_, name, expected) => {
  expect(heldDetail(unknown(name), fleet)).toBe(expected);
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

it('does not concern entries whose host is known', () => {
  expect(heldDetail(vacant(), inventory([], { region: 'sa-east-1' }))).toBeUndefined();
});

it('is not lifted by force or by an allowed empty inventory', () => {
  const entries = [judged(GONE, agentSet(), unknown('db.example.com'))];
  const { removals, heldBack } = guard(facts(entries, { force: true, allowEmpty: true }));
  expect([removals.length, heldBack.map(({ guardrail }) => guardrail)]).toEqual([0, ['host-not-covered']]);
});
