import type { Entry } from './entry.ts';

/**
 * What an entry is found to be, and why.
 *
 * | verdict    | the entry …                                                                        |
 * |------------|------------------------------------------------------------------------------------|
 * | live       | leads to a running container that is healthy, or needs no check                    |
 * | stale      | leads to nothing, to another service, or to a container that has a better entry    |
 * | unhealthy  | leads to a running container that failed its health check                          |
 * | draining   | leads to a container that works, on a host that is to lose it                      |
 * | unverified | is ours, but what it leads to cannot be known                                      |
 * | foreign    | is not provably ours                                                               |
 */
export const VERDICTS = ['live', 'stale', 'unhealthy', 'draining', 'unverified', 'foreign'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdicts that ask for the removal of an entry. */
export type RemovableVerdict = Extract<Verdict, 'stale' | 'unhealthy' | 'draining'>;

/** Whether a verdict asks for the removal of its entry. */
export function isRemovableVerdict(verdict: Verdict): verdict is RemovableVerdict {
  return verdict === 'stale' || verdict === 'unhealthy' || verdict === 'draining';
}

/** What a code stands for, and what to do about an entry that has it. */
export interface ReasonWords {
  readonly meaning: string;
  readonly advice: string;
}

const NOTHING = 'nothing';
const IT_GOES = 'nothing: it goes, unless a guardrail holds it';
const LOOK_AT_SERVICE = 'look at the service; `ecs-dns check` shows every attempt';

/** Every reason there is, by the verdict it can stand for: what it says of an entry, and what to do about it. */
export const REASONS = {
  live: {
    healthy: { meaning: 'the health check passed', advice: NOTHING },
    running: { meaning: 'its container runs, and is not to be checked', advice: NOTHING },
    'host-present': { meaning: 'the host of this A entry is there', advice: NOTHING },
    'service-balanced': { meaning: 'its ECS service is there, behind a load balancer', advice: NOTHING },
  },
  stale: {
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
  },
  unhealthy: {
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
  },
  draining: {
    draining: {
      meaning: 'its host is being drained, and will lose it',
      advice: 'nothing: it goes as soon as the name has another',
    },
  },
  unverified: {
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
      advice: 'remove it by hand: no client can follow it',
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
      meaning:
        'its host and port, or its address, belong to another container, whose service cannot be known',
      advice: 'grant `ecs:DescribeTaskDefinition`, or name the port with `SERVICE_<port>_NAME`',
    },
    'service-unread': {
      meaning: 'it is unknown whether its ECS service is still there',
      advice: 'look at what could not be read, and at the services that want the name',
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
  },
  foreign: {
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
  },
} as const satisfies Readonly<Record<Verdict, Readonly<Record<string, ReasonWords>>>>;

export type ReasonOf<V extends Verdict> = V extends Verdict ? keyof (typeof REASONS)[V] : never;
export type ForeignReason = ReasonOf<'foreign'>;

/** Stable codes; they appear in text, JSON and logs alike. */
export type Reason = ReasonOf<Verdict>;

/** The facts behind a verdict, flat, for people and programs. */
export type Evidence = Readonly<Record<string, string | number>>;

/** One entry with its verdict; the reason's type follows from the verdict. */
export type Judgement = {
  readonly [V in Verdict]: {
    readonly entry: Entry;
    readonly evidence: Evidence;
    readonly verdict: V;
    readonly reason: ReasonOf<V>;
  };
}[Verdict];

export type JudgementOf<V extends Verdict> = Extract<Judgement, { verdict: V }>;

/** The words of every reason, whatever its verdict. */
export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = Object.assign(
  {},
  ...Object.values(REASONS),
);
