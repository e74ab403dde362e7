import { type Container, NO_GRACE } from '../model/inventory.ts';
import { type ProbeOutcome, probeKey } from '../model/probe.ts';
import { isTrustedUnhealthy, type ProbeRule, probeTargetOf } from '../plan/judge/probe-targets.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import type { ProbeOptions } from '../probe/prober.ts';
import type { Ports } from './ports.ts';
import type { ProbeResults } from './run.ts';

/** Probes what entries lead to, and then asks ECS for the grace periods of those services that fail. */
export async function probeEndpoints(
  matched: readonly Matched[],
  rule: ProbeRule,
  { prober, inventory, memory }: Ports,
  options: ProbeOptions,
  signal: AbortSignal | undefined,
): Promise<ProbeResults> {
  const targets = matched.flatMap(({ match }) => probeTargetOf(match, rule) ?? []);
  const [outcomes, history] = await Promise.all([
    prober.probe(targets, options, signal),
    memory.load(signal),
  ]);
  const failing = failingContainers(matched, rule, outcomes);
  return {
    outcomes,
    history,
    grace: failing.length === 0 ? NO_GRACE : await inventory.lookUpGracePeriods(failing, signal),
  };
}

function failingContainers(
  matched: readonly Matched[],
  rule: ProbeRule,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
): readonly Container[] {
  return matched.flatMap(({ match }) => {
    if (match.kind !== 'endpoint') return [];
    const { container } = match.endpoint;
    const target = probeTargetOf(match, rule);
    const isUnhealthy = target !== undefined && outcomes.get(probeKey(target))?.kind === 'unhealthy';
    return isUnhealthy || isTrustedUnhealthy(container, rule) ? [container] : [];
  });
}
