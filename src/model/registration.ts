import type { RecordSet } from './record-set.ts';
import type { Evidence, Reason } from './verdict.ts';

/** Why a record set is created or rewritten. */
export const REGISTRATION_REASONS = [
  'missing',
  'corrected',
  'merged',
  'split',
  'adopted',
  'balancer-replaced',
] as const;
export type RegistrationReason = (typeof REGISTRATION_REASONS)[number];

/**
 * Why what runs is not registered, although it has a name and no record of its own.
 *
 * | reason            | meaning                                                                       |
 * |-------------------|-------------------------------------------------------------------------------|
 * | invalid-name      | its service name makes no name that DNS takes                                 |
 * | name-taken        | the name has a record that can stand beside none of ours                      |
 * | identifier-taken  | the name has other values under every identifier that it could get            |
 * | set-limit         | the name has as many values as Route 53 takes                                 |
 * | host-name-unknown | nobody tells the name of its host, so that no SRV record can point at it      |
 * | not-dns-name      | an ECS service whose name is no label of DNS, or too long with the zone       |
 * | service-ambiguous | ECS services of several clusters want the name, and none of them has it       |
 * | several-balancers | an ECS service behind more than one load balancer                             |
 * | balancer-unknown  | an ECS service of which nobody can tell what balances its load                |
 *
 * Beside these it is the reason of any verdict but live: that which its record would get.
 */
export const WITHHELD_REASONS = [
  'invalid-name',
  'name-taken',
  'identifier-taken',
  'set-limit',
  'host-name-unknown',
  'not-dns-name',
  'service-ambiguous',
  'several-balancers',
  'balancer-unknown',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];

/** A record set that ought to be in the zone and is not, before it is known whether it may be. */
export interface DesiredRecord {
  /** Exactly as it would stand in the zone. */
  readonly recordSet: RecordSet;
  /** Keys of other desiredRecords that are to be there before it, or with it. */
  readonly after: readonly string[];
  /** Keys of record sets without which it leads nowhere, in the zone or among the desiredRecords. */
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

/** What `sync` is to write. */
export interface SyncOptions {
  /** In seconds, for names that have no records yet and services that ask for nothing else. */
  readonly ttl: number;
  readonly routing: 'weighted' | 'multivalue';
  readonly ipv6: boolean;
  readonly addresses: 'private' | 'public';
  /** Whether what differs from the overrides of a service is put right. */
  readonly correct: boolean;
}
