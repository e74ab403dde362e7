import { expect, it } from 'vitest';
import { KnownHosts } from '../../../src/sources/ecs/known-hosts.ts';
import { host } from '../../plan/support.ts';

const MINUTE = 60_000;

function knownAt(time: { now: number }) {
  const known = new KnownHosts({ now: () => time.now });
  const present = host(1);
  known.keep(present.containerInstance, present);
  return { known, present, arn: present.containerInstance };
}

it('a host is known for ten minutes: an event of its end may be lost', () => {
  const time = { now: 0 };
  const { known, present, arn } = knownAt(time);

  time.now = 10 * MINUTE - 1;
  expect(known.get(arn)).toBe(present);
  time.now = 10 * MINUTE;
  expect(known.get(arn)).toBeUndefined();
  known.refresh([present]);
  expect(known.get(arn)).toBe(present);
});

it.each([
  ['EC2 tells of it', (known: KnownHosts) => known.forget(new Set(['i-1']))],
  ['it is drained', (known: KnownHosts) => known.refresh([host(1, { isDraining: true })])],
  ['it is gone', (known: KnownHosts) => known.keep(host(1).containerInstance, host(1, { state: 'gone' }))],
])('a host is no longer known once %s', (_, happens) => {
  const { known, arn } = knownAt({ now: 0 });

  happens(known);

  expect(known.get(arn)).toBeUndefined();
});

it('what is told of other hosts changes nothing', () => {
  const { known, present, arn } = knownAt({ now: 0 });

  known.forget(new Set());
  known.forget(new Set(['i-2']));
  known.refresh([host(2)]);

  expect(known.get(arn)).toBe(present);
  expect(known.get(host(2).containerInstance)).toBeUndefined();
});
