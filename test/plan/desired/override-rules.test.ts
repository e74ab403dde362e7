import { expect, it } from 'vitest';
import type { RecordWishes } from '../../../src/model/inventory.ts';
import type { RecordRule } from '../../../src/model/record-rule.ts';
import { wishesResolver } from '../../../src/plan/desired/override-rules.ts';

const RULES: readonly RecordRule[] = [
  { pattern: '_calc.*', wishes: { ttl: 30, weight: 0 } },
  { pattern: '_calc._udp', wishes: { ttl: 1 } },
  { pattern: 'web-*', wishes: { initialStatus: 'passing' } },
  { pattern: '_plain.*', wishes: {} },
];
const OWN: RecordWishes = { ttl: 60, priority: 5 };

it.each<[what: string, serviceName: string | undefined, own: RecordWishes, wishes: RecordWishes]>([
  ['nobody says anything', '_time._tcp', {}, {}],
  ['the service says something', '_time._tcp', OWN, OWN],
  ['a rule says something', '_calc._tcp', {}, { ttl: 30, weight: 0 }],
  ['both do: the rule wins where it speaks', '_calc._tcp', OWN, { ttl: 30, weight: 0, priority: 5 }],
  ['two rules match: the first applies alone', '_calc._udp', {}, { ttl: 30, weight: 0 }],
  ['a rule for the name of addresses', 'web-api', OWN, { ...OWN, initialStatus: 'passing' }],
  ['a rule that says nothing', '_plain._tcp', OWN, OWN],
  ['a port without a name', undefined, OWN, OWN],
])('%s', (_, serviceName, own, wishes) => {
  expect(wishesResolver(RULES)({ serviceName, wishes: own })).toStrictEqual(wishes);
});

it('no rule is for a port without a name, not even *', () => {
  const wishesOf = wishesResolver([{ pattern: '*', wishes: { ttl: 30 } }]);
  expect(wishesOf({ serviceName: undefined, wishes: OWN })).toBe(OWN);
  expect(wishesOf({ serviceName: 'any', wishes: OWN })).toEqual({ ttl: 30, priority: 5 });
});

it('gives endpoints that wish for the same the very same wishes, and no others', () => {
  const wishesOf = wishesResolver(RULES);
  const calc = (wishes: RecordWishes) => wishesOf({ serviceName: '_calc._tcp', wishes });
  expect(calc(OWN)).toBe(calc(OWN));
  expect(calc({ priority: 9 })).toEqual({ ttl: 30, weight: 0, priority: 9 });
  expect(wishesOf({ serviceName: 'web-api', wishes: OWN })).toEqual({ ...OWN, initialStatus: 'passing' });
});
