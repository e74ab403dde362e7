import { normalizeName } from '../model/dns-name.ts';
import { entriesOf } from '../model/entry.ts';
import { type AttemptReport, probeKey } from '../model/probe.ts';
import { explainMissing, explainPlan, selectionOf } from '../plan/explain.ts';
import { isRemovable, makePlan } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import { confirm } from '../run/confirm.ts';
import { type Conduct, observe } from '../run/observe.ts';
import { planWithProtections } from '../run/plan-with-protections.ts';
import type { Ports } from '../run/ports.ts';
import type { Explained, TimedAttempt } from '../run/run.ts';
import { entryNotFound } from './entry-not-found.ts';

/**
 * One dry run that looks again at the entries of a name or set identifier, whether a guardrail holds them or not, and
 * explains them. It changes nothing and remembers nothing. Throws a `RunError` for an entry that the zone does not
 * have, before anything but the zone is read; under `sync`, where nothing is to have it.
 */
export async function explainEntry(
  selector: string,
  ports: Ports,
  policy: Policy,
  conduct: Conduct,
): Promise<Explained> {
  const attempts = new Map<string, readonly TimedAttempt[]>();
  const seen = await observe(watching(ports, selector, attempts, policy), [policy], {
    ...conduct,
    explained: selector,
  });
  const isMeant = selectionOf(selector, normalizeName(seen.zone.name));
  const { observation, plan: first } = await planWithProtections(seen, ports, policy, conduct.signal);
  const asked = first.judged.filter(({ judgement }) => isMeant(judgement.entry)).filter(isRemovable);

  const confirmation = await confirm(first, observation, ports, conduct.signal, asked);
  const plan = makePlan(observation, policy, confirmation);
  const explanations = explainPlan(plan, observation, policy, confirmation, isMeant);
  const missing = explainMissing(plan, isMeant);
  const isFound = explanations.length + missing.registering.length + missing.withheld.length > 0;
  if (!isFound) throw entryNotFound(selector, observation.zone, observation.recordSets);
  const { health } = policy;
  const finishedAt = ports.clock.now();
  return { selector, observation, health, finishedAt, confirmation, explanations, missing, attempts };
}

/** The same ports; a zone without the entry ends the run at once, and attempts are written down. */
function watching(
  ports: Ports,
  selector: string,
  attempts: Map<string, readonly TimedAttempt[]>,
  { sync }: Policy,
): Ports {
  const onAttempt = (report: AttemptReport) => {
    const key = probeKey(report.target);
    const timed = { ...report, endedAt: ports.clock.now() };
    attempts.set(key, [...(attempts.get(key) ?? []), timed]);
  };
  return {
    ...ports,
    zone: {
      ...ports.zone,
      read: async (zone, signal) => {
        const recordSets = await ports.zone.read(zone, signal);
        // Under `sync` an operator may ask for what is not there yet.
        const isMeant = selectionOf(selector, normalizeName(zone.name));
        const isMissing = sync === undefined && !entriesOf(recordSets).some(isMeant);
        if (isMissing) throw entryNotFound(selector, zone, recordSets);
        return recordSets;
      },
    },
    prober: {
      probe: (targets, options, signal) => ports.prober.probe(targets, { ...options, onAttempt }, signal),
    },
  };
}
