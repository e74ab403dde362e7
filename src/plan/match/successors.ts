import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { nameKey } from '../../model/record-set.ts';
import { answeredRule } from './answered.ts';
import { isAddressType } from './managed-addresses.ts';
import { endedIn, type Match, type Matched } from './match-kinds.ts';

/**
 * An entry of a dead container whose place was taken by a new container of the same service is
 * superseded once that container has an entry of its own under the same name. Until then it is the
 * only way to reach the new container, and counts as its entry. So it is with the address of a task that has ended and
 * another task of the name has. The address of a running task that is known
 * to have another one is superseded once an entry of the name leads to the task there. An address is no SRV
 * entry: each type stands for itself. An entry of weight 0, which clients do not get while another of its name and type
 * has a weight, supersedes only those of weight 0.
 */
export function followSuccessors(matched: readonly Matched[]): readonly Matched[] {
  const reached = new Multimap<Endpoint, Entry>();
  const tasks = new Multimap<string, Entry>();
  const isAnswered = answeredRule(matched);
  for (const { entry, match } of matched) {
    if (isAddressType(entry.type)) {
      const container = endedIn(match) === undefined ? servedIn(match) : undefined;
      if (container !== undefined) tasks.add(taskKeyAt(entry, container), entry);
    } else if (match.kind === 'endpoint') {
      reached.add(match.endpoint, entry);
    }
  }
  const hasOther = (entry: Entry, container: Container) =>
    tasks.get(taskKeyAt(entry, container)).some((other) => isAnswered(other, entry));
  return matched.map(({ entry, match }) => {
    if (match.kind === 'readdressed' && match.isElsewhere && hasOther(entry, match.container)) {
      return { entry, match: { ...match, isSuperseded: true } };
    }
    const ended = endedIn(match);
    const heir = servedIn(match);
    if (ended !== undefined && heir !== undefined)
      return { entry, match: hasOther(entry, heir) ? ended : match };
    const isSuccessor = match.kind === 'replaced' && match.by === 'same-service';
    const isReached = (other: Entry) => other.name === entry.name && isAnswered(other, entry);
    if (!isSuccessor || reached.get(match.endpoint).some(isReached)) return { entry, match };
    const { endpoint, address } = match;
    return { entry, match: { kind: 'endpoint', isSuccessor: true, endpoint, address } };
  });
}

/** The running container that an address leads to. */
function servedIn(match: Match): Container | undefined {
  if (match.kind === 'addressed') return match.container;
  return match.kind === 'endpoint' ? match.endpoint.container : undefined;
}

function taskKeyAt({ name, type }: Entry, { taskArn }: Container): string {
  return `${nameKey(name, type)} ${taskArn}`;
}
