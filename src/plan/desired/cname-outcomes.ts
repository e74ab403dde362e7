import type { BalancedService } from '../../model/balanced-service.ts';
import type { ChangeGroup } from '../../model/change.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { Notice } from '../../model/inventory.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { WithheldReason } from '../../model/registration.ts';

/** A service that is to have a CNAME. */
export interface DesiredCname {
  readonly service: BalancedService;
  readonly cluster: Cluster;
  /** The cluster's key in set identifiers. */
  readonly key: string;
  /** Normalised, with the zone. */
  readonly name: string;
}

/** Why a service gets no CNAME; `WITHHELD_REASONS` has what each stands for. */
export type CnameWithheldReason = Extract<
  WithheldReason,
  | 'not-dns-name'
  | 'name-taken'
  | 'service-ambiguous'
  | 'several-balancers'
  | 'balancer-unknown'
  | 'name-protected'
  | 'not-approved'
>;

/**
 * What is to become of the CNAME of one service.
 *
 * | kind     | the name …                                                                                |
 * |----------|-------------------------------------------------------------------------------------------|
 * | present  | has it: this worker's own, or a plain one to the same load balancer, which is left as it is |
 * | create   | gets it, alone or in place of that of a service that is gone                              |
 * | replace  | has it, and it is written anew                                                            |
 * | withheld | does not get it                                                                           |
 */
export type PlannedCname =
  | { readonly kind: 'present'; readonly desired: DesiredCname; readonly recordSet: RecordSet }
  | { readonly kind: 'create' | 'replace'; readonly desired: DesiredCname; readonly group: ChangeGroup }
  | WithheldCname;
export type WithheldCname = ReturnType<typeof withhold>;

/**
 * What is said of CNAMEs that are as wanted, and are no set of this worker's: it takes out none that it did not make.
 * Nothing where there are none.
 */
export function plainCnameNotices(planned: readonly PlannedCname[]): readonly Notice[] {
  const plain = planned.filter((one) => one.kind === 'present' && one.recordSet.SetIdentifier === undefined);
  const names = [...new Set(plain.map(({ desired }) => desired.name))];
  if (names.length === 0) return [];
  const [are, they] =
    names.length === 1
      ? ['1 name has a plain CNAME to the balancer of its service, which stays when that ends', 'it']
      : [
          `${names.length} names have plain CNAMEs to the balancers of their services, which stay when those end`,
          'them',
        ];
  const detail = `${are}: with correct: true this worker makes ${they} its own, and takes ${they} out then`;
  return [{ subject: 'cname', detail }];
}

/** A service that gets no CNAME, and why. */
export function withhold(desired: DesiredCname, reason: CnameWithheldReason, detail: string) {
  return { kind: 'withheld', desired, reason, detail } as const;
}
