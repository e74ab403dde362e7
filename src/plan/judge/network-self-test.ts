import { placementOf } from '../../model/inventory.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';
import type { ProbeOutcome } from '../../model/probe.ts';
import { formatShare, isTooMuch, limitFor, reachesShare } from '../../model/share.ts';
import type { Match } from '../match/match-kinds.ts';
import type { Judged } from './judge-entries.ts';
import {
  type AskedEndpoint,
  askedEndpoints,
  NETWORK_REASONS,
  type NetworkReason,
  networkParts,
  networkReason,
  ZONE,
} from './network-parts.ts';

/** Why the worker suspects its own network: most of what it asked, in all or in one part, fails in a network way. */
export interface NetworkSelfTest {
  /** `run`, or the part of the network that is suspected. */
  readonly scope: string;
  /** The way in which most of it fails. */
  readonly reason: NetworkReason;
  readonly failing: number;
  readonly probed: number;
  readonly hosts: number;
  readonly detail: string;
}

/** What the self-test looks at, in whichever order. */
export interface SelfTestInput {
  /** Everything that was judged: entries, and what has none. */
  readonly judged: readonly Pick<Judged, 'match'>[];
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  readonly outcomeOf: (match: Match) => ProbeOutcome | undefined;
  readonly limitPercent: number;
}

/** One host that is down says nothing of the network; so many addresses do. */
const MIN_HOSTS = 3;

/**
 * The self-test, of what ECS has running in good order. The widest scope comes first.
 *
 * | scope                                | suspected when on 3 addresses or more …                                      |
 * |--------------------------------------|------------------------------------------------------------------------------|
 * | the run                              | too large a share fails in a network way                                     |
 * | an availability zone or a subnet,    | at least that share fails of what is asked there, but for services that fail |
 * | where others are asked, too          | elsewhere as well; and all of it fails, or several services, or one that     |
 * |                                      | fails nowhere else                                                           |
 */
export function networkSelfTests(input: SelfTestInput): readonly NetworkSelfTest[] {
  const { judged, outcomes, outcomeOf, limitPercent } = input;
  // Most runs are done here: a healthy fleet is not sorted by its networks.
  if ([...outcomes.values()].filter(failsByNetwork).length < MIN_HOSTS) return [];
  const asked = askedEndpoints(judged, outcomeOf);
  const run = suspectRun(asked, limitPercent);
  if (run !== undefined) return [run];
  const parts = new Multimap<string, AskedEndpoint>();
  for (const one of asked) for (const part of one.parts) parts.add(part, one);
  const byService = groupBy(asked, ({ service }) => service);
  return [...parts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, own]) => own.length < asked.length)
    .flatMap(([part, own]) => suspectPart(part, own, byService, limitPercent) ?? []);
}

function failsByNetwork(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'unhealthy' && networkReason(outcome.reason) !== undefined;
}

function suspectRun(asked: readonly AskedEndpoint[], limit: number): NetworkSelfTest | undefined {
  const failing = asked.filter(isFailing);
  if (!isTooMuch(failing.length, asked.length, limit, limitFor(asked.length))) return undefined;
  return selfTest('run', failing, asked, limit);
}

function suspectPart(
  part: string,
  own: readonly AskedEndpoint[],
  byService: Multimap<string, AskedEndpoint>,
  limit: number,
): NetworkSelfTest | undefined {
  const here = new Set(own);
  const isSick = (service: string) => {
    const elsewhere = byService.get(service).filter((one) => !here.has(one));
    return reachesShare(elsewhere.filter(isFailing).length, elsewhere.length, SICK_PERCENT);
  };
  const sick = new Set([...new Set(own.filter(isFailing).map(({ service }) => service))].filter(isSick));
  const telling = own.filter(({ service }) => !sick.has(service));
  const failing = telling.filter(isFailing);
  const isMost = reachesShare(failing.length, telling.length, limit);
  return isMost && isOfNoService(failing, telling, byService)
    ? selfTest(part, failing, telling, limit)
    : undefined;
}

/** A service of which at least so much fails elsewhere fails by itself. */
const SICK_PERCENT = 50;

/** Whether what fails in a part of the network is not just one service that happens to run there. */
function isOfNoService(
  failing: readonly AskedEndpoint[],
  telling: readonly AskedEndpoint[],
  byService: Multimap<string, AskedEndpoint>,
): boolean {
  const services = new Set(failing.map(({ service }) => service));
  if (failing.length === telling.length || services.size > 1) return true;
  const rest = telling.filter(({ service, failure }) => services.has(service) && failure === undefined);
  return rest.length === 0 && [...services].some((one) => byService.get(one).length > failing.length);
}

function isFailing({ failure }: AskedEndpoint): boolean {
  return failure !== undefined;
}

function selfTest(
  scope: string,
  failing: readonly AskedEndpoint[],
  asked: readonly AskedEndpoint[],
  limit: number,
): NetworkSelfTest | undefined {
  const hosts = new Set(failing.map(({ address }) => address)).size;
  if (hosts < MIN_HOSTS) return undefined;
  const counts = NETWORK_REASONS.map((reason) => ({
    reason,
    count: failing.filter(({ failure }) => failure === reason).length,
  })).filter(({ count }) => count > 0);
  const [{ reason } = { reason: NETWORK_REASONS[0] }] = counts.toSorted((a, b) => b.count - a.count);
  const ways = counts.map((one) => one.reason).join(' or ');
  const share = `${failing.length} of ${asked.length} probes (${formatShare(failing.length, asked.length, limit)})`;
  const detail =
    scope === 'run'
      ? `${share} end with ${ways}, on ${hosts} hosts: the checker's own network is the likelier cause`
      : `${share} of ${scope} end with ${ways}, on ${hosts} hosts that ECS has running: the way there is the likelier cause`;
  return { scope, reason, failing: failing.length, probed: asked.length, hosts, detail };
}

/** Says why the failure of what an entry leads to is more likely the worker's own; `undefined` where it is not. */
export function networkDoubt(tests: readonly NetworkSelfTest[]): (one: Judged) => string | undefined {
  const byScope = new Map(tests.map((test) => [test.scope, test.detail]));
  const ofAnyZone = tests.find(({ scope }) => scope.startsWith(ZONE))?.detail;
  return ({ match, judgement }) => {
    const { verdict, reason, evidence } = judgement;
    const failure = verdict === 'unhealthy' ? reason : evidence['failure'];
    if (failure === undefined) return undefined;
    const run = byScope.get('run');
    if (run !== undefined || byScope.size === 0) return run;
    if (match.kind !== 'endpoint' || match.address === undefined) return undefined;
    if (networkReason(failure) === undefined || match.endpoint.container.ecsHealth === 'UNHEALTHY')
      return undefined;
    const placement = placementOf(match.endpoint.container);
    const parts = networkParts(placement, match.address);
    const own = parts.map((part) => byScope.get(part)).find((detail) => detail !== undefined);
    // What is in no zone that is known may be in the one that is in doubt.
    return own ?? (placement?.availabilityZone === undefined ? ofAnyZone : undefined);
  };
}
