import { recordSetKey, valuesOf } from '../../model/record-set.ts';
import { containerIdentifiers, isBareContainerId, movedIdentifier } from '../../model/set-identifier.ts';
import { addressOwner } from '../match/managed-addresses.ts';
import { containerOf, type Matched } from '../match/match-kinds.ts';
import type { DesiredContext } from './desired-context.ts';
import { taskIdentifier } from './srv-targets.ts';

/**
 * The identifiers in today's form of sets that have another, by `recordSetKey`. Nothing else of a set differs by its form.
 *
 * | the set is that of …                   | it is to be                                       | moved          |
 * |----------------------------------------|---------------------------------------------------|----------------|
 * | a second port, as this worker wrote it | `ecs-dns:HOST:DOCKER_ID/PORT`                     | always         |
 * | a container, from agents before 1.4    | `HOST:DOCKER_ID`, of the host that it points at   | with `correct` |
 * | a name, from the label agent           | that of the task which has its address            | with `correct` |
 *
 * It stays as it is where what it leads to is not known, or where the name has such a set already.
 */
export function movedIdentifiers(context: DesiredContext): ReadonlyMap<string, string> {
  const moved = new Map<string, string>();
  for (const one of context.matched) {
    const { name, type, recordSet } = one.entry;
    const free = identifiersOf(one, context).find((id) => !context.zone.hasIdentifier(name, type, id));
    if (free === undefined) continue;
    moved.set(recordSetKey(recordSet), free);
    context.zone.add({ ...recordSet, SetIdentifier: free });
  }
  return moved;
}

function identifiersOf(one: Matched, { options }: DesiredContext): readonly string[] {
  const { entry, match } = one;
  if (match.kind === 'foreign' || valuesOf(entry.recordSet).length !== 1) return [];
  const ported = entry.type === 'SRV' ? movedIdentifier(entry.setIdentifier) : undefined;
  if (ported !== undefined) return [ported];
  if (!options.correct) return [];
  if (entry.type === 'SRV') return ofContainer(one);
  return addressOwner(entry.recordSet)?.kind === 'label-agent' ? ofTask(one) : [];
}

/** The agent has written its own host as the target. */
function ofContainer({ entry, match }: Matched): readonly string[] {
  const { setIdentifier = '', value } = entry;
  const isMeant = match.kind === 'endpoint' && match.endpoint.container.id === setIdentifier;
  if (!isBareContainerId(setIdentifier) || !isMeant) return [];
  return containerIdentifiers(targetIn(value), setIdentifier, match.endpoint.port);
}

/** Without a dot at its end, which an identifier has not. */
function targetIn(value: string): string {
  return String(value.trim().split(/\s+/).at(-1)).replace(/\.$/, '');
}

/** What is reached at its host has no address of its own, by which its task could be known. */
function ofTask({ match }: Matched): readonly string[] {
  const isServed = match.kind === 'endpoint' || match.kind === 'addressed';
  const container = isServed ? containerOf(match) : undefined;
  if (container?.networkInterface === undefined) return [];
  const identifier = taskIdentifier(container);
  return identifier === undefined ? [] : [identifier];
}
