import type { Inventory, Placement } from '../../model/inventory.ts';
import { networkOf } from '../../model/ip-address.ts';
import { isUnheard, type ProbeOutcome } from '../../model/probe.ts';
import { isGone } from '../match/endpoint-index.ts';
import type { CandidateAnswer } from './candidate-answer.ts';

type Answers = ReadonlyMap<string, CandidateAnswer>;

/**
 * What the silence of stale entries is worth next to whatever else was asked.
 *
 * | an entry is silent, and                                                                | its silence   |
 * |----------------------------------------------------------------------------------------|---------------|
 * | nothing came back from what is known to run, in the run or in a part of its network    | tells nothing |
 * | it leads to a host that is there, and nothing at all came back from that host's subnet | tells nothing |
 * | otherwise                                                                              | stands        |
 *
 * A host that is there refuses a connection where nothing listens. One that keeps silent, as does all around it, is
 * likely out of the worker's reach. Of a host that is gone nothing is to be heard.
 */
export function credibleAnswers(
  answers: Answers,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
  inventory: Pick<Inventory, 'hosts' | 'containers'>,
): Answers {
  if (![...answers.values()].some(({ outcome }) => isUnheard(outcome))) return answers;
  const placeOf = placeRule(inventory);
  const known = [...outcomes].map(([key, outcome]) => ({
    address: key.slice(0, key.lastIndexOf(' ')),
    outcome,
  }));
  const asked = [...answers.values()].map(({ target, outcome }) => ({ address: target.address, outcome }));
  const deaf = deafParts(known, placeOf);
  const heard = partsHeard([...known, ...asked], placeOf);
  const isOutOfReach = (address: string) => {
    const { parts, subnet, isHost } = placeOf(address);
    return parts.some((part) => deaf.has(part)) || (isHost && !heard.has(subnet));
  };
  const isInDoubt = ({ target, outcome }: CandidateAnswer) =>
    isUnheard(outcome) && isOutOfReach(target.address);
  return new Map([...answers].map(([key, answer]) => [key, isInDoubt(answer) ? unasked(answer) : answer]));
}

/** An address that was asked, and how that ended. */
interface Asked {
  readonly address: string;
  readonly outcome: ProbeOutcome;
}

/** The parts of the network in which something was asked and nothing at all came back. */
function deafParts(asked: readonly Asked[], placeOf: PlaceRule): ReadonlySet<string> {
  const heard = partsHeard(asked, placeOf);
  const concluded = asked.filter(({ outcome }) => outcome.kind !== 'indeterminate');
  const parts = concluded.flatMap(({ address }) => placeOf(address).parts);
  return new Set(parts.filter((part) => !heard.has(part)));
}

/** The parts of the network from which anything came back. */
function partsHeard(asked: readonly Asked[], placeOf: PlaceRule): ReadonlySet<string> {
  const heard = asked.filter(({ outcome }) => outcome.kind !== 'indeterminate' && !isUnheard(outcome));
  return new Set(heard.flatMap(({ address }) => placeOf(address).parts));
}

/** Where an address stands. */
interface Place {
  /** The parts of the network around it, the widest first. */
  readonly parts: readonly string[];
  /** The closest of them that AWS names; where it names none, the neighbours of the address. */
  readonly subnet: string;
  /** Whether it is one of a host that is there. */
  readonly isHost: boolean;
}

type PlaceRule = (address: string) => Place;

function placeRule({ hosts, containers }: Pick<Inventory, 'hosts' | 'containers'>): PlaceRule {
  const placements = new Map<string, Placement | undefined>();
  const there = new Set<string>();
  for (const { networkInterface } of containers) {
    const { address, ipv6, placement } = networkInterface ?? {};
    for (const own of [address, ipv6]) if (own !== undefined) placements.set(own, placement);
  }
  for (const host of hosts) {
    for (const own of [host.address, ...host.secondaryAddresses]) {
      if (own === undefined) continue;
      placements.set(own, host.placement);
      if (!isGone(host)) there.add(own);
    }
  }
  return (address) => {
    const { availabilityZone, subnetId } = placements.get(address) ?? {};
    const network = networkOf(address);
    const known = [availabilityZone, subnetId].filter((part) => part !== undefined);
    return {
      parts: ['run', ...known, network],
      subnet: known.at(-1) ?? network,
      isHost: there.has(address),
    };
  };
}

function unasked({ target, outcome: { attempts, durationMs } }: CandidateAnswer): CandidateAnswer {
  return { target, outcome: { kind: 'indeterminate', reason: 'checker-error', attempts, durationMs } };
}
