import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderTargets, type Target } from '../../examples/portal/order-targets.ts';

function target(host: string, priority: number, weight: number): Target {
  return { host, port: 8080, priority, weight };
}

const hosts = (targets: readonly Target[]) => targets.map(({ host }) => host);

describe('the order of SRV records', () => {
  test('has lower priorities first, whatever the weights', () => {
    const targets = [target('c', 20, 100), target('a', 0, 0), target('b', 10, 1)];

    expect(hosts(orderTargets(targets, () => 0.9))).toEqual(['a', 'b', 'c']);
  });

  test.each([
    [0, 'z'],
    [0.01, 'z'],
    [0.3, 'a'],
    [0.5, 'b'],
    [0.99, 'b'],
  ])('of one priority is drawn by weight: %d draws %s', (chance, first) => {
    const targets = [target('b', 0, 3), target('a', 0, 1), target('z', 0, 0)];

    expect(hosts(orderTargets(targets, () => chance))[0]).toBe(first);
  });

  test('has each of them once', () => {
    const one = fc.record({ host: fc.uuid(), priority: fc.nat(3), weight: fc.nat(65_535) });
    const targets = fc
      .array(one)
      .map((all) => all.map(({ host, priority, weight }) => target(host, priority, weight)));
    fc.assert(
      fc.property(targets, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (all, chance) => {
        expect(orderTargets(all, () => chance).toSorted(byHost)).toEqual(all.toSorted(byHost));
      }),
    );
  });

  test('follows the weights', () => {
    const targets = [target('a', 0, 10), target('b', 0, 30)];
    const chances = Array.from({ length: 4_100 }, (_, i) => i / 4_100);

    const drawn = chances.map((chance) => hosts(orderTargets(targets, () => chance))[0]);

    expect(drawn.filter((host) => host === 'a')).toHaveLength(1_100);
  });
});

function byHost(a: Target, b: Target): number {
  return a.host < b.host ? -1 : 1;
}
