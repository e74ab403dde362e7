import type { Routing } from './inventory.ts';
import type { RecordSet } from './record-set.ts';
import { SHORT_ID_LENGTH } from './set-identifier.ts';
import { type Evidence, REASON_WORDS, type Reason, type ReasonWords, words } from './verdict.ts';

/** Why a record set is created or rewritten. */
export const REGISTRATION_REASONS = [
  'missing',
  'corrected',
  'merged',
  'split',
  'adopted',
  'moved',
  'balancer-replaced',
  'put-back',
] as const;
export type RegistrationReason = (typeof REGISTRATION_REASONS)[number];

/**
 * Why what runs is not registered, although it has a name and no record of its own. Apart from these it is the
 * reason of any verdict but live: that which its record would get.
 */
export const WITHHELD_REASONS = {
  'invalid-name': words(
    'its service name makes no name that DNS takes',
    'name the service with letters, digits, `-`, `_` and dots, labels of at most 63 characters',
  ),
  'zone-in-name': words(
    'its service name ends with the name of the zone, which is appended to every name',
    'leave the zone out of the name: names are relative to it',
  ),
  'name-hidden': words(
    'its service name is a secret, or may stand in an environment file: no API tells it',
    'name the port with `SERVICE_<port>_NAME` under `environment`, or as a docker label; set `SERVICE_IGNORE` where it is to have no record',
  ),
  'registry-unknown': words(
    'which name the registry of its ECS service gives it cannot be known: it was not read, was deleted, or is that of another deployment',
    'look at what could not be read, and at the notices; `ecs-dns doctor` tells what the role may not; a deployment comes to its end',
  ),
  'name-empty': words(
    'the variable or label that is to name the port is empty',
    'give the port a name, or leave the variable out',
  ),
  'several-ports': words(
    'the container has several ports, of which a `SERVICE_NAME` names none',
    'name each of them with `SERVICE_<port>_NAME`',
  ),
  'no-interface': words(
    'its address has a name, and its task has no network interface of its own',
    'run the task in `awsvpc` mode, or name its port with `SERVICE_<port>_NAME`',
  ),
  'ipv6-only': words('the task has an IPv6 address alone, and `records.ipv6` is off', 'set `records.ipv6`'),
  'name-taken': words(
    'the name has a record that no weighted one can stand next to',
    'remove that record, or name the service otherwise',
  ),
  'identifier-taken': words(
    'the name has other values under every identifier that its record could have',
    'look at those records: another tool has written them',
  ),
  'identifier-too-long': words(
    'the name of its host leaves no room for the container in a set identifier',
    'give the host a shorter name: `hosts.name: ec2` takes that of EC2',
  ),
  'name-protected': words(
    'a record set protection of Route 53 covers its name and type',
    'remove the protection, if the record is to be written',
  ),
  'set-limit': words(
    'the name has as many values as Route 53 takes',
    'give a part of the tasks another name',
  ),
  'not-approved': words(
    'the plan withholds it, and what speaks for it came only after the plan was approved',
    'nothing: the next run registers it',
  ),
  'not-dns-name': words(
    'the name of its ECS service is no label of DNS, or too long with the zone',
    'name the service with letters, digits and inner hyphens, at most 63 characters',
  ),
  'service-ambiguous': words(
    'ECS services of several clusters want the name, and none of them has it',
    'leave all but one of them out of `cname`, or name them differently',
  ),
  'several-balancers': words(
    'its ECS service is behind more than one load balancer',
    'write the record by hand: the worker cannot tell which one is meant',
  ),
  'balancer-unknown': words(
    'what balances the load of its ECS service could not be found out',
    'look at what could not be read, and at the target groups of the service',
  ),
  'host-name-unknown': words(
    'neither EC2 nor ECS tells a name or an address of the machine',
    'give the network interface an address or the host a private DNS name; machines of ECS Anywhere have none',
  ),
} as const satisfies Readonly<Record<string, ReasonWords>>;
export type WithheldReason = keyof typeof WITHHELD_REASONS;

/** What a reason for not registering stands for, and what to do about it. */
export function withheldWords(reason: WithheldReason | Reason): ReasonWords {
  return isWithheldReason(reason) ? WITHHELD_REASONS[reason] : REASON_WORDS[reason];
}

/** Whether a reason is one of not registering, and not that of a verdict. */
export function isWithheldReason(reason: string): reason is WithheldReason {
  return Object.hasOwn(WITHHELD_REASONS, reason);
}

/** A record set that ought to be in the zone and is not, before it is known whether it may be. */
export interface DesiredRecord {
  /** Exactly as it would stand in the zone. */
  readonly recordSet: RecordSet;
  /** Keys of other desired records that are to be there before it, or with it. */
  readonly after: readonly string[];
  /** Keys of record sets without which it leads nowhere, in the zone or among the desired records. */
  readonly requires: readonly string[];
  /** Whether it may be there before a check has found healthy what it leads to. */
  readonly isTrusted: boolean;
  /** An entry leads to a container; a target is the address that entries point at. */
  readonly role: 'entry' | 'target';
  /** Whether something in the zone points at this target already. */
  readonly isNeeded: boolean;
}

/** What is not registered, and why. `name` and `value` are as they would stand in the zone. */
export interface Withheld {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly reason: WithheldReason | Reason;
  /** The numbers and names behind the reason, where the reason alone does not say it all. */
  readonly detail: string | undefined;
  readonly evidence: Evidence;
}

export interface SyncOptions {
  /** In seconds, for names that have no records yet and services that ask for nothing else. */
  readonly ttl: number;
  readonly routing: Routing;
  readonly ipv6: boolean;
  readonly addresses: 'private' | 'public';
  /** By which name a host is called: by default that of EC2, or as the A sets of its address call it. */
  readonly hostNames?: 'ec2' | 'zone';
  /** Whether what differs from the overrides of a service is put right. */
  readonly correct: boolean;
  /** What gets no record, although it has none: by `registrationKey`. */
  readonly except?: ReadonlySet<string> | undefined;
}

/** A container, by its id in full or its short form, under one name of the zone (normalised). */
export function registrationKey(containerId: string | undefined, name: string): string {
  return `${containerId?.slice(0, SHORT_ID_LENGTH)} ${name}`;
}
