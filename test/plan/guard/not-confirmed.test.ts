import { describe, expect, it } from 'vitest';
import type { ConfirmationReads } from '../../../src/model/confirmation.ts';
import { entryKey } from '../../../src/model/entry.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { ConfirmedRemovals } from '../../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import { hostUnknown, NOTHING_SEEN, on, STOPPING, sawMachines } from '../confirmations.ts';
import {
  agentSet,
  container,
  FAILING,
  facts,
  GONE,
  HEALTHY,
  host,
  hostName,
  hostSet,
  INSTANCE_GONE,
  inventory,
  judged,
  leadsTo,
  several,
} from '../support.ts';

const fleet = inventory([], { hosts: [host(1), host(2)], containers: [container(1)] });
const ALL_KNOWN = sawMachines({ 1: { tasks: 1 }, 2: {} });
const ONE_MORE = sawMachines({ 1: { tasks: 2 }, 2: {} });

function confirmation(approved: readonly Judged[], look: ConfirmationReads): ConfirmedRemovals {
  return { approved: new Set(approved.map(({ judgement }) => entryKey(judgement.entry))), look };
}

function guarded(entries: readonly Judged[], look: ConfirmationReads | undefined, approved = entries) {
  const given = look === undefined ? {} : { confirmation: confirmation(approved, look) };
  const { removals, heldBack } = guard(facts(entries, {}, { inventory: fleet, ...given }));
  return {
    removed: removals.map(({ judgement }) => judgement.entry.setIdentifier),
    held: heldBack.map(({ judgement, guardrail, detail }) => [
      judgement.entry.setIdentifier,
      guardrail,
      detail,
    ]),
  };
}

const there = judged(GONE, agentSet({ owner: 10 }), on(1));
const elsewhere = judged(GONE, agentSet({ owner: 11, target: 2 }), on(2));
const id = (entry: Judged) => entry.judgement.entry.setIdentifier;
const COUNTED = 'ECS counts 2 tasks on i-1, of which 1 could be read';

it('holds nothing before the confirmation', () => {
  expect(guarded([there, elsewhere], undefined)).toEqual({ removed: [id(there), id(elsewhere)], held: [] });
});

it('holds nothing that the confirmation confirms', () => {
  expect(guarded([there, elsewhere], ALL_KNOWN)).toEqual({ removed: [id(there), id(elsewhere)], held: [] });
});

it('holds what the confirmation leaves in objection, and only that', () => {
  expect(guarded([there, elsewhere], ONE_MORE)).toEqual({
    removed: [id(elsewhere)],
    held: [[id(there), 'not-confirmed', COUNTED]],
  });
});

it('holds everything stale when the confirmation saw nothing at all', () => {
  const far = judged(GONE, agentSet({ owner: 12 }), hostUnknown(hostName(9)));
  expect(guarded([there, elsewhere], NOTHING_SEEN).removed).toEqual([]);
  expect(guarded([far], NOTHING_SEEN).removed).toEqual([id(far)]);
});

it('lets a container go that is seen stopping', () => {
  const stopping = judged({ verdict: 'stale', reason: 'task-stopping' }, agentSet({ owner: 13 }), STOPPING);
  expect(guarded([stopping], NOTHING_SEEN)).toEqual({ removed: [id(stopping)], held: [] });
});

describe('what was not in the plan that was approved', () => {
  const DETAIL = 'the entry was not to be removed when the plan was made';
  const failing = judged(FAILING, agentSet({ owner: 14 }), leadsTo());

  it.each<[string, Judged]>([
    ['a stale entry', elsewhere],
    ['an unhealthy entry', failing],
    ['another value of a set that was', changedValue(there)],
  ])('stays: %s', (_, entry) => {
    expect(guarded([entry], ALL_KNOWN, [there])).toEqual({
      removed: [],
      held: [[id(entry), 'not-confirmed', DETAIL]],
    });
  });

  it('goes where it was, without an objection about an unhealthy entry: it was seen', () => {
    expect(guarded([failing], ONE_MORE)).toEqual({ removed: [id(failing)], held: [] });
  });

  it('says so rather than what else may be in objection', () => {
    expect(guarded([there], ONE_MORE, []).held).toEqual([[id(there), 'not-confirmed', DETAIL]]);
  });

  function changedValue(entry: Judged): Judged {
    const { setIdentifier } = entry.judgement.entry;
    return judged(GONE, agentSet({ port: 4711 }, { SetIdentifier: setIdentifier }), on(1));
  }
});

it('keeps the A entry of a host that an entry which it holds points at', () => {
  const address = judged(INSTANCE_GONE, hostSet(1), on(1, 'present', 'host-gone'));
  const { held } = guarded([there, address], sawMachines({ 1: { tasks: 2 } }));
  expect(held.map(([, guardrail]) => guardrail)).toEqual(['not-confirmed', 'not-confirmed']);
  const pointing = judged(GONE, agentSet({ owner: 15, target: 3 }), on(2));
  const { held: kept } = guarded([pointing, judged(INSTANCE_GONE, hostSet(3), hostUnknown(hostName(3)))], {
    ...NOTHING_SEEN,
    machines: sawMachines({ 2: { tasks: 3 } }).machines,
  });
  expect(kept.map(([, guardrail]) => guardrail)).toEqual(['not-confirmed', 'still-referenced']);
});

describe('what it spares counts as gone when unhealthy entries are weighed', () => {
  const failing = judged(FAILING, agentSet({ owner: 20 }), leadsTo());
  const entries = [there, failing];
  const limits = { minEndpoints: 1 };

  it.each<[string, ConfirmationReads]>([
    ['confirmed', ALL_KNOWN],
    ['spared', ONE_MORE],
  ])('min-endpoints holds the last one, with the stale one %s', (_, look) => {
    const given = { inventory: fleet, confirmation: confirmation(entries, look) };
    const { heldBack } = guard(facts(entries, limits, given));
    expect(heldBack.find(({ judgement }) => judgement === failing.judgement)).toMatchObject({
      guardrail: 'min-endpoints',
      detail: expect.stringMatching(/would be left with 0 entries, fewer than 1$/),
    });
  });

  it('and an unhealthy one that was to go may still go', () => {
    const all = [...entries, ...several(1, HEALTHY)];
    const given = { inventory: fleet, confirmation: confirmation(entries, ONE_MORE) };
    expect(guard(facts(all, limits, given)).removals).toEqual([failing]);
  });
});

it('force does not lift it', () => {
  const given = { inventory: fleet, confirmation: confirmation([there], ONE_MORE) };
  const { removals, heldBack } = guard(facts([there], { force: true, allowEmpty: true }, given));
  expect([removals, heldBack.map(({ guardrail }) => guardrail)]).toEqual([[], ['not-confirmed']]);
});

it('holds what goes for its health where its name could not be read again, and nothing else', () => {
  const failing = judged(FAILING, agentSet({ owner: 12 }), leadsTo());
  const entries = [there, failing];
  const given = { ...confirmation(entries, ALL_KNOWN), unread: 'route53: Throttling' };
  const { removals, heldBack } = guard(facts(entries, {}, { inventory: fleet, confirmation: given }));
  expect(removals).toEqual([there]);
  expect(heldBack).toEqual([
    {
      judgement: failing.judgement,
      guardrail: 'not-confirmed',
      detail: 'its name could not be read again: route53: Throttling',
    },
  ]);
});
