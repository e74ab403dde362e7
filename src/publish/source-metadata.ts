import { entryKey } from '../model/entry.ts';
import type { Container } from '../model/inventory.ts';
import { parseManagedIdentifier, taskIdOf } from '../model/managed-identifier.ts';
import type { RecordSet } from '../model/record-set.ts';
import { parseSetIdentifier } from '../model/set-identifier.ts';
import type { Judgement, Reason } from '../model/verdict.ts';
import type { PublishedValue } from './event-schema.ts';

/** What a run knows of where the values of record sets lead. */
export interface OriginFacts {
  readonly judgements: readonly Judgement[];
  readonly containers: readonly Container[];
}

/** Tells of one value of a record set what is known of it. */
export type DescribeValue = (recordSet: RecordSet, value: string) => PublishedValue;

/** The facts of these verdicts are about the container that has taken the place, and not about its entry's own. */
const ABOUT_ANOTHER: ReadonlySet<Reason> = new Set<Reason>(['superseded', 'port-reassigned']);

/** What was judged tells its verdict's evidence; the rest what its set identifier says. */
export function sourceMetadataOf({ judgements, containers }: OriginFacts): DescribeValue {
  const judged = new Map(judgements.map((judgement) => [entryKey(judgement.entry), judgement]));
  const findContainer = containerFinder(containers);
  return (recordSet, value) => {
    const judgement = judged.get(entryKey({ recordSet, value }));
    const containerId = parseSetIdentifier(recordSet.SetIdentifier)?.containerId;
    return {
      value,
      ...(judgement === undefined ? {} : { reason: judgement.reason }),
      ...(containerId === undefined ? {} : { containerId }),
      ...(judgement === undefined ? findContainer(recordSet) : placeOf(judgement)),
    };
  };
}

type SourceMetadata = Pick<PublishedValue, 'cluster' | 'task' | 'container' | 'instance'>;

function placeOf({ reason, evidence }: Judgement): SourceMetadata {
  if (ABOUT_ANOTHER.has(reason)) return {};
  const { cluster, task, container, instance } = evidence;
  return Object.fromEntries(
    Object.entries({ cluster, task, container, instance }).filter(([, fact]) => typeof fact === 'string'),
  );
}

/** Finds the container, or the task, that a set identifier names. */
function containerFinder(containers: readonly Container[]): (recordSet: RecordSet) => SourceMetadata {
  const byId = new Map(containers.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
  const byTask = new Map(containers.map((one) => [taskIdOf(one.taskArn), one]));
  return ({ SetIdentifier }) => {
    const owner = parseSetIdentifier(SetIdentifier);
    const own = parseManagedIdentifier(SetIdentifier);
    const container = owner === undefined ? undefined : byId.get(owner.containerId);
    if (container !== undefined) return { ...taskOf(container), container: container.name };
    // A task may have several containers, so that its address is none of theirs.
    const member = own?.kind === 'task' ? byTask.get(own.taskId) : undefined;
    return member === undefined ? {} : taskOf(member);
  };
}

function taskOf({ cluster, taskArn, host }: Container): SourceMetadata {
  return { cluster: cluster.name, task: taskArn, ...(host && { instance: host.instanceId }) };
}
