import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/plan/change/decide.ts';
import { placeOf, register, type Unapproved } from '../../../src/plan/change/register.ts';
import { cnameFacts } from '../../../src/plan/desired/desired-cnames.ts';
import { ALB, service, services } from '../cname-worlds.ts';
import { created, NOTHING_DESIRED, withheld } from '../desired/support.ts';
import { agentSet, at, HEALTHY, inventory, judged, leadsTo, quietFacts, ZONE } from '../support.ts';

const DRAINED = { verdict: 'draining', reason: 'draining' } as const;

/** A record that is missing, of a container on a port of its own. */
function missing(n: number, assessment: typeof HEALTHY | typeof DRAINED) {
  const recordSet = agentSet({ owner: n, port: 1024 + n });
  const whole = { requires: [], after: [], isTrusted: false, role: 'entry', isNeeded: false } as const;
  return { ...judged(assessment, recordSet, leadsTo()), desired: { ...whole, recordSet } };
}

const [HEALTHY_ONE, DRAINED_ONE] = [missing(1, HEALTHY), missing(2, DRAINED)];

describe('what the approved plan withholds', () => {
  const registered = (unapproved: Unapproved) => {
    const { registrations, withheld: left } = register([HEALTHY_ONE, DRAINED_ONE], [], { unapproved });
    return { registrations, left: left.map(({ reason, detail }) => [reason, detail]) };
  };

  it('is not registered though it is sound by now, and what the plan registers in its place is', () => {
    expect(registered(new Map([[placeOf(HEALTHY_ONE), 'timeout']]))).toEqual({
      registrations: [DRAINED_ONE],
      left: [['not-approved', 'the plan withholds it: timeout']],
    });
  });

  it('is not registered though its name has nothing better by now', () => {
    const before: Unapproved = new Map([
      [placeOf(HEALTHY_ONE), 'timeout'],
      [placeOf(DRAINED_ONE), 'draining'],
    ]);
    expect(registered(before)).toEqual({
      registrations: [],
      left: [
        ['not-approved', 'the plan withholds it: timeout'],
        ['draining', undefined],
      ],
    });
  });

  it('keeps the reason that is none of a verdict', () => {
    expect(registered(new Map([[placeOf(HEALTHY_ONE), 'set-limit']])).left).toEqual([
      ['set-limit', undefined],
    ]);
  });

  it('keeps the reason of a record whose target cannot come', () => {
    expect(registered(new Map([[placeOf(HEALTHY_ONE), 'healthy']])).left).toEqual([
      ['healthy', 'the address that it points at cannot be registered'],
    ]);
  });
});

it('a CNAME that the approved plan withholds is not written though its name is free by now', () => {
  const read = { clusters: [services('blue', [service('web'), service('shop')])], incomplete: [] };
  const facts = quietFacts(inventory([]));
  const asked = { zoneName: ZONE, services: read, inventory: facts.inventory, cname: true, correct: true };
  const cnames = cnameFacts({ ...asked, recordSets: [] });
  const unapproved: Unapproved = new Map([[`web.${ZONE} CNAME ${ALB}`, 'name-taken']]);

  const decision = decide([], { ...facts, desired: NOTHING_DESIRED, cnames, unapproved });

  expect(created(decision).map(({ Name }) => Name)).toEqual([`shop.${ZONE}.`]);
  expect(withheld(decision)).toEqual([[ALB, 'not-approved']]);
  expect(at(decision.plan.withheld, 0).detail).toBe('the plan withholds it: name-taken');
});
