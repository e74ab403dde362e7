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
 * | protected  | would go, but a Route 53 protection blocks every change of its name                |
 * | foreign    | is not provably ours                                                               |
 */
export const VERDICTS = [
  'live',
  'stale',
  'unhealthy',
  'draining',
  'unverified',
  'protected',
  'foreign',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdicts that ask for the removal of an entry. */
export type RemovableVerdict = Extract<Verdict, 'stale' | 'unhealthy' | 'draining'>;

export function isRemovableVerdict(verdict: Verdict): verdict is RemovableVerdict {
  return verdict === 'stale' || verdict === 'unhealthy' || verdict === 'draining';
}

/** What a code stands for, and what to do about an entry that has it. */
export interface ReasonWords {
  readonly meaning: string;
  readonly advice: string;
}

/** The words of a code about which, without an advice, there is nothing to do. */
export function words(meaning: string, advice = 'nothing'): ReasonWords {
  return { meaning, advice };
}

const IT_GOES = 'nothing: the entry goes, unless a guardrail holds it back';
const SET_MANAGE = 'set `manage` to `zone` or to patterns, if the record is yours';
const LOOK_AT_SERVICE = 'look at the service; `ecs-dns check` shows every attempt';

/** Every reason there is, by the verdict it can stand for: what it says of an entry, and what to do about it. */
export const REASONS = {
  live: {
    healthy: words('the health check passed'),
    recovered: words('the health check failed first, and passed right before the entry was to go'),
    running: words('its container runs, and is not to be checked'),
    'host-present': words('the host of this A entry is there'),
    'service-balanced': words('its ECS service is there, behind a load balancer'),
  },
  stale: {
    'task-gone': words('nothing runs that the entry could lead to, on its host or anywhere', IT_GOES),
    'task-stopping': words('its task is being stopped', IT_GOES),
    'instance-gone': words('its host is no more', IT_GOES),
    'port-reassigned': words('its host and port, or its address, belong to another service now', IT_GOES),
    superseded: words(
      'the newer container at its host and port, or at the address of its task, has a better entry',
      IT_GOES,
    ),
    duplicate: words('another record set of the name leads to the same place', IT_GOES),
    'service-gone': words('its ECS service is no more', IT_GOES),
    'balancer-gone': words('its ECS service has no load balancer any more', IT_GOES),
  },
  unhealthy: {
    'http-status': words(
      'the endpoint answers with a status that `health.matcher` does not accept',
      LOOK_AT_SERVICE,
    ),
    'connection-refused': words('nothing listens at its address and port', LOOK_AT_SERVICE),
    'connection-reset': words('the endpoint ends the connection without an answer', LOOK_AT_SERVICE),
    timeout: words(
      'the endpoint does not answer within `health.timeout`',
      'look at the service, and at the security groups between the worker and the service',
    ),
    unreachable: words('there is no way to its address', 'look at routes and security groups'),
    'protocol-error': words(
      'what the endpoint answers is no HTTP',
      'check by `tcp`, or at another port: `health.services` or `SERVICE_…_CHECK_…`',
    ),
    'not-serving': words(
      'the gRPC health service of the endpoint says that the service does not serve',
      LOOK_AT_SERVICE,
    ),
    tls: words(
      'the certificate of the endpoint is not valid, or the endpoint speaks no TLS',
      'renew the certificate; or set `hostName` or `tlsSkipVerify` for the service',
    ),
    'body-mismatch': words(
      'the answer of the endpoint lacks what `health.bodyContains` asks for',
      LOOK_AT_SERVICE,
    ),
    'ecs-unhealthy': words(
      "ECS's own health check fails, and `health.trustEcs` makes that count",
      'look at the service',
    ),
    'target-unhealthy': words(
      'a target group of its ECS service finds the endpoint unhealthy, and `health.trustTargetGroups` makes that count',
      "look at the service, and at the target group's health check",
    ),
  },
  draining: {
    draining: words(
      'its host is being drained, and will lose its containers',
      'nothing: the entry goes as soon as the name has another',
    ),
  },
  unverified: {
    'address-unknown': words(
      'EC2 does not tell the address of its host, and neither does the zone',
      'usual for external instances: add an A record, or turn the check off for the service',
    ),
    'address-not-allowed': words('its address is in none of the ranges of `health.allow`', 'add the range'),
    'checker-error': words(
      'the worker could not ask: no socket was left, no way may lead there, or the check makes no sense',
      'look at routes and security groups between the worker and the service; lower `health.concurrency`, or raise the limit of open files',
    ),
    'malformed-answer': words(
      'what the endpoint answers begins as HTTP and then breaks its rules: the clients may live with that',
      'correct the answer, as `errorCode` says; or check the service by `tcp`',
    ),
    deadline: words(
      'time ran out before the endpoint was asked, or before it could answer',
      'give the run more time, or raise `health.budget` and `health.concurrency`',
    ),
    'too-few-attempts': words(
      'its check fails, but time ran out before all of `health.attempts` were made',
      'give the run more time, or lower `health.timeout` and `health.interval`',
    ),
    'grace-period': words(
      'its check fails, but its container has only just started',
      'wait; set `health.gracePeriod`, or the grace period of the ECS service',
    ),
    'below-threshold': words(
      'its check fails, but has not failed in enough runs in a row',
      'wait; `health.unhealthyThreshold` says how many',
    ),
    recovering: words(
      'its check passes again, but has not passed in enough runs in a row',
      'wait; `health.healthyThreshold` says how many',
    ),
    'malformed-value': words(
      'its value is not `priority weight port target` with a port above 0, or no address of its type',
      'remove the entry by hand: no client can follow it',
    ),
    'still-answers': words(
      'nothing is known to run there, but its endpoint answers',
      'find out what answers: a container of another account, of a cluster that was not read, or one that ECS did not start; remove the entry by hand, if it is to go',
    ),
    'target-unresolved': words(
      'its target is a name that tells no host, or several',
      'nothing, if that is intended',
    ),
    'host-not-covered': words(
      'its host, or its address, may be of another region, account or VPC, which this role does not see',
      'leave the entry to the worker there; keep a `state`, which knows the containers that were seen; or remove the entry by hand',
    ),
    'out-of-scope': words(
      'the run was about a few tasks alone, and the entry leads to none of them',
      'nothing: the next whole run looks at the entry',
    ),
    'escaped-name': words(
      'its name has a wildcard or another character that no agent writes',
      'remove the entry by hand, if it is to go',
    ),
    'task-starting': words(
      'the entry may belong to a container that ECS has not fully reported yet',
      'wait for the next run',
    ),
    'port-not-bound': words(
      'its container runs, but does not bind the port',
      'compare the port mappings of the task definition with the entry',
    ),
    'service-unknown': words(
      'its host and port, or its address, belong to another container, whose service cannot be known',
      'name the port with `SERVICE_<port>_NAME` under `environment`, or as a docker label; grant `ecs:DescribeTaskDefinition`',
    ),
    'service-unread': words(
      'whether its ECS service is still there could not be read',
      'look at what could not be read, and at the services that want the name',
    ),
    'cluster-not-covered': words(
      'the entry names a task of a cluster that was not read, or of another region or account',
      'leave the entry to the worker of that cluster; read more `clusters`; or remove the entry by hand',
    ),
    'address-differs': words(
      'its task runs, but is not known to have the address: ECS tells no public addresses',
      'nothing, if the address is a public one; else remove the entry by hand',
    ),
    'address-of-host': words(
      'the label agent has written the entry, and the address is that of a host on which nothing is known to bear the name',
      'remove the entry by hand, unless a container that ECS did not start bears the name there',
    ),
    'address-not-covered': words(
      'no task has the address; no task is known in the network of the address, or the address is public',
      'leave the entry to the worker of that network, or remove it by hand',
    ),
  },
  protected: {
    'name-protected': words(
      'a record set protection of Route 53 covers its name and type',
      'remove the protection, if the entry is to go',
    ),
  },
  foreign: {
    'record-type': words('the record is neither SRV nor the address of a host or a task'),
    alias: words('the record is an alias'),
    'traffic-policy': words('a traffic policy owns the record'),
    apex: words('the record has the name of the zone itself'),
    'not-weighted': words('the record is not weighted, as the agents’ entries are', SET_MANAGE),
    'set-identifier': words(
      'its set identifier is neither `HOST:DOCKER_ID` nor a Docker id, nor one of this worker',
      SET_MANAGE,
    ),
    'other-host': words('the record is of another host than that of the agent'),
    'name-not-managed': words(
      'no pattern of `manage` fits its name',
      'add a pattern, if the record is yours',
    ),
  },
} as const satisfies Readonly<Record<Verdict, Readonly<Record<string, ReasonWords>>>>;

export type ReasonOf<V extends Verdict> = V extends Verdict ? keyof (typeof REASONS)[V] : never;
export type ForeignReason = ReasonOf<'foreign'>;

/** Why an entry may be removed. */
export const REMOVAL_REASONS = [REASONS.stale, REASONS.unhealthy, REASONS.draining].flatMap((reasons) =>
  Object.keys(reasons),
);

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

export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = Object.assign(
  {},
  ...Object.values(REASONS),
);
