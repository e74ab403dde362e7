import type { Cluster } from '../../model/cluster.ts';
import { normalizeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint, Host } from '../../model/inventory.ts';
import { canonicalAddress, socketAddress } from '../../model/ip-address.ts';
import type { IndeterminateReason } from '../../model/probe.ts';
import type { RecordSet } from '../../model/record-set.ts';
import { isTaskContainerId, parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import { type TargetState, targetHealthOf, targetWords } from '../../model/target-health.ts';
import type { Evidence } from '../../model/verdict.ts';
import type { HostLocation } from '../match/endpoint-index.ts';
import type { Match, MatchKind, MatchOf } from '../match/match-kinds.ts';
import type { TaskRef } from '../match/task-index.ts';
import { isUnasked } from './candidate-answer.ts';
import {
  failureOf,
  graceEvidence,
  recoveryEvidence,
  spareEvidence,
  whereFailing,
} from './endpoint-health.ts';
import { isCheckedByEcs, needsProbe, type ProbeRule } from './probe-targets.ts';
import { byReason, draining, held, live, type Rule, stale, unverified, type When } from './rule.ts';

/** What has to be as it seems for a stale entry to be stale. */
export interface Confirmable {
  /** A machine on which nothing of it may run, known by where it is, or as it is. */
  readonly location?: HostLocation;
  readonly host?: Host | undefined;
  /** Names, normalised, under which EC2 may know nothing but those machines. */
  readonly names?: readonly string[];
  /** A task that ECS may not have any more. */
  readonly task?: TaskRef | undefined;
  /** An address (canonical) that only tasks and hosts which are known may have. */
  readonly address?: string;
}

/** Everything that follows from the kind of a match. */
export interface MatchSpec<M = Match> {
  /** What is said of such an entry, after "the entry". */
  readonly it: string;
  /** The first that applies decides; the last one always does. */
  readonly rules: readonly Rule<M>[];
  readonly evidence: (match: M, input: Pick<ProbeRule, 'targetsOf' | 'ecsHealthOf'>) => Evidence;
  /** The clusters that the entry is attributed to; none where it may be any cluster's. */
  readonly clusters: (match: M) => readonly Cluster[];
  /** What is confirmed before the entry goes as stale; nothing where it was seen to end. */
  readonly confirm: (match: M, entry: Entry, evidence: Evidence) => Confirmable;
}

/** What a kind need not say has the value that `NOTHING_MORE` has. */
type Spec<M> = Pick<MatchSpec<M>, 'it' | 'rules'> & Partial<MatchSpec<M>>;
type Specs = { readonly [K in MatchKind]: Spec<MatchOf<K>> };

const nothing = () => ({});
const NOTHING_MORE = { evidence: nothing, clusters: () => [], confirm: nothing };

/** What kinds that are about one container have in common. */
const OF_CONTAINER = {
  evidence: ({ container }: { readonly container: Container }) => containerEvidence(container),
  clusters: ({ container }: { readonly container: Container }) => [container.cluster],
};

const AT_LOCATION = {
  evidence: ({ location }: { readonly location: HostLocation }) => ({
    cluster: location.cluster.name,
    ...(location.instanceId === undefined ? {} : { instance: location.instanceId }),
  }),
  clusters: ({ clusters }: { readonly clusters: readonly Cluster[] }) => clusters,
  confirm: (
    { location, task }: { readonly location: HostLocation; readonly task?: TaskRef },
    entry: Entry,
  ) => ({
    location,
    task,
    names: location.state === 'unreachable' ? namesIn(entry) : [],
    ...interfaceAt(location.instanceId, location.address),
  }),
};

/** Where no machine is known, a second VPC may have the address, and with it the name. */
function interfaceAt(instanceId: string | undefined, address: string | undefined) {
  const canonical = instanceId === undefined ? canonicalAddress(address ?? '') : undefined;
  return canonical === undefined ? {} : { address: canonical };
}

/** Where only a name or an address speaks for an entry, and another's may be the same. */
function notCovered<M extends Match>(words: string): Rule<M> {
  return held(
    unverified(
      'host-not-covered',
      words,
      (match, { entry, input }) => input.outside(match, entry) !== undefined,
    ),
  );
}

const addressOnly = ({ address }: { readonly address: string }) => ({ address });

/** Only of what would be live otherwise: what fails, and what is uncertain, goes or stays as such. */
function duplicate(what: 'port' | 'address') {
  return stale(
    'duplicate',
    `its ${what} has a set of its own under the name, and this one has more values, or an older form`,
    ({ duplicateOf }: { readonly duplicateOf?: RecordSet }) =>
      duplicateOf && { own: String(duplicateOf.SetIdentifier) },
  );
}

/** Only what would be live otherwise, of hosts whose containers are to go elsewhere. */
function drained<K extends 'endpoint' | 'addressed'>(
  words: string,
  containerOf: (match: MatchOf<K>) => Container,
) {
  return draining<MatchOf<K>>(
    'draining',
    words,
    (match, { input }) => input.drains && containerOf(match).host?.isDraining === true,
  );
}

/** What an entry leads to → its verdict and reason: the whole rule, by kind of match. */
export const MATCH_SPECS: Specs = {
  foreign: {
    it: 'is not one that this worker manages',
    rules: [
      byReason(
        'foreign',
        {
          apex: 'it is of the zone itself',
          alias: 'it is an alias',
          'traffic-policy': 'a traffic policy owns it',
          'record-type': 'it is neither SRV nor the address of a host or a task',
          'other-host': 'it is not of the host whose agent looks at it',
          'name-not-managed': 'no pattern of `manage` fits its name',
          'not-weighted': 'it is not weighted',
          'set-identifier':
            'its set identifier names no container: it is neither `HOST:DOCKER_ID` nor a Docker id',
        },
        ({ reason }) => reason,
      ),
    ],
  },
  malformed: {
    it: 'has a value that cannot be read',
    rules: [
      unverified(
        'malformed-value',
        'its value is not `priority weight port target`',
        (_, { entry }) => entry.type === 'SRV',
      ),
      unverified('malformed-value', 'its value is no address'),
    ],
  },
  unresolved: {
    it: 'leads to a name that tells no host, or several',
    rules: [unverified('target-unresolved', 'its target is a name that tells no host, or several')],
  },
  endpoint: {
    it: 'leads to a running container',
    rules: [
      unverified(
        'address-unknown',
        'it is to be checked, and its address is not known',
        ({ address, endpoint }, { input }) => address === undefined && needsProbe(endpoint, input),
      ),
      held(unverified('grace-period', 'the check fails in its grace period', whereFailing(graceEvidence))),
      unverified(
        'below-threshold',
        'the check fails, but not in enough runs in a row',
        whereFailing(spareEvidence),
      ),
      unverified(
        'task-starting',
        'the check fails, and another container of its name is starting at its host and port',
        (match, facts) => failureOf(match, facts) !== undefined && match.competing !== undefined,
      ),
      byReason(
        'unhealthy',
        {
          'http-status': 'it answers with another status',
          'connection-refused': 'it refuses the connection',
          'connection-reset': 'it ends the connection',
          timeout: 'it does not answer in time',
          unreachable: 'there is no way to it',
          'protocol-error': 'it does not speak HTTP',
          'not-serving': 'its gRPC health service says so',
          tls: 'its certificate is not valid',
          'body-mismatch': 'its answer lacks what is looked for',
          'ecs-unhealthy':
            'ECS calls it UNHEALTHY, and it is ECS that checks it, or it is essential and `health.trustEcs` is set',
          'target-unhealthy':
            'a target group finds it unhealthy and none finds it healthy, and `health.trustTargetGroups` has its ECS service',
        },
        failureOf,
      ),
      held(unverified('deadline', 'time ran out', couldNotTell('deadline'))),
      unverified('address-not-allowed', 'its address may not be probed', couldNotTell('address-not-allowed')),
      unverified('checker-error', 'the worker could not ask', couldNotTell('checker-error')),
      unverified(
        'too-few-attempts',
        'the check fails, but time ran out before the last attempt',
        couldNotTell('too-few-attempts'),
      ),
      unverified(
        'malformed-answer',
        'its answer begins as HTTP and then breaks its rules',
        couldNotTell('malformed-answer'),
      ),
      unverified(
        'task-starting',
        'ECS checks it, and has not found out yet how it is',
        ({ endpoint }, { input }) =>
          isCheckedByEcs(endpoint, input) && input.ecsHealthOf(endpoint.container) === 'UNKNOWN',
      ),
      unverified('recovering', 'the check passes again, but not in enough runs in a row', recoveryEvidence),
      duplicate('port'),
      drained<'endpoint'>(
        'under `sync`, nothing speaks against it, but its host is being drained',
        ({ endpoint }) => endpoint.container,
      ),
      live('healthy', 'ECS checks it, and finds it healthy', ({ endpoint }, { input }) =>
        isCheckedByEcs(endpoint, input),
      ),
      live('running', 'it is not to be checked', (_, { outcome }) => outcome === undefined),
      live('healthy', 'the check of its successor passes', ({ isSuccessor }) => isSuccessor),
      live(
        'recovered',
        'the check failed first, and passes right before the entry is to go',
        (_, { outcome }) => outcome?.kind === 'healthy' && outcome.hasRecovered === true,
      ),
      live('healthy', 'the check passes'),
    ],
    evidence: ({ endpoint, address, isSuccessor }, { targetsOf, ecsHealthOf }) => {
      const { container, port } = endpoint;
      const ecsHealth = ecsHealthOf(container);
      return {
        ...containerEvidence(container),
        ...(address === undefined ? {} : { address: socketAddress(address, port) }),
        ...(ecsHealth === 'UNKNOWN' ? {} : { ecsHealth }),
        ...targetEvidence(targetsOf(endpoint)),
        ...(isSuccessor ? { successor: container.id ?? container.name } : {}),
      };
    },
    clusters: ({ endpoint }) => [endpoint.container.cluster],
  },
  starting: {
    it: 'may belong to a container that ECS has not fully reported yet',
    rules: [unverified('task-starting', 'ECS has not fully reported the container')],
    ...OF_CONTAINER,
  },
  stopping: {
    it: 'leads to a container whose task is being stopped',
    rules: [stale('task-stopping', 'its task is being stopped')],
    ...OF_CONTAINER,
  },
  'port-not-exposed': {
    it: 'names a running container that does not bind its port',
    rules: [unverified('port-not-bound', 'its container runs, but does not bind the port')],
    ...OF_CONTAINER,
  },
  'ports-unread': {
    it: 'leads to where a container runs whose ports are not known',
    rules: [unverified('service-unknown', 'the task definition of what runs there could not be read')],
    ...OF_CONTAINER,
  },
  'container-gone': {
    it: 'names a container that the engine of its host does not run',
    rules: [stale('task-gone', 'the engine of its host does not run its container')],
    evidence: ({ host, containerId }) => ({
      cluster: host.cluster.name,
      instance: host.instanceId,
      container: containerId,
    }),
    clusters: ({ host }) => [host.cluster],
    confirm: ({ host }) => ({ host }),
  },
  replaced: {
    it: 'names a container that is gone, and another has its host and port',
    rules: [
      unverified(
        'service-unknown',
        'by a container whose service cannot be known',
        ({ by }) => by === 'unknown-service',
      ),
      notCovered('only a name and a port speak for it, and a host that is out of sight may have the same'),
      stale(
        'superseded',
        'by a newer container of the service, which has an entry of its own',
        ({ by }) => by === 'same-service',
      ),
      stale('port-reassigned', 'by a container of another service'),
    ],
    evidence: ({ endpoint, heldUnder }) => ({
      ...containerEvidence(endpoint.container),
      ...serviceEvidence(endpoint, heldUnder),
    }),
    clusters: ({ clusters }) => clusters,
    confirm: ({ endpoint, task }) => ({
      host: endpoint.container.host,
      task,
      ...interfaceAt(endpoint.container.host?.instanceId, endpoint.address),
    }),
  },
  'no-task-on-host': {
    it: 'leads to a known host, on which nothing of it runs',
    rules: [
      notCovered('only a name speaks for it, and a host that is out of sight may have the same'),
      stale('task-gone', 'nothing that it could lead to runs on its host'),
    ],
    ...AT_LOCATION,
  },
  'host-present': {
    it: 'is the A entry of a known host',
    rules: [live('host-present', 'it is the A entry of a host that is there')],
    ...AT_LOCATION,
    confirm: nothing,
  },
  'host-gone': {
    it: 'leads to a host that is no more',
    rules: [
      // EC2 and ECS may both be wrong; a container that answers is there.
      live(
        'healthy',
        'the container answers healthily all the same',
        (_, { outcome }) => outcome?.kind === 'healthy',
      ),
      notCovered(
        'only the name of what is gone speaks for it, and a host that is out of sight may have the same',
      ),
      stale('instance-gone', 'no container answers there'),
    ],
    ...AT_LOCATION,
  },
  'host-unknown': {
    it: 'leads to a host that no cluster which was read has registered',
    rules: [
      notCovered('its host may be of another region, account or VPC'),
      held(
        stale('task-gone', 'EC2 has the host, but no cluster that was read', ({ hostName }, { input }) =>
          input.unknownHosts.existing.has(hostName),
        ),
      ),
      // The host of a container without Docker was its task's network interface, and went with the task.
      stale(
        'task-gone',
        "its host was the task's own network interface, which is gone",
        ({ containerId }) => containerId !== undefined && isTaskContainerId(containerId),
      ),
      stale('instance-gone', 'EC2 does not have the host'),
    ],
    evidence: ({ hostName }) => ({ host: hostName }),
    confirm: ({ hostName }) => ({ names: [hostName] }),
  },
  addressed: {
    it: 'leads to a running task that has no port to check',
    rules: [
      duplicate('address'),
      drained<'addressed'>(
        'under `sync`, the host of its task is being drained',
        ({ container }) => container,
      ),
      live('running', 'it is the address of a running task that has no port to check'),
    ],
    ...OF_CONTAINER,
  },
  readdressed: {
    it: 'names a running task that is not known to have its address',
    rules: [
      stale(
        'superseded',
        'another entry leads to its task, which is known not to have the address',
        ({ isSuperseded }) => isSuperseded === true,
      ),
      unverified('address-differs', 'its task runs, but is not known to have the address'),
    ],
    ...OF_CONTAINER,
    confirm: addressOnly,
  },
  'task-gone': {
    it: 'names a task that is not there',
    rules: [stale('task-gone', 'its task is not there, or has ended')],
    evidence: ({ task }) => ({ cluster: task.cluster.name, task: task.taskId }),
    clusters: ({ task }) => [task.cluster],
    // What was asked itself, and did not answer, is not there; of what could not be asked, EC2 knows who has the address.
    confirm: ({ task, address }, _, evidence) =>
      address !== undefined && isUnasked(evidence) ? { task, address } : { task },
  },
  'cluster-unknown': {
    it: 'names a task of a cluster that was not read',
    rules: [unverified('cluster-not-covered', 'its task is of a cluster that was not read')],
    evidence: ({ cluster }) => ({ cluster }),
  },
  'address-reassigned': {
    it: 'is an address that a task of another name has',
    rules: [
      unverified(
        'service-unknown',
        'a task has the address whose name cannot be known',
        ({ by }) => by === 'unknown-name',
      ),
      unverified(
        'service-unknown',
        'a task without a name has the address, and no task has the name any more: it may have been theirs',
        ({ by }) => by === 'no-name',
      ),
      notCovered('a task of another name has the address, and one that is out of sight may have it, too'),
      stale('port-reassigned', 'a task of another name has the address'),
    ],
    // The task that the address was written for may run in any cluster.
    evidence: OF_CONTAINER.evidence,
    confirm: addressOnly,
  },
  'address-unassigned': {
    it: 'is an address that no task has',
    rules: [
      unverified(
        'address-of-host',
        'the label agent has written it, and EC2 has a host there that no cluster which was read has',
        ({ address, isUncertain }, { input }) =>
          isUncertain === true && input.unknownHosts.existing.has(address),
      ),
      notCovered('no task has the address, and one that is out of sight may have it'),
      stale('task-gone', 'no task has the address, in a network of known tasks or hosts'),
    ],
    evidence: addressOnly,
    confirm: addressOnly,
  },
  'address-of-host': {
    it: 'is the address of a host, on which nothing is known to run that bears the name',
    rules: [
      unverified(
        'address-of-host',
        'a host has the address, on which a container may bear the name that ECS did not start',
      ),
    ],
    evidence: addressOnly,
  },
  'address-out-of-scope': {
    it: 'is an address that no task has, in a network of which nothing is known',
    rules: [
      unverified('address-not-covered', 'no task has the address, which is public or of an unknown network'),
    ],
    evidence: addressOnly,
  },
  service: {
    it: 'is the CNAME of an ECS service',
    rules: [
      live(
        'service-balanced',
        'its ECS service is there, behind a load balancer',
        ({ status }) => status.kind === 'served',
      ),
      byReason(
        'stale',
        {
          'balancer-gone': 'its ECS service has no load balancer any more',
          'service-gone': 'its ECS service is no more',
        },
        ({ status }) => (status.kind === 'stale' ? status.reason : undefined),
      ),
      unverified(
        'cluster-not-covered',
        'its ECS service is of a cluster that was not read',
        ({ status }) => status.kind === 'kept' && status.reason === 'cluster-not-read',
      ),
      unverified('service-unread', 'the services of its cluster could not all be read'),
    ],
    evidence: ({ status }) => ({
      service: status.own.label,
      cluster: status.own.cluster,
      ...(status.kind === 'kept' ? { detail: status.detail } : {}),
    }),
    clusters: ({ clusters }) => clusters,
  },
};

function couldNotTell(reason: IndeterminateReason): When<unknown> {
  return (_, { outcome }) => outcome?.kind === 'indeterminate' && outcome.reason === reason;
}

/** What follows from the kind of a match. */
export function specOf(match: Match): MatchSpec {
  return { ...NOTHING_MORE, ...(MATCH_SPECS[match.kind] as Spec<Match>) };
}

/** Of a port that tells no name, under which one the zone has it, or where its name may stand. */
function serviceEvidence(
  { container, serviceName, nameIssue }: Endpoint,
  heldUnder: string | undefined,
): Evidence {
  const service = { service: serviceName ?? '' };
  if (heldUnder !== undefined) return { ...service, heldUnder };
  if (serviceName !== undefined && nameIssue === undefined) return service;
  const isUnread = nameIssue === undefined && container.serviceNames === 'unknown';
  return { ...service, names: isUnread ? 'task definition not read' : (nameIssue ?? 'not told') };
}

function containerEvidence({ cluster, taskArn, name, host }: Container): Evidence {
  return {
    cluster: cluster.name,
    task: taskArn,
    container: name,
    ...(host === undefined ? {} : { instance: host.instanceId }),
  };
}

/** What target groups say, and what that comes to where it comes to anything. */
function targetEvidence(states: readonly TargetState[]): Evidence {
  if (states.length === 0) return {};
  const targetHealth = targetHealthOf(states);
  return { ...(targetHealth === undefined ? {} : { targetHealth }), targets: targetWords(states) };
}

/** EC2 has told no name of an unreachable host; the entry has. */
function namesIn({ type, value, setIdentifier }: Entry): readonly string[] {
  if (type === 'A') return [normalizeName(String(setIdentifier))];
  const names = [parseSrvValue(value)?.target, parseSetIdentifier(setIdentifier)?.host];
  return [...new Set(names.filter((name) => name !== undefined))];
}
