import { outsideOf } from '../judge/host-coverage.ts';
import { ALWAYS_ON, type Guardrail } from './guardrail.ts';

/**
 * Holds back stale removals for hosts that the inventory does not cover: instances that EC2 has but no cluster that was
 * read owns, and hosts that may be where this role sees nothing.
 */
export const hostNotCovered: Guardrail = {
  name: 'host-not-covered',
  words: {
    holdsBack:
      'entries of hosts that EC2 has but no cluster that was read, and what may be of other regions, accounts and VPCs',
    byDefault: ALWAYS_ON,
    liftedBy: 'nothing; read more `clusters`, or keep a `state`',
    example: 'EC2 has ip-10-0-0-9.eu-west-1.compute.internal, but no cluster that was read has registered it',
  },
  evaluate: (_candidates, { inventory, unknownHosts }) => {
    const outside = outsideOf(inventory, unknownHosts);
    return {
      objection: ({ match, judgement: { entry } }) =>
        match.kind === 'host-unknown' && unknownHosts.existing.has(match.hostName)
          ? `EC2 has ${match.hostName}, but no cluster that was read has registered it`
          : outside(match, entry),
      passing: ({ match }) =>
        match.kind === 'host-unknown'
          ? `EC2 has no ${match.hostName}, and would know it in ${inventory.region}`
          : 'its host is one of a cluster that was read',
    };
  },
};
