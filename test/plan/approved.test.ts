import { describe, expect, it } from 'vitest';
import type { ApprovedPlan } from '../../src/model/approved-plan.ts';
import type { ChangeGroup, ChangeOutcome } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import type { TaskStop } from '../../src/model/task-stop.ts';
import { leftOf, withinApproved } from '../../src/plan/approved.ts';
import type { JudgedRecord } from '../../src/plan/change/register.ts';
import type { Removable } from '../../src/plan/judge/judge-entries.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { StopPlan } from '../../src/plan/stops.ts';
import { agentSet, judged, leadsTo } from './support.ts';

const STALE = { verdict: 'stale', reason: 'task-gone' } as const;
const LIVE = { verdict: 'live', reason: 'healthy' } as const;
const APPLIED: ChangeOutcome = { status: 'applied' };

const [one, two, three] = [1, 2, 3].map((owner) => agentSet({ owner, port: 32_800 + owner })) as [
  RecordSet,
  RecordSet,
  RecordSet,
];
const cname: RecordSet = { Name: 'web.a.internal.', Type: 'CNAME', ResourceRecords: [{ Value: 'lb.' }] };

function group(changes: ChangeGroup['changes'], over: Partial<ChangeGroup> = {}): ChangeGroup {
  const key = recordSetKey(changes[0]?.recordSet ?? one);
  return { key, changes, removed: [], reasons: ['task-gone'], after: [], ...over };
}

const deleting = (set: RecordSet, over?: Partial<ChangeGroup>) =>
  group([{ action: 'DELETE', recordSet: set }], over);
const creating = (set: RecordSet, over?: Partial<ChangeGroup>) =>
  group([{ action: 'CREATE', recordSet: set }], over);
const going = (set: RecordSet) => judged(STALE, set) as Removable;
const wanted = (set: RecordSet) =>
  ({ ...judged(LIVE, set, leadsTo()), desired: { recordSet: set } }) as unknown as JudgedRecord;

/** Of a plan, only what is looked at. */
function planOf(parts: Partial<Plan>): Plan {
  const none = {
    judgements: [],
    removing: [],
    registrations: [],
    heldBack: [],
    withheld: [],
    groups: [],
    stops: [],
    notices: [],
  };
  const plan = { ...none, ...parts };
  return {
    ...plan,
    removals: plan.removing.length,
    registered: parts.registered ?? plan.registrations.length,
  } as unknown as Plan;
}

function approvedOf(groups: ApprovedPlan['groups'], tasks: readonly string[] = []): ApprovedPlan {
  const zone = { id: 'Z1', name: 'a.internal.' };
  const stops = tasks.map((task) => ({ cluster: 'blue', service: 'orders', task }));
  return { zone, startedAt: 0, places: [], groups, stops };
}

const keysOf = ({ groups }: Plan) => groups.map(({ key }) => key);

describe('what of a plan is within an approved one', () => {
  it('is all of it where it has the same changes, in whatever order', () => {
    const plan = planOf({ removing: [going(one), going(two)], groups: [deleting(one), deleting(two)] });

    expect(withinApproved(plan, approvedOf([deleting(two), deleting(one)]))).toEqual(plan);
  });

  it('is no change that the approved one has not, and what is counted of it goes with it', () => {
    const plan = planOf({
      removing: [going(one), going(two)],
      registrations: [wanted(three)],
      groups: [creating(three), deleting(one), deleting(two)],
    });

    const { removals, registered, removing, registrations, groups, notices } = withinApproved(
      plan,
      approvedOf([deleting(one)]),
    );

    expect({ removals, registered, removing, registrations, groups }).toEqual({
      removals: 1,
      registered: 0,
      removing: [going(one)],
      registrations: [],
      groups: [deleting(one)],
    });
    expect(notices).toEqual([
      {
        subject: 'plan file',
        detail: '2 changes that a run would make by now are not in it, and not made',
      },
    ]);
  });

  it.each<[string, RecordSet]>([
    ['TTL', { ...one, TTL: 77 }],
    ['weight', { ...one, Weight: 7 }],
    ['value', { ...one, ResourceRecords: [...(one.ResourceRecords ?? []), { Value: '1 1 1 x' }] }],
  ])('is no change that differs in a %s', (_, set) => {
    const plan = planOf({ removing: [going(one)], groups: [deleting(one)] });

    expect(keysOf(withinApproved(plan, approvedOf([deleting(set)])))).toEqual([]);
  });

  it('is nothing that has to come after a change that is missing', () => {
    const after = { after: [recordSetKey(three)] };
    const plan = planOf({
      removing: [going(one), going(two)],
      registrations: [wanted(three)],
      groups: [creating(three), deleting(one, after), deleting(two)],
    });

    expect(keysOf(withinApproved(plan, approvedOf([deleting(one), deleting(two)])))).toEqual([
      recordSetKey(two),
    ]);
  });

  it('is a change that had to come after one of the approved plan, once it need not any more', () => {
    const approved = approvedOf([creating(three), deleting(one, { after: [recordSetKey(three)] })]);
    const plan = planOf({ removing: [going(one)], groups: [deleting(one)] });

    expect(withinApproved(plan, approved)).toEqual(plan);
  });

  it('keeps a registration that it has, and counts no CNAME that it has not', () => {
    const plan = planOf({
      registrations: [wanted(three)],
      registered: 2,
      groups: [creating(three), creating(cname)],
    });

    const { registered, registrations, notices } = withinApproved(plan, approvedOf([creating(three)]));

    expect({ registered, registrations }).toEqual({ registered: 1, registrations: [wanted(three)] });
    expect(notices[0]?.detail).toBe('a change that a run would make by now is not in it, and not made');
  });

  it('counts a CNAME that is only written anew as no new one', () => {
    const anew = group([
      { action: 'DELETE', recordSet: cname },
      { action: 'CREATE', recordSet: { ...cname, TTL: 5 } },
    ]);
    const plan = planOf({ registrations: [wanted(three)], groups: [creating(three), anew] });

    expect(withinApproved(plan, approvedOf([creating(three)])).registered).toBe(1);
  });

  it('stops no task that the approved one does not stop', () => {
    const base = { cluster: { name: 'blue' }, service: 'orders', reason: 'timeout', names: [] };
    const due = (task: string) => ({ ...base, kind: 'due', task, since: 0, dueAt: 0 }) as unknown as StopPlan;
    const waiting = { ...base, kind: 'held', task: 't3', detail: 'it is alone' } as unknown as StopPlan;
    const plan = planOf({ stops: [due('t1'), due('t2'), waiting] });

    expect(withinApproved(plan, approvedOf([], ['t1'])).stops).toEqual([
      due('t1'),
      { ...base, kind: 'held', task: 't2', detail: 'it is not in the plan file' },
      waiting,
    ]);
  });
});

