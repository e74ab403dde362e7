import type { CheckedEndpoint, CheckResult } from '../model/check-result.ts';
import { asks, type HealthCheck } from '../model/health-check.ts';
import type { Endpoint } from '../model/inventory.ts';
import { type AttemptReport, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { CheckOf } from '../plan/policy.ts';
import type { Prober } from '../probe/prober.ts';
import type { Ports } from '../run/ports.ts';

/** What is to be checked: one address and port, or every endpoint of a service. */
export type CheckSelector =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'service'; readonly serviceName: string };

/** Checks one address now, attempt by attempt; nothing is checked when health checks are off. */
export async function checkAddress(
  { address, port }: Extract<CheckSelector, { kind: 'address' }>,
  prober: Prober,
  check: HealthCheck,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const candidates = !asks(check) ? [] : [{ target: { address, port, check }, endpoint: undefined }];
  return { checked: await probeAll(candidates, prober, signal), unchecked: [], incomplete: [], notices: [] };
}

/** Checks every running endpoint of a service now, for people who look for what is wrong with a health check. */
export async function checkService(
  { serviceName }: Extract<CheckSelector, { kind: 'service' }>,
  { inventory, prober }: Pick<Ports, 'inventory' | 'prober'>,
  checkOf: CheckOf,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const { endpoints, incomplete, notices } = await inventory.take(() => {}, signal);
  const found = endpoints.filter((endpoint) => {
    const { addressName, phase } = endpoint.container;
    return phase === 'running' && [endpoint.serviceName, addressName].includes(serviceName);
  });
  const candidates = found.flatMap((endpoint): readonly Candidate[] => {
    const { address, port } = endpoint;
    const check = checkOf(endpoint);
    return address === undefined || !asks(check) ? [] : [{ endpoint, target: { address, port, check } }];
  });
  const asked = new Set(candidates.map(({ endpoint }) => endpoint));
  return {
    checked: await probeAll(candidates, prober, signal),
    unchecked: found.filter((endpoint) => !asked.has(endpoint)),
    incomplete,
    notices,
  };
}

interface Candidate {
  readonly endpoint: Endpoint | undefined;
  readonly target: ProbeTarget;
}

async function probeAll(
  candidates: readonly Candidate[],
  prober: Prober,
  signal: AbortSignal | undefined,
): Promise<readonly CheckedEndpoint[]> {
  const attempts: AttemptReport[] = [];
  const onAttempt = (report: AttemptReport) => attempts.push(report);
  const targets = candidates.map(({ target }) => target);
  const outcomes = await prober.probe(targets, { onAttempt }, signal);
  return candidates.flatMap(({ target, endpoint }) => {
    const outcome = outcomes.get(probeKey(target));
    const own = attempts.filter((report) => probeKey(report.target) === probeKey(target));
    return outcome === undefined ? [] : [{ target, endpoint, outcome, attempts: own }];
  });
}
