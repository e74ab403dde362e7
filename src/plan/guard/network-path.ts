import { networkDoubt } from '../judge/network-doubt.ts';
import type { Guardrail } from './guardrail.ts';

/**
 * Holds back what fails in a network way while the worker suspects its own network: all of it, or the way to one
 * availability zone or subnet.
 */
export const networkPath: Guardrail = {
  name: 'network-self-test',
  words: {
    holdsBack:
      'unhealthy entries, when most of what ECS has running fails in a network way: in the whole run, or in their availability zone or subnet',
    byDefault:
      '50 %, on 3 hosts or more, those not heard included where nothing answers; on fewer, all of two services or more that answer elsewhere',
    liftedBy: '`guardrails.panicPercent`, `--force`',
    example:
      '6 of 6 probes (100 %) of availability zone eu-west-1b end with timeout, on 6 hosts that ECS has running: the way there is the likelier cause',
  },
  evaluate: (_candidates, { limits, networkSelfTests }) => {
    const doubt = networkDoubt(networkSelfTests);
    return {
      objection: (candidate) => (limits.force ? undefined : doubt(candidate)),
      passing: (candidate) => {
        const lifted = doubt(candidate);
        if (lifted !== undefined) return `${lifted}; which is lifted`;
        const scopes = networkSelfTests.map(({ scope }) => scope).join(', ');
        return scopes === ''
          ? 'no part of the network is in doubt'
          : `what is in doubt is the way to ${scopes}`;
      },
    };
  },
};
