import { placementOf } from '../../model/inventory.ts';
import type { Judged } from './judge-entries.ts';
import { networkParts, networkReason, ZONE } from './network-parts.ts';
import type { NetworkSelfTest } from './network-self-test.ts';

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
