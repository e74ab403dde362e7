import { isAmbiguous } from '../../../src/aws/aws-error.ts';
import type { Change, ChangeGroup } from '../../../src/model/change.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { serviceError } from '../aws/errors.ts';
import { type Mutant, mutant } from './mutant.ts';

function deletion(recordSet: RecordSet): ChangeGroup {
  return {
    key: recordSetKey(recordSet),
    changes: [{ action: 'DELETE', recordSet }],
    removed: valuesOf(recordSet),
    reasons: [],
    after: [],
  };
}

/** Workers that write to the zone without due care. */
export const carelessMutants: readonly Mutant[] = [
  mutant('overwrites-what-is-there', {
    route53: (api, { session }) => ({
      ...api,
      changeRecordSets: (zoneId, changes) => {
        const { zone } = session.world;
        const current = changes.flatMap((change): readonly Change[] => {
          if (change.action === 'CREATE') return [change];
          const there = zone.get(recordSetKey(change.recordSet));
          return there === undefined ? [] : [{ ...change, recordSet: there }];
        });
        return api.changeRecordSets(zoneId, current);
      },
    }),
  }),
  mutant('whole-name-deleted', {
    route53: (api, { session }) => ({
      ...api,
      changeRecordSets: (zoneId, changes) => {
        const names = new Set(changes.map(({ recordSet }) => `${recordSet.Name} ${recordSet.Type}`));
        const all = session.world.zone.all().filter(({ Name, Type }) => names.has(`${Name} ${Type}`));
        return api.changeRecordSets(
          zoneId,
          all.map((recordSet) => ({ action: 'DELETE', recordSet })),
        );
      },
    }),
  }),
  mutant('whole-set-deleted-for-one-value', {
    ports: applying((groups) => groups.map((group) => ({ ...group, changes: group.changes.slice(0, 1) }))),
  }),
  mutant('changes-sent-one-by-one', {
    route53: (api) => ({
      ...api,
      changeRecordSets: async (zoneId, changes) => {
        let last: string | undefined;
        for (const change of changes) last = await api.changeRecordSets(zoneId, [change]);
        return last;
      },
    }),
  }),
  mutant('conflicts-taken-by-force', {
    goesBeyondPlan: true,
    ports: (ports) => ({
      ...ports,
      zone: {
        ...ports.zone,
        apply: async (zone, groups, bounds) => {
          const outcomes = await ports.zone.apply(zone, groups, bounds);
          const names = groups
            .filter(({ key }) => outcomes.get(key)?.status === 'conflict')
            .flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet.Name));
          if (names.length === 0) return outcomes;
          const keys = new Set(groups.map(({ key }) => key));
          const there = await ports.zone.readNames(zone, names, undefined);
          const again = there.filter((set) => keys.has(recordSetKey(set))).map(deletion);
          return new Map([...outcomes, ...(await ports.zone.apply(zone, again, bounds))]);
        },
      },
    }),
  }),
  mutant('addresses-before-services', {
    ports: (ports) => ({
      ...ports,
      zone: {
        ...ports.zone,
        apply: async (zone, groups, signal) => {
          const isHost = ({ changes }: ChangeGroup) => changes[0]?.recordSet.Type === 'A';
          const hosts = groups.filter(isHost).map((group) => ({ ...group, after: [] }));
          const first = await ports.zone.apply(zone, hosts, signal);
          const others = groups.filter((group) => !isHost(group));
          return new Map([...first, ...(await ports.zone.apply(zone, others, signal))]);
        },
      },
    }),
  }),
  mutant('no-answer-taken-for-not-applied', {
    route53: (api) => ({
      ...api,
      changeRecordSets: async (zoneId, changes) => {
        try {
          return await api.changeRecordSets(zoneId, changes);
        } catch (error) {
          throw isAmbiguous(error) ? serviceError('NotApplied', 'it failed', 400) : error;
        }
      },
    }),
  }),
  mutant('no-answer-taken-for-applied', {
    route53: (api) => ({
      ...api,
      changeRecordSets: async (zoneId, changes) => {
        try {
          return await api.changeRecordSets(zoneId, changes);
        } catch (error) {
          if (!isAmbiguous(error)) throw error;
          return undefined;
        }
      },
    }),
  }),
  mutant('rejection-taken-for-applied', {
    route53: (api) => ({
      ...api,
      changeRecordSets: async (zoneId, changes) => {
        try {
          return await api.changeRecordSets(zoneId, changes);
        } catch (error) {
          const isRejected = error instanceof Error && error.name === 'InvalidChangeBatch';
          if (!isRejected) throw error;
          return undefined;
        }
      },
    }),
  }),
];

function applying(
  change: (groups: readonly ChangeGroup[]) => readonly ChangeGroup[],
): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    zone: { ...ports.zone, apply: (zone, groups, signal) => ports.zone.apply(zone, change(groups), signal) },
  });
}
