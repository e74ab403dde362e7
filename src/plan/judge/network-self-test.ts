import { type ProbeOutcome, probedAddress, type UnhealthyReason } from '../../model/probe.ts';
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
 * on several hosts. `outcomes` by `probeKey`.
 */
export function networkSelfTest(
  outcomes: ReadonlyMap<string, ProbeOutcome>,
  limitPercent: number,
): NetworkSelfTest | undefined {
  const concluded = [...outcomes].filter(([, { kind }]) => kind !== 'indeterminate');
  for (const reason of NETWORK_REASONS) {
    const failing = concluded.filter(
      ([, outcome]) => outcome.kind === 'unhealthy' && outcome.reason === reason,
    );
    const hosts = new Set(failing.map(([key]) => probedAddress(key))).size;
    if (hosts < MIN_HOSTS || !exceedsShare(failing.length, concluded.length, limitPercent)) continue;
    const share = formatShare(failing.length, concluded.length, limitPercent);
    const detail = `${failing.length} of ${concluded.length} probes (${share}) end with ${reason}, on ${hosts} hosts: the checker's own network is the likelier cause`;
    return { reason, failing: failing.length, probed: concluded.length, hosts, detail };
  }
  return undefined;
}
