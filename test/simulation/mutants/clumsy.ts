import type { ChangeOutcome } from '../../../src/model/change.ts';
import { type ChangeGroup, createdSets } from '../../../src/model/change.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { removalGroups } from '../../../src/plan/change/plan-removals.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { type Mutant, type MutantContext, mutant } from './mutant.ts';
import { changing, isCreation } from './writing.ts';

type Outcomes = ReadonlyMap<string, ChangeOutcome>;
type Apply = (groups: readonly ChangeGroup[]) => Promise<Outcomes>;

/** Workers that register in the wrong form, in the wrong order, or too late. */
export const clumsyMutants: readonly Mutant[] = [
  mutant('identifier-of-another-form', {
    route53: rewriting((set) =>
      set.Type === 'SRV' ? { ...set, SetIdentifier: `own-${set.SetIdentifier}` } : set,
    ),
  }),
  mutant('own-ttl-beside-others', { route53: rewriting((set) => ({ ...set, TTL: (set.TTL ?? 0) + 5 })) }),
  mutant('target-with-a-dot', {
    route53: rewriting((set) =>
      set.Type === 'SRV'
        ? { ...set, ResourceRecords: set.ResourceRecords?.map(({ Value }) => ({ Value: `${Value}.` })) }
        : set,
    ),
  }),
  mutant('one-entry-a-container', {
    ports: applying(async (groups, apply) => {
      const first = groups.filter(firstOfContainer());
      const left = groups.filter((group) => !first.includes(group));
      return new Map([...(await apply(first)), ...left.map(unsent)]);
    }),
  }),
  mutant('one-registration-a-run', {
    ports: applying(async (groups, apply) => {
      const left = groups.filter((group) => isCreation(group) && isService(group)).slice(1);
      const outcomes = await apply(groups.filter((group) => !left.includes(group)));
      return new Map([...outcomes, ...left.map(unsent)]);
    }),
  }),
  mutant('deletes-before-creates', {
    ports: applying(async (groups, apply) => {
      const alone = groups.map((group) => ({ ...group, after: [] }));
      const first = await apply(alone.filter((group) => !isCreation(group)));
      return new Map([...first, ...(await apply(groups.filter(isCreation)))]);
    }),
  }),
  mutant('successors-not-awaited', {
    worlds: ['handovers'],
    ports: changing((groups) =>
      groups.map((group) => (isCreation(group) || !isService(group) ? group : { ...group, after: [] })),
    ),
  }),
  mutant('last-drained-dropped', {
    goesBeyondPlan: true,
    ports: changing((groups, { session }) => [...groups, ...lastDrained(groups, session)]),
  }),
  mutant('addresses-forgotten', {
    ports: applying(async (groups, apply) => {
      const hosts = groups.filter((group) => isCreation(group) && !isService(group));
      const others = groups.filter((group) => !hosts.includes(group));
      const outcomes = await apply(others.map((group) => ({ ...group, after: [] })));
      return new Map([...outcomes, ...hosts.map(unsent)]);
    }),
  }),
  mutant('addresses-after-services', {
    ports: applying(async (groups, apply) => {
      const hosts = groups.filter((group) => isCreation(group) && !isService(group));
      const others = groups.filter((group) => !hosts.includes(group));
      const outcomes = await apply(others.map((group) => ({ ...group, after: [] })));
      return new Map([...outcomes, ...(await apply(hosts))]);
    }),
  }),
  mutant('what-failed-once-is-never-tried-again', {
    ports: (ports, context) => ({
      ...ports,
      zone: {
        ...ports.zone,
        apply: async (zone, groups, bounds) => {
          const failed = (context.memory.get('failed') ?? new Set()) as Set<string>;
          context.memory.set('failed', failed);
          const left = groups.filter((group) => isCreation(group) && failed.has(group.key));
          const outcomes = await ports.zone.apply(
            zone,
            groups.filter((group) => !left.includes(group)),
            bounds,
          );
          for (const [key, { status }] of outcomes) if (status !== 'applied') failed.add(key);
          return new Map([...outcomes, ...left.map(unsent)]);
        },
      },
    }),
  }),
  mutant('registers-by-force', {
    route53: (api, { session }) => ({
      ...api,
      changeRecordSets: (zoneId, changes) => {
        const { zone } = session.world;
        const forced = changes.flatMap((change) => {
          const there = zone.get(recordSetKey(change.recordSet));
          const isTaken = change.action === 'CREATE' && changes.length === 1 && there !== undefined;
          return isTaken ? [{ action: 'DELETE' as const, recordSet: there }, change] : [change];
        });
        return api.changeRecordSets(zoneId, forced);
      },
    }),
  }),
];

function isService(group: ChangeGroup): boolean {
  return group.changes[0]?.recordSet.Type === 'SRV';
}

function unsent({ key }: ChangeGroup): readonly [string, ChangeOutcome] {
  return [key, { status: 'unsent', detail: 'not sent', code: 'deadline' }];
}

/** A worker that writes what it creates in its own way. */
function rewriting(rewrite: (set: RecordSet) => RecordSet): Mutant['route53'] {
  return (api) => ({
    ...api,
    changeRecordSets: (zoneId, changes) => {
      const deleted = new Set(
        changes.filter(({ action }) => action === 'DELETE').map(({ recordSet }) => recordSetKey(recordSet)),
      );
      const written = changes.map(({ action, recordSet }) => {
        const isNew = action === 'CREATE' && !deleted.has(recordSetKey(recordSet));
        return { action, recordSet: isNew ? rewrite(recordSet) : recordSet };
      });
      return api.changeRecordSets(zoneId, written);
    },
  });
}

function applying(
  conduct: (groups: readonly ChangeGroup[], apply: Apply) => Promise<Outcomes>,
): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    zone: {
      ...ports.zone,
      apply: (zone, groups, bounds) => conduct(groups, (some) => ports.zone.apply(zone, some, bounds)),
    },
  });
}

/** As an agent that knows one entry of a container, whatever else it serves. */
function firstOfContainer(): (group: ChangeGroup) => boolean {
  const known = new Set<string>();
  return (group) => {
    const owner = parseSetIdentifier(createdSets(group)[0]?.SetIdentifier);
    if (owner === undefined || !isCreation(group)) return true;
    const isFirst = !known.has(owner.containerId);
    known.add(owner.containerId);
    return isFirst;
  };
}

/** What is drained goes, whatever is left of its name. */
function lastDrained(
  groups: readonly ChangeGroup[],
  { preview }: MutantContext['session'],
): readonly ChangeGroup[] {
  const known = new Set(groups.map(({ key }) => key));
  const held = (preview?.plan.heldBack ?? []).flatMap(({ judgement }) =>
    judgement.reason === 'draining' ? [{ match: { kind: 'unresolved' as const }, judgement }] : [],
  );
  return removalGroups(held).filter(({ key }) => !known.has(key));
}
