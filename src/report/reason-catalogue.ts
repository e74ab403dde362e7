import type { WithheldReason } from '../model/registration.ts';
import type { Reason } from '../model/verdict.ts';
import type { MatchedBy } from '../plan/explain.ts';
import type { GuardrailName } from '../plan/guard/guardrail.ts';
import type { Match } from '../plan/match/match-kinds.ts';

/** What a code stands for, and what to do about an entry that has it. */
interface Words {
  readonly meaning: string;
  readonly advice: string;
}

const NOTHING = 'nothing';
const IT_GOES = 'nothing: it goes, unless a guardrail holds it';
const LOOK_AT_SERVICE = 'look at the service; `ecs-dns check` shows every attempt';

/** Why something is not registered, beside the verdict that its record would get. */
export const WITHHELD_WORDS: Readonly<Record<WithheldReason, Words>> = {
  'invalid-name': {
    meaning: 'its service name makes no name that DNS takes',
    advice: 'name the service with letters, digits, `-`, `_` and dots, labels of at most 63 characters',
  },
  'name-taken': {
    meaning: 'the name has a record beside which no weighted one can stand',
    advice: 'remove that record, or name the service otherwise',
  },
  'identifier-taken': {
    meaning: 'the name has other values under every identifier that its record could have',
    advice: 'look at those records: somebody else has written them',
  },
  'set-limit': {
    meaning: 'the name has as many values as Route 53 takes',
    advice: 'give a part of the tasks another name',
  },
  'not-dns-name': {
    meaning: 'the name of its ECS service is no label of DNS, or too long with the zone',
    advice: 'name the service with letters, digits and inner hyphens, at most 63 characters',
  },
  'service-ambiguous': {
    meaning: 'ECS services of several clusters want the name, and none of them has it',
    advice: 'leave all but one of them out of `cname`, or name them differently',
  },
  'several-balancers': {
    meaning: 'its ECS service is behind more than one load balancer',
    advice: 'write the record by hand: nobody can tell which one is meant',
  },
  'balancer-unknown': {
    meaning: 'what balances the load of its ECS service could not be found out',
    advice: 'look at what could not be read, and at the target groups of the service',
  },
  'host-name-unknown': {
    meaning: 'neither EC2 nor ECS tells a name or an address of where it runs',
    advice:
      'give the network interface an address or the host a private DNS name; machines of ECS Anywhere have none',
  },
};

/** What a reason for not registering stands for. */
export function withheldMeaning(reason: WithheldReason | Reason): string {
  return isWithheldReason(reason) ? WITHHELD_WORDS[reason].meaning : REASON_WORDS[reason].meaning;
}

/** What to do about it. */
export function withheldAdvice(reason: WithheldReason | Reason): string {
  return isWithheldReason(reason) ? WITHHELD_WORDS[reason].advice : REASON_WORDS[reason].advice;
}

function isWithheldReason(reason: WithheldReason | Reason): reason is WithheldReason {
  return Object.hasOwn(WITHHELD_WORDS, reason);
}

