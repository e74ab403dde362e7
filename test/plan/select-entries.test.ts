import { expect, it } from 'vitest';
import { entriesOf } from '../../src/model/entry.ts';
import { selectionOf } from '../../src/plan/explain.ts';
import { agentSet, hostSet, simpleSet, ZONE } from './support.ts';

const CALC = agentSet();
const OTHER = agentSet({ owner: 2 });
const TIME = agentSet({ service: '_time._tcp', owner: 1 }, { SetIdentifier: 'Mixed-Case' });
const HOST = hostSet(1);
const APEX = { ...simpleSet(['1 1 80 x']), Name: `${ZONE}.` };
const STAR = { ...simpleSet(['1 1 80 y', '1 1 81 y']), Name: `\\052.${ZONE}.` };
const SETS = [CALC, OTHER, TIME, HOST, APEX, STAR];

it.each<[string, string, readonly object[]]>([
  ['relative', '_calc._tcp', [CALC, OTHER]],
  ['relative, with a dot', '_calc._tcp.', [CALC, OTHER]],
  ['absolute', `_calc._tcp.${ZONE}`, [CALC, OTHER]],
  ['absolute, with a dot, in any case', `_CALC._Tcp.${ZONE.toUpperCase()}.`, [CALC, OTHER]],
  ['a set identifier', CALC.SetIdentifier ?? '', [CALC]],
  ['a set identifier of a host', HOST.SetIdentifier ?? '', [HOST]],
  ['a set identifier in another case', 'mixed-case', []],
  ['a set identifier as it is', 'Mixed-Case', [TIME]],
  ['a host in the zone', 'ip-10-0-0-1', [HOST]],
  ['the zone itself', `${ZONE}.`, [APEX]],
  ['a wildcard, with all its values', '*', [STAR, STAR]],
  ['a wildcard as Route 53 writes it', '\\052', [STAR, STAR]],
  ['a pattern, in any case', '_C*', [CALC, OTHER]],
  ['a pattern of whole names', `*._tcp.${ZONE}.`, []],
  ['a pattern that begins with more', '_*._tcp', [CALC, OTHER, TIME]],
  ['part of a name', '_calc', []],
  ['nothing', '', []],
])('%s: %s', (_, written, expected) => {
  const selected = entriesOf(SETS).filter(selectionOf(written, ZONE));
  expect(selected.map(({ recordSet }) => recordSet)).toEqual(expected);
});
