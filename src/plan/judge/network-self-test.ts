import { groupBy, Multimap } from '../../model/multimap.ts';
import { isStillToAsk, type ProbeOutcome } from '../../model/probe.ts';
import { formatShare, isTooMuch, limitFor, reachesShare } from '../../model/share.ts';
import {
  type Asked,
  NETWORK_REASONS,
  type NetworkReason,
  networkReason,
  type TellingEndpoint,
  tellingEndpoints,
} from './network-parts.ts';

/** Why the worker suspects its own network: most of what it asked, in all or in one part, fails in a network way. */
export interface NetworkSelfTest {
  /** `run`, or the part of the network that is suspected. */
  readonly scope: string;
  /** The way in which most of it fails. */
  readonly reason: NetworkReason;
  readonly failing: number;
  readonly probed: number;
  /** On how many hosts it fails. */
  readonly hosts: number;
  readonly detail: string;
}

/** What the self-test looks at, in whichever order. */
export interface SelfTestInput extends Asked {
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  readonly limitPercent: number;
}

/**
 * One host that is down says nothing of the network; so many addresses do. Where none answers at all, those that were
 * not heard count as well: two hosts that fail look like a whole zone to a worker that has not heard of a third.
 */
const MIN_HOSTS = 3;

/** Where a zone has fewer hosts, so many services tell as much that fail there all at once, and answer elsewhere. */
const MIN_SERVICES = 2;

/**
 * The self-test, of what ECS has running in good order. The widest scope comes first.
 *
 * | scope                                | suspected when on 3 addresses or more (or as many with those not heard) …    |
 * |--------------------------------------|------------------------------------------------------------------------------|
 * | the run                              | too large a share fails in a network way                                     |
 * | an availability zone or a subnet,    | at least that share fails of what is asked there, but for services that fail |
 * | where others are asked, too          | elsewhere as well; and all of it fails, or several services, or one that     |
 * |                                      | fails nowhere else                                                           |
 * | the same, on fewer addresses         | nothing answers there, and two services or more fail that answer elsewhere   |
 */
export function networkSelfTests(input: SelfTestInput): readonly NetworkSelfTest[] {
  const { outcomes, unaddressed, limitPercent } = input;
  // Most runs are done here: a healthy fleet is not sorted by its networks.
  const all = [...outcomes.values()];
  const failing = all.filter(failsByNetwork).length;
  const unheard = all.filter(isStillToAsk).length + unaddressed.length;
  if (failing === 0 || failing + unheard < MIN_SERVICES) return [];
  const endpoints = tellingEndpoints(input);
  const run = suspectRun(endpoints, limitPercent);
  if (run !== undefined) return [run];
  const parts = new Multimap<string, TellingEndpoint>();
  for (const one of endpoints) for (const part of one.parts) parts.add(part, one);
  const byService = groupBy(endpoints, ({ service }) => service);
  return [...parts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, own]) => own.length < endpoints.length)
    .flatMap(([part, own]) => suspectPart(part, own, byService, limitPercent) ?? []);
}

function failsByNetwork(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'unhealthy' && networkReason(outcome.reason) !== undefined;
}

function suspectRun(endpoints: readonly TellingEndpoint[], limit: number): NetworkSelfTest | undefined {
  const heard = endpoints.filter(isHeard);
  const failing = heard.filter(isFailing);
  if (!isTooMuch(failing.length, heard.length, limit, limitFor(heard.length))) return undefined;
  return selfTest('run', endpoints, endpoints, limit);
}

function suspectPart(
  part: string,
  own: readonly TellingEndpoint[],
  byService: Multimap<string, TellingEndpoint>,
  limit: number,
): NetworkSelfTest | undefined {
  const here = new Set(own);
  // What was not heard elsewhere may pass there.
  const isSick = (service: string) => {
    const elsewhere = byService.get(service).filter((one) => !here.has(one));
    return reachesShare(elsewhere.filter(isFailing).length, elsewhere.length, SICK_PERCENT);
  };
  const sick = new Set(
    [...new Set(own.filter((one) => !isCarried(one)).map(({ service }) => service))].filter(isSick),
  );
  const telling = own.filter(({ service }) => !sick.has(service));
  const heard = telling.filter(isHeard);
  const failing = heard.filter(isFailing);
  const isMost = reachesShare(failing.length, heard.length, limit);
  if (!isMost || !isOfNoService(failing, heard, byService)) return undefined;
  const answering = [...new Set(failing.map(({ service }) => service))].filter((service) =>
    byService.get(service).some(isCarried),
  );
  const isPlain = !own.some(isCarried) && answering.length >= MIN_SERVICES;
  return selfTest(part, telling, own, limit, isPlain);
}

/** A service of which at least so much fails elsewhere fails by itself. */
const SICK_PERCENT = 50;

/** Whether what fails in a part of the network is not just one service that happens to run there. */
function isOfNoService(
  failing: readonly TellingEndpoint[],
  heard: readonly TellingEndpoint[],
  byService: Multimap<string, TellingEndpoint>,
): boolean {
  const services = new Set(failing.map(({ service }) => service));
  if (failing.length === heard.length || services.size > 1) return true;
  const isInPart = heard.some((one) => services.has(one.service) && isCarried(one));
  return !isInPart && [...services].some((one) => byService.get(one).filter(isHeard).length > failing.length);
}

function isHeard({ answer }: TellingEndpoint): boolean {
  return answer !== 'unheard';
}

function isCarried({ answer }: TellingEndpoint): boolean {
  return answer === 'carried';
}

function isFailing({ answer }: TellingEndpoint): boolean {
  return networkReason(answer) !== undefined;
}

/** What `telling` says, next to whatever else there is in its part of the network; of however few hosts if it is plain. */
function selfTest(
  scope: string,
  telling: readonly TellingEndpoint[],
  all: readonly TellingEndpoint[],
  limit: number,
  isPlain = false,
): NetworkSelfTest | undefined {
  const heard = telling.filter(isHeard);
  const failing = heard.filter(isFailing);
  const hosts = hostsOf(failing).size;
  const unheard = all.some(isCarried) ? 0 : hostsOf(telling).size - hosts;
  if (hosts + unheard < MIN_HOSTS && !isPlain) return undefined;
  const counts = NETWORK_REASONS.map((reason) => ({
    reason,
    count: failing.filter(({ answer }) => answer === reason).length,
  })).filter(({ count }) => count > 0);
  const [{ reason } = { reason: NETWORK_REASONS[0] }] = counts.toSorted((a, b) => b.count - a.count);
  const ways = counts.map((one) => one.reason).join(' or ');
  const share = `${failing.length} of ${heard.length} probes (${formatShare(failing.length, heard.length, limit)})`;
  const others = unheard === 0 ? '' : `, and nothing was heard of ${unheard} more`;
  const where = hosts === 1 ? '1 host' : `${hosts} hosts`;
  const likely = hosts < MIN_HOSTS ? 'may be the cause' : 'is the likelier cause';
  const detail =
    scope === 'run'
      ? `${share} end with ${ways}, on ${where}${others}: the checker's own network ${likely}`
      : `${share} of ${scope} end with ${ways}, on ${where} that ECS has running${others}: the way there ${likely}`;
  return { scope, reason, failing: failing.length, probed: heard.length, hosts, detail };
}

function hostsOf(endpoints: readonly TellingEndpoint[]): ReadonlySet<string> {
  return new Set(endpoints.map(({ address }) => address));
}