const OTHERWISE =
  'a run would not change it so any more, or only after a change that is not in the plan file';

describe('what of an approved plan is left, and why', () => {
  const subject = `${one.Name} ${one.Type} ${one.SetIdentifier}`;
  const left = (plan: Partial<Plan>, outcomes?: ReadonlyMap<string, ChangeOutcome>) =>
    leftOf(approvedOf([deleting(one)]), planOf(plan), outcomes, []);

  it.each<[string, ChangeOutcome]>([
    ['was applied', APPLIED],
    ['is in conflict', { status: 'conflict', detail: 'changed since' }],
    ['has failed', { status: 'failed', detail: 'denied' }],
  ])('is nothing that %s', (_, outcome) => {
    expect(left({ groups: [deleting(one)] }, new Map([[recordSetKey(one), outcome]]))).toEqual([]);
  });

  it('is what was too late, in the words of its outcome', () => {
    const outcome: ChangeOutcome = { status: 'unsent', detail: 'not sent: too old', code: 'plan-too-old' };

    expect(left({ groups: [deleting(one)] }, new Map([[recordSetKey(one), outcome]]))).toEqual([
      { subject, detail: 'not sent: too old' },
    ]);
  });

  it.each<[string, Partial<Plan>, string]>([
    ['lives again', { judgements: [judged(LIVE, one).judgement] }, 'live: healthy'],
    [
      'is held back',
      {
        judgements: [going(one).judgement],
        heldBack: [{ judgement: going(one).judgement, guardrail: 'removal-budget', detail: '9 of 10' }],
      },
      'held back by removal-budget: 9 of 10',
    ],
    ['is to go otherwise', { judgements: [going(one).judgement] }, OTHERWISE],
  ])('is what %s', (_, plan, why) => {
    expect(left(plan)).toEqual([{ subject, detail: `left as it is: ${why}` }]);
  });

  it('is what is not registered, with the reason', () => {
    const value = two.ResourceRecords?.[0]?.Value ?? '';
    const withheld = [{ name: two.Name, type: two.Type, value, reason: 'set-limit' }];
    const plan = planOf({ withheld: withheld as unknown as Plan['withheld'] });

    expect(leftOf(approvedOf([creating(two)]), plan, undefined, [])[0]?.detail).toBe(
      'left as it is: set-limit',
    );
    expect(leftOf(approvedOf([creating(one)]), plan, undefined, [])[0]?.detail).toBe(
      `left as it is: ${OTHERWISE}`,
    );
  });

  it('names a set without an identifier by its name and type', () => {
    expect(leftOf(approvedOf([deleting(cname)]), planOf({}), undefined, [])[0]?.subject).toBe(
      'web.a.internal. CNAME',
    );
    expect(leftOf(approvedOf([{ changes: [] }]), planOf({}), undefined, [])[0]?.subject).toBe(' ');
  });

  it('is a task that was not stopped', () => {
    const stop = (task: string, status: TaskStop['status']): TaskStop => {
      return { cluster: 'blue', service: 'orders', task, reason: 'timeout', status, detail: 'it is alone' };
    };
    const stopped = [stop('t1', 'stopped'), stop('t2', 'failed'), stop('t3', 'waiting')];

    expect(leftOf(approvedOf([], ['t1', 't2', 't3', 't4']), planOf({}), undefined, stopped)).toEqual([
      { subject: 't3', detail: 'not stopped: it is alone' },
      { subject: 't4', detail: 'not stopped: it does not fail any more' },
    ]);
  });
});
