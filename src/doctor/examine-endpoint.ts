import type { Settings } from '../config/settings.ts';
import type { Clock } from '../model/clock.ts';
import { asks } from '../model/health-check.ts';
import type { Endpoint } from '../model/inventory.ts';
import {
  type IndeterminateReason,
  type ProbeTarget,
  probeKey,
  type UnhealthyReason,
} from '../model/probe.ts';
import { checkResolver } from '../plan/policy.ts';
import { createProber } from '../probe/prober.ts';
import { fail, ok, type Result, skip } from './finding.ts';

/** So many services are tried: one endpoint may well be down, but hardly all of them. */
const SAMPLE_SIZE = 3;

/** Probes an endpoint of each of a few services, the way a run does; one that answers is enough. */
export async function examineEndpoint(
  endpoints: readonly Endpoint[],
  health: Settings['health'],
  clock: Clock,
  signal: AbortSignal,
): Promise<Result> {
  if (!health.enabled) return skip('health.enabled is false: nothing is probed');
  const sample = [...targetsByService(endpoints, health)].slice(0, SAMPLE_SIZE);
  if (sample.length === 0) return skip('no running endpoint with a name and an address was seen');
  const targets = sample.map(([, target]) => target);
  const outcomes = await createProber(health, clock).probe(targets, {}, signal);
  const probed = sample.flatMap(([name, target]) => {
    const outcome = outcomes.get(probeKey(target));
    const where = `${target.address}:${target.port} (${name})`;
    return outcome === undefined ? [] : [{ where, target, outcome }];
  });
  const healthy = probed.find(({ outcome }) => outcome.kind === 'healthy');
  if (healthy !== undefined) return ok(`${healthy.where} answers`);
  const [first] = probed;
  if (first === undefined || first.outcome.kind === 'healthy') return skip('nothing was probed');
  const { where, target, outcome } = first;
  const evidence = outcome.status ?? outcome.errorCode;
  const others = probed.length === 1 ? '' : `, and none of ${probed.length - 1} more answers as it should`;
  return fail(
    `${where}: ${outcome.reason}${evidence === undefined ? '' : ` (${evidence})`}${others}`,
    REMEDIES[outcome.reason](target),
  );
}

function targetsByService(endpoints: readonly Endpoint[], health: Settings['health']) {
  const checkOf = checkResolver(health, health.services);
  const byName = new Map<string, ProbeTarget>();
  for (const endpoint of endpoints) {
    const { address, port, container } = endpoint;
    const check = checkOf(endpoint);
    const name = endpoint.serviceName ?? container.addressName;
    if (name === undefined || address === undefined || byName.has(name)) continue;
    if (container.phase === 'running' && asks(check)) byName.set(name, { address, port, check });
  }
  return byName;
}

type Remedy = (target: ProbeTarget) => string;

const network: Remedy = ({ port }) =>
  `let the containers' security group admit this machine at port ${port}, and check the route between the two`;
const service: Remedy = ({ address, port }) =>
  `see what \`ecs-dns check ${address.includes(':') ? `[${address}]` : address}:${port}\` meets`;

/** What each outcome usually comes from, seen from a machine that has never probed before. */
const REMEDIES: Readonly<Record<UnhealthyReason | IndeterminateReason, Remedy>> = {
  timeout: network,
  unreachable: network,
  'connection-refused': ({ port }) =>
    `see whether the process in the container listens at port ${port}, and at more than its own loopback`,
  'connection-reset': service,
  'http-status': ({ check: { path } }) =>
    `set health.path (now ${path}) to what the service answers, or health.matcher to what it answers with`,
  'body-mismatch': () => 'set health.bodyContains to what the service answers',
  'protocol-error': () => 'set health.kind to what the service speaks: http, https or tcp',
  tls: () => 'set health.hostName to the name in the certificate, or health.tlsSkipVerify',
  'ecs-unhealthy': service,
  'target-unhealthy': service,
  'not-serving': service,
  'address-not-allowed': ({ address }) => `add a range with ${address} to health.allow`,
  'checker-error': () => 'see to this machine: it could not even try',
  'malformed-answer': () => 'correct its answer: health-checks.md says what each error code means',
  'too-few-attempts': () => 'raise health.budget',
  deadline: () => 'raise health.budget',
};
