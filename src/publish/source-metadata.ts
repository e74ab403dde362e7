import { agentFormOf } from '../model/agent-form.ts';
import type { Cluster } from '../model/cluster.ts';
import { firstLabel, isAddress, normalizeName } from '../model/dns-name.ts';
import { entryKey } from '../model/entry.ts';
import type { Container } from '../model/inventory.ts';
import { isTaskId, parseManagedIdentifier, taskIdOf } from '../model/managed-identifier.ts';
import type { RecordSet } from '../model/record-set.ts';
import { isTaskContainerId, parseSetIdentifier } from '../model/set-identifier.ts';
import { parseSrvValue } from '../model/srv-value.ts';
import type { Judgement, Reason } from '../model/verdict.ts';
import type { PublishedValue } from './event-schema.ts';

/** What a run knows of where the values of record sets lead. */
export interface OriginFacts {
  readonly judgements: readonly Judgement[];
  readonly containers: readonly Container[];
  readonly clusters: readonly Cluster[];
}

/** Tells of one value of a record set what is known of it. */
export type DescribeValue = (recordSet: RecordSet, value: string) => PublishedValue;

/** The facts of these verdicts are about the container that has taken the place, and not about its entry's own. */
const ABOUT_ANOTHER: ReadonlySet<Reason> = new Set<Reason>(['superseded', 'port-reassigned']);

/** What was judged tells its verdict's evidence; the rest what its set identifier says. */
export function sourceMetadataOf({ judgements, containers, clusters }: OriginFacts): DescribeValue {
  const judged = new Map(judgements.map((judgement) => [entryKey(judgement.entry), judgement]));
  const findOwner = ownerFinder(containers);
  const taskArnOf = taskArnRule(clusters);
  return (recordSet, value) => {
    const judgement = judged.get(entryKey({ recordSet, value }));
    const containerId = parseSetIdentifier(recordSet.SetIdentifier)?.containerId;
    const owner = findOwner(recordSet);
    const told = judgement === undefined ? {} : placeOf(judgement);
    const { task: named = taskIdIn(containerId), ...place } = { ...owner?.place, ...told };
    const task = taskArnOf(named, place.cluster);
    const host = hostIn(recordSet, value) ?? owner?.hostName;
    return {
      value,
      ...(judgement === undefined ? {} : { reason: judgement.reason }),
      ...(containerId === undefined ? {} : { containerId }),
      ...place,
      ...(task === undefined ? {} : { task }),
      ...(host === undefined ? {} : { host }),
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

/** What an identifier tells of an owner, as the inventory knows it. */
interface Owner {
  readonly place: SourceMetadata;
  readonly hostName: string | undefined;
}

/** Finds the container, or the task, that a set identifier names. */
function ownerFinder(containers: readonly Container[]): (recordSet: RecordSet) => Owner | undefined {
  const byId = new Map(containers.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
  const byTask = new Map(containers.map((one) => [taskIdOf(one.taskArn), one]));
  return ({ SetIdentifier }) => {
    const named = parseSetIdentifier(SetIdentifier);
    const own = parseManagedIdentifier(SetIdentifier);
    const container = named === undefined ? undefined : byId.get(named.containerId);
    if (container !== undefined) return ownerOf(container, { container: container.name });
    // A task may have several containers, so that its address is none of theirs.
    const member = own?.kind === 'task' ? byTask.get(own.taskId) : undefined;
    return member === undefined ? undefined : ownerOf(member, {});
  };
}

function ownerOf({ cluster, taskArn, host }: Container, more: SourceMetadata): Owner {
  const instance = host === undefined ? {} : { instance: host.instanceId };
  return {
    place: { cluster: cluster.name, task: taskArn, ...instance, ...more },
    hostName: host?.privateDnsName,
  };
}

/** The id of a container without Docker begins with that of its task. */
function taskIdIn(containerId: string | undefined): string | undefined {
  return containerId !== undefined && isTaskContainerId(containerId)
    ? containerId.slice(0, containerId.indexOf('-'))
    : undefined;
}

/** The ARN of a task that is told by its ARN, or by its id and the name of its cluster, where only one has that. */
function taskArnRule(clusters: readonly Cluster[]) {
  return (task: string | undefined, clusterName: string | undefined): string | undefined => {
    if (task === undefined || task.startsWith('arn:')) return task;
    const [cluster, ...others] = clusters.filter(({ name }) => name === clusterName);
    if (cluster === undefined || others.length > 0) return undefined;
    return `${cluster.arn.replace(':cluster/', ':task/')}/${task}`;
  };
}

/** The host that a set names: in its identifier, as the target of an SRV record, or as what its own address is of. */
function hostIn(recordSet: RecordSet, value: string): string | undefined {
  const { Type, SetIdentifier } = recordSet;
  const target = Type === 'SRV' ? parseSrvValue(value)?.target : undefined;
  const isHosts = Type === 'A' && agentFormOf(recordSet) === 'host-agent-1.4';
  const named = parseSetIdentifier(SetIdentifier)?.host ?? target;
  const name = named ?? (isHosts ? normalizeName(SetIdentifier ?? '') : undefined);
  // The name of a task's own address is that of no host.
  return name === undefined || isAddress(name) || isTaskId(firstLabel(name)) ? undefined : name;
}
