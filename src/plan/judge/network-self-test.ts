import { type ProbeOutcome, type ProbeTarget, probeKey, type UnhealthyReason } from '../../model/probe.ts';
import { exceedsShare, formatShare } from '../../model/share.ts';

/** Why the checker suspects its own network: most probes fail in one and the same way. */
export interface NetworkSelfTest {
  readonly reason: UnhealthyReason;
  readonly failing: number;
  readonly probed: number;
  readonly hosts: number;
  readonly detail: string;
}

/** Ways of failing that a broken route, a security group or a dead gateway at the checker also looks like. */
const NETWORK_REASONS = ['timeout', 'unreachable', 'connection-refused'] as const;

/** One host that is down says nothing of the checker; so many addresses do. */
const MIN_HOSTS = 3;

/**
 * The self-test: more than a share of the probes that came to a conclusion fails in one network way,
 * on several hosts. `outcomes` of the targets by `probeKey`.
 */
export function networkSelfTest(
  outcomes: ReadonlyMap<string, ProbeOutcome>,
  targets: readonly Pick<ProbeTarget, 'address' | 'port'>[],
  limitPercent: number,
): NetworkSelfTest | undefined {
  const concluded = [...outcomes.values()].filter(({ kind }) => kind !== 'indeterminate');
  for (const reason of NETWORK_REASONS) {
    const isFailing = (outcome: ProbeOutcome | undefined) =>
      outcome?.kind === 'unhealthy' && outcome.reason === reason;
    const failing = concluded.filter(isFailing);
    const failingTargets = targets.filter((target) => isFailing(outcomes.get(probeKey(target))));
    const hosts = new Set(failingTargets.map(({ address }) => address)).size;
    if (hosts < MIN_HOSTS || !exceedsShare(failing.length, concluded.length, limitPercent)) continue;
    const share = formatShare(failing.length, concluded.length, limitPercent);
    const detail = `${failing.length} of ${concluded.length} probes (${share}) end with ${reason}, on ${hosts} hosts: the checker's own network is the likelier cause`;
    return { reason, failing: failing.length, probed: concluded.length, hosts, detail };
  }
  return undefined;
}
