import type { Journal } from '../../../src/journal/journal.ts';
import type { ChangeGroup } from '../../../src/model/change.ts';
import { withValues } from '../../../src/model/record-set.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { type Mutant, mutant } from './mutant.ts';

/** Workers whose journal is not what it should be. */
export const forgetfulMutants: readonly Mutant[] = [
  mutant('journal-written-after-the-change', {
    ports: journaling((journal) => {
      let late = async () => {};
      return {
        write: async (zone, groups) => {
          late = () => journal.write(zone, groups);
        },
        settle: async (outcomes) => {
          await late();
          await journal.settle(outcomes);
        },
      };
    }),
  }),
  mutant('journal-written-while-the-change-is-under-way', {
    ports: (ports) => ({
      ...ports,
      journal: { ...ports.journal, write: async () => {} },
      zone: {
        ...ports.zone,
        apply: async (zone, groups, bounds) => {
          const outcomes = ports.zone.apply(zone, groups, bounds);
          await ports.journal.write(zone, groups);
          return outcomes;
        },
      },
    }),
  }),
  mutant('journal-of-what-stays', {
    ports: journaling((journal) => ({
      ...journal,
      write: (zone, groups) => journal.write(zone, groups.map(withoutWhatGoes)),
    })),
  }),
  mutant('journal-of-what-goes-alone', {
    ports: journaling((journal) => ({
      ...journal,
      write: (zone, groups) => journal.write(zone, groups.map(withWhatGoesAlone)),
    })),
  }),
  mutant('journal-of-the-first-group', {
    ports: journaling((journal) => ({
      ...journal,
      write: (zone, groups) => journal.write(zone, groups.slice(0, 1)),
    })),
  }),
];

function journaling(change: (journal: Journal) => Journal): (ports: Ports) => Ports {
  return (ports) => ({ ...ports, journal: change(ports.journal) });
}

/** What is left of each set stands for what it was. */
function withoutWhatGoes(group: ChangeGroup): ChangeGroup {
  const rest = group.changes.find(({ action }) => action === 'CREATE');
  return rest === undefined ? group : { ...group, changes: [{ ...rest, action: 'DELETE' }, rest] };
}

/** The values that go stand for the set: enough to tell what went, and too little to put it back. */
function withWhatGoesAlone(group: ChangeGroup): ChangeGroup {
  const changes = group.changes.map(({ action, recordSet }) =>
    action === 'DELETE' ? { action, recordSet: withValues(recordSet, group.removed) } : { action, recordSet },
  );
  return { ...group, changes };
}
