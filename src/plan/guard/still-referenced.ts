import { firstLabel, normalizeName, writtenName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { addressOwner, isNameOfTask } from '../match/managed-addresses.ts';
import { namesOnTheWay } from '../match/onward-names.ts';
import { ALWAYS_ON, type Guardrail } from './guardrail.ts';

/**
 * Holds back a host's A entry, and the address of a task under the task's own name, while an SRV entry that
 * stays, managed or foreign, points at it, by CNAMEs and aliases as well. A name that stands for many tasks can do without one of them.
 */
export const stillReferenced: Guardrail = {
  name: 'still-referenced',
  words: {
    holdsBack: 'A entries of gone hosts, and addresses of tasks, that an SRV entry which stays points at',
    byDefault: ALWAYS_ON,
    liftedBy: 'nothing; the entry goes with the last SRV entry that points at its name, or after that one',
    example: '_calc._tcp.discovery.internal still points at its name',
  },
  evaluate: (_candidates, { judged }, decided) => {
    const targets = stayingTargets(judged, decided);
    return {
      objection: ({ judgement: { entry } }) => {
        if (!isTarget(entry)) return undefined;
        const spellings = [entry.name, firstLabel(entry.name), normalizeName(entry.setIdentifier ?? '')];
        const by = spellings.map((name) => targets.get(name)).find((name) => name !== undefined);
        return by === undefined ? undefined : `${writtenName(by)} still points at its name`;
      },
      passing: ({ judgement: { entry } }) =>
        isTarget(entry) ? 'no SRV entry that stays points at its name' : undefined,
    };
  },
};

/** Whether an entry is all that its name leads to. */
function isTarget({ name, type, recordSet }: Entry): boolean {
  const owner = addressOwner(recordSet);
  if (owner === undefined) return type === 'A';
  return owner.kind === 'task' && isNameOfTask(name, owner);
}

/** The targets of the SRV entries that stay, and where CNAMEs and aliases lead them on to, each with the name of one such entry. */
function stayingTargets(judged: readonly Judged[], decided: readonly Judged[]): ReadonlyMap<string, string> {
  const going = new Set(decided);
  const targets = new Map<string, string>();
  const onTheWay = namesOnTheWay(judged.map(({ judgement }) => judgement.entry.recordSet));
  for (const candidate of judged) {
    const { entry } = candidate.judgement;
    if (entry.type !== 'SRV' || going.has(candidate)) continue;
    const target = parseSrvValue(entry.value)?.target;
    if (target === undefined) continue;
    for (const name of onTheWay(target)) if (!targets.has(name)) targets.set(name, entry.name);
  }
  return targets;
}
