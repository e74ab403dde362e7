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
 * entry: each type stands for itself. An entry of weight 0 is none that clients get, while another of its name and type
 * has a weight.
 */
export function followSuccessors(matched: readonly Matched[]): readonly Matched[] {
  const reached = new Multimap<Endpoint, string>();
  const tasks = new Set<string>();
  const isAnswered = answeredRule(matched);
  for (const { entry, match } of matched) {
    if (!isAnswered(entry)) continue;
    if (isAddressType(entry.type)) {
      const container = endedIn(match) === undefined ? servedIn(match) : undefined;
      if (container !== undefined) tasks.add(taskKeyAt(entry, container));
    } else if (match.kind === 'endpoint') {
      reached.add(match.endpoint, entry.name);
    }
  }
  return matched.map(({ entry, match }) => {
    if (match.kind === 'readdressed' && match.isElsewhere && tasks.has(taskKeyAt(entry, match.container))) {
      return { entry, match: { ...match, isSuperseded: true } };
    }
    const ended = endedIn(match);
    const heir = servedIn(match);
    if (ended !== undefined && heir !== undefined)
      return { entry, match: tasks.has(taskKeyAt(entry, heir)) ? ended : match };
    const isSuccessor = match.kind === 'replaced' && match.by === 'same-service';
    if (!isSuccessor || reached.get(match.endpoint).includes(entry.name)) return { entry, match };
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