/** Every reason code in words, for people who ask and for the documentation. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  healthy: { meaning: 'the health check passed', advice: NOTHING },
  running: { meaning: 'its container runs, and is not to be checked', advice: NOTHING },
  'host-present': { meaning: 'the host of this A entry is there', advice: NOTHING },
  'service-balanced': { meaning: 'its ECS service is there, behind a load balancer', advice: NOTHING },

  'task-gone': { meaning: 'nothing that it could lead to runs, on its host or anywhere', advice: IT_GOES },
  'task-stopping': { meaning: 'its task is being stopped', advice: IT_GOES },
  'instance-gone': { meaning: 'its host is no more', advice: IT_GOES },
  'port-reassigned': {
    meaning: 'its host and port, or its address, belong to another service now',
    advice: IT_GOES,
  },
  superseded: {
    meaning:
      'there is a better entry: of the newer container at its host and port, or at the address of its task',
    advice: IT_GOES,
  },
  'service-gone': { meaning: 'its ECS service is no more', advice: IT_GOES },
  'balancer-gone': { meaning: 'its ECS service has no load balancer any more', advice: IT_GOES },

  'http-status': {
    meaning: 'it answers with a status that `health.matcher` does not accept',
    advice: LOOK_AT_SERVICE,
  },
  'connection-refused': { meaning: 'nothing listens at its address and port', advice: LOOK_AT_SERVICE },
  'connection-reset': { meaning: 'it ends the connection before it has answered', advice: LOOK_AT_SERVICE },
  timeout: {
    meaning: 'it does not answer within `health.timeout`',
    advice: 'look at the service, and at the security groups between it and the worker',
  },
  unreachable: { meaning: 'there is no way to its address', advice: 'look at routes and security groups' },
  'protocol-error': {
    meaning: 'what it answers is no HTTP',
    advice: 'check by `tcp`, or at another port: `health.services` or `SERVICE_…_CHECK_…`',
  },
  tls: {
    meaning: 'its certificate is not valid, or it speaks no TLS',
    advice: 'renew it; or set `hostName` or `tlsSkipVerify` for the service',
  },
  'body-mismatch': {
    meaning: 'its answer lacks what `health.bodyContains` asks for',
    advice: LOOK_AT_SERVICE,
  },
  'ecs-unhealthy': {
    meaning: "ECS's own health check fails, and `health.trustEcs` believes it",
    advice: 'look at the service',
  },
  'service-unread': {
    meaning: 'nobody can tell whether its ECS service is still there',
    advice: 'look at what could not be read, and at the services that want the name',
  },

  draining: {
    meaning: 'its host is being drained, and will lose it',
    advice: 'nothing: it goes as soon as the name has another',
  },

  'address-unknown': {
    meaning: 'EC2 does not tell the address of its host, and neither does the zone',
    advice: 'usual for external instances: add an A record, or turn the check off for the service',
  },
  'address-not-allowed': {
    meaning: 'its address is in none of the ranges of `health.allow`',
    advice: 'add the range',
  },
  'checker-error': {
    meaning: 'the worker could not ask: it had no socket left, or the check makes no sense',
    advice: 'lower `health.concurrency`, or raise the limit of open files',
  },
  deadline: {
    meaning: 'time ran out before it was probed',
    advice: 'give the run more time, or raise `health.budget` and `health.concurrency`',
  },
  'grace-period': {
    meaning: 'its check fails, but its container has only just started',
    advice: 'wait; set `health.gracePeriod`, or the grace period of the ECS service',
  },
  'below-threshold': {
    meaning: 'its check fails, but has not failed in enough runs in a row',
    advice: 'wait; `health.unhealthyThreshold` says how many',
  },
  recovering: {
    meaning: 'its check passes again, but has not passed in enough runs in a row',
    advice: 'wait; `health.healthyThreshold` says how many',
  },
  'malformed-value': {
    meaning: 'its value is not `priority weight port target`, or no address of its type',
    advice: 'remove it by hand: nobody can follow it',
  },
  'target-unresolved': {
    meaning: 'it points at a name of the zone that tells no host',
    advice: 'nothing, if it is meant so',
  },
  'host-not-covered': {
    meaning: 'its host belongs to another region or VPC than the inventory does',
    advice: 'leave it to the worker of that region, or remove it by hand',
  },
  'escaped-name': {
    meaning: 'its name has a wildcard or another character that no agent writes',
    advice: 'remove it by hand, if it is to go',
  },
  'task-starting': {
    meaning: 'it may belong to a container that ECS has not fully reported yet',
    advice: 'wait for the next run',
  },
  'port-not-bound': {
    meaning: 'its container runs, but does not bind the port',
    advice: 'compare the port mappings of the task definition with the entry',
  },
  'service-unknown': {
    meaning: 'its host and port, or its address, belong to another container, whose service cannot be known',
    advice: 'grant `ecs:DescribeTaskDefinition`, or name the port with `SERVICE_<port>_NAME`',
  },
  'cluster-not-covered': {
    meaning: 'it names a task of a cluster that was not read, or of another region or account',
    advice: 'leave it to the worker of that cluster; read more `clusters`; or remove it by hand',
  },
  'address-differs': {
    meaning: 'its task runs, but is not known to have its address: ECS tells no public ones',
    advice: 'nothing, if the address is a public one; else remove it by hand',
  },
  'address-not-covered': {
    meaning: 'no task has its address, and none is known in its network, or it is a public one',
    advice: 'leave it to the worker of that network, or remove it by hand',
  },

  'record-type': { meaning: 'it is neither SRV nor the address of a host or a task', advice: NOTHING },
  alias: { meaning: 'it is an alias', advice: NOTHING },
  'traffic-policy': { meaning: 'a traffic policy owns it', advice: NOTHING },
  apex: { meaning: 'it is of the zone itself', advice: NOTHING },
  'not-weighted': {
    meaning: 'it is not weighted, as the agents’ entries are',
    advice: 'set `manage` to `zone` or to patterns, if it is yours',
  },
  'set-identifier': {
    meaning: 'its set identifier is not of the form `HOST:DOCKER_ID`, nor one of this worker',
    advice: 'set `manage` to `zone` or to patterns, if it is yours',
  },
  'name-not-managed': {
    meaning: 'no pattern of `manage` fits its name',
    advice: 'add a pattern, if it is yours',
  },
};

/** What a guardrail is for. */
interface GuardrailWords {
  readonly holdsBack: string;
  readonly byDefault: string;
  readonly liftedBy: string;
  /** A detail as a report has it. */
  readonly example: string;
}

const ALWAYS = 'always on';

