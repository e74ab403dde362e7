import type { Inventory, Placement } from '../../model/inventory.ts';
import { networkOf } from '../../model/ip-address.ts';
import { isUnheard, type ProbeOutcome } from '../../model/probe.ts';
import type { CandidateAnswer } from './candidate-answer.ts';

type Answers = ReadonlyMap<string, CandidateAnswer>;

/**
 * What the answers of stale entries are worth next to the probes of what is known to run, by `probeKey`. Where nothing
 * came back from any of it, in the whole run or in the availability zone, subnet or network of an entry, the worker
 * may have no way there: an entry that is silent, too, could not be asked.
 */
export function credibleAnswers(
  answers: Answers,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
  inventory: Pick<Inventory, 'hosts' | 'containers'>,
): Answers {
  if (![...answers.values()].some(({ outcome }) => isUnheard(outcome))) return answers;
  const partsOf = partRule(inventory);
  const deaf = deafParts(outcomes, partsOf);
  const isInDoubt = ({ target, outcome }: CandidateAnswer) =>
    isUnheard(outcome) && partsOf(target.address).some((part) => deaf.has(part));
  return new Map([...answers].map(([key, answer]) => [key, isInDoubt(answer) ? unasked(answer) : answer]));
}

/** The parts of the network in which something was asked and nothing at all came back. */
function deafParts(outcomes: ReadonlyMap<string, ProbeOutcome>, partsOf: PartRule): ReadonlySet<string> {
  const asked = new Set<string>();
  const heard = new Set<string>();
  for (const [key, outcome] of outcomes) {
    if (outcome.kind === 'indeterminate') continue;
    for (const part of partsOf(key.slice(0, key.lastIndexOf(' ')))) {
      asked.add(part);
      if (!isUnheard(outcome)) heard.add(part);
    }
  }
  return new Set([...asked].filter((part) => !heard.has(part)));
}

type PartRule = (address: string) => readonly string[];

/** The parts of the network that an address stands in, the widest first. */
function partRule({ hosts, containers }: Pick<Inventory, 'hosts' | 'containers'>): PartRule {
  const placements = new Map<string, Placement | undefined>();
  for (const { networkInterface } of containers) {
    const { address, ipv6, placement } = networkInterface ?? {};
    for (const own of [address, ipv6]) if (own !== undefined) placements.set(own, placement);
  }
  for (const { address, secondaryAddresses, placement } of hosts)
    for (const own of [address, ...secondaryAddresses]) if (own !== undefined) placements.set(own, placement);
  return (address) => {
    const { availabilityZone, subnetId } = placements.get(address) ?? {};
    const known = [availabilityZone, subnetId].filter((part) => part !== undefined);
    return ['run', ...known, networkOf(address)];
  };
}

function unasked({ target, outcome: { attempts, durationMs } }: CandidateAnswer): CandidateAnswer {
  return { target, outcome: { kind: 'indeterminate', reason: 'checker-error', attempts, durationMs } };
}