/** Every guardrail in words, for people who ask and for the documentation. */
export const GUARDRAIL_WORDS: Readonly<Record<GuardrailName, GuardrailWords>> = {
  'inventory-incomplete': {
    holdsBack:
      'entries of a cluster that was not read completely; of no known cluster while something is unread',
    byDefault: ALWAYS,
    liftedBy: 'nothing but the missing permission, or a run that is not throttled',
    example: 'cluster green was not read completely: cluster/green ecs:ListTasks',
  },
  'host-not-covered': {
    holdsBack: 'entries of hosts that EC2 has but no cluster that was read, and of other regions and VPCs',
    byDefault: ALWAYS,
    liftedBy: 'nothing; read more `clusters`',
    example: 'EC2 has ip-10-0-0-9.eu-west-1.compute.internal, but no cluster that was read has registered it',
  },
  'empty-inventory': {
    holdsBack: 'every stale entry, when nothing at all runs',
    byDefault: 'on',
    liftedBy: '`guardrails.allowEmpty`, `--allow-empty`',
    example: 'no task runs in 1 cluster; allow an empty inventory if that is right',
  },
  'removal-budget': {
    holdsBack:
      'every stale entry, or every unhealthy one, when they are too large a share of the managed entries',
    byDefault: '50 % each, from 10 managed entries on',
    liftedBy: '`guardrails.removalBudgetPercent`, `guardrails.unhealthyBudgetPercent`, `--force`',
    example: '412 of 600 managed entries (69 %) exceeds 50 %',
  },
  'not-confirmed': {
    holdsBack: 'stale entries of which the confirmation has seen anything else than the first',
    byDefault: ALWAYS,
    liftedBy: 'nothing but the next run',
    example: 'ECS counts 2 tasks on i-1, of which 1 could be read',
  },
  'grace-period': {
    holdsBack: 'failing entries of containers that have only just started',
    byDefault: '60 s, or what the ECS service grants if that is more',
    liftedBy: '`health.gracePeriod`',
    example: 'its container started 15 s ago; the grace period is 60 s',
  },
  'panic-threshold': {
    holdsBack:
      'unhealthy entries of a name, or of the run, of which too large a share fails; all of them when most probes fail in one network way',
    byDefault: '50 %',
    liftedBy: '`guardrails.panicPercent`, `--force`',
    example: '2 of 2 checked entries of the run fail (100 %), more than 50 %',
  },
  'min-endpoints': {
    holdsBack: 'unhealthy entries without which a name would have too few',
    byDefault: '1',
    liftedBy: '`guardrails.minEndpoints`',
    example: '_calc._tcp.discovery.internal would be left with 0 entries, fewer than 1',
  },
  'still-referenced': {
    holdsBack: 'A entries of gone hosts, and addresses of tasks, that an SRV entry which stays points at',
    byDefault: ALWAYS,
    liftedBy: 'nothing; it goes with the last SRV entry, or after it',
    example: '_calc._tcp.discovery.internal still points at it',
  },
  deadline: {
    holdsBack: 'what was not probed, or not sent, when time ran out',
    byDefault: 'on where a run has an end: `health.budget`, and the time limit of a Lambda',
    liftedBy: 'more time',
    example: 'time ran out before it was probed',
  },
};

/** Every kind of match in words that follow "it". */
export const MATCH_WORDS: Readonly<Record<Match['kind'], string>> = {
  foreign: 'is not ours',
  malformed: 'has a value that cannot be read',
  endpoint: 'leads to a running container',
  starting: 'may belong to a container that ECS has not fully reported yet',
  stopping: 'leads to a container whose task is being stopped',
  'port-not-exposed': 'names a running container that does not bind its port',
  replaced: 'names a container that is gone, and another has its host and port',
  'no-task-on-host': 'leads to a known host, on which nothing of it runs',
  'host-present': 'is the A entry of a known host',
  'host-gone': 'leads to a host that is no more',
  'host-unknown': 'leads to a host that no cluster which was read has registered',
  unresolved: 'leads to a name of the zone that tells no host',
  addressed: 'leads to a running task that has no port to check',
  readdressed: 'names a running task that is not known to have its address',
  'task-gone': 'names a task that is not there',
  'cluster-unknown': 'names a task of a cluster that was not read',
  service: 'is the CNAME of an ECS service',
  'address-reassigned': 'is an address that a task of another name has',
  'address-unassigned': 'is an address that no task has',
  'address-out-of-scope': 'is an address that no task has, in a network of which nothing is known',
};

export const MATCHED_BY_WORDS: Readonly<Record<MatchedBy, string>> = {
  'container-id': 'by the container id of its set identifier',
  successor: 'as the heir of its container: same service, same host and port, and no entry of its own',
  position: 'by service name, host and port',
  host: 'by its host alone',
  task: 'by the task that it names',
  address: 'by its address',
  nothing: '',
};
