import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import type { Container } from '../../../src/model/inventory.ts';
import type { DesiredRecord } from '../../../src/model/registration.ts';
import type { Judgement, JudgementOf } from '../../../src/model/verdict.ts';
import { type JudgedRecord, register } from '../../../src/plan/change/register.ts';
import { agentSet, container, endpoint, host } from '../support.ts';

/** A desired record whose service trusts it, of a container whose health is not known. */
function trusted(of: Container, reason: JudgementOf<'unverified'>['reason']): JudgedRecord {
  const recordSet = agentSet();
  const [entry] = entriesOf([recordSet]);
  if (entry === undefined) throw new TypeError('the set has no value');
  const judgement: Judgement = { entry, verdict: 'unverified', reason, evidence: {} };
  const desired: DesiredRecord = {
    recordSet,
    after: [],
    requires: [],
    isTrusted: true,
    role: 'entry',
    isNeeded: false,
  };
  const match = {
    kind: 'endpoint',
    isSuccessor: false,
    endpoint: endpoint(of),
    address: '10.0.0.1',
  } as const;
  return { desired, judgement, match };
}

describe('what a service trusts unseen', () => {
  it.each<[string, Container, JudgementOf<'unverified'>['reason'], number]>([
    ['is registered where nobody could ask', container(1), 'checker-error', 1],
    ['is registered in its grace period', container(1), 'grace-period', 1],
    ['is registered while it recovers', container(1), 'recovering', 1],
    ['is not once a check has failed: it would go with the next', container(1), 'below-threshold', 0],
    [
      'is not on a host that is drained: it would go as soon as it passes',
      container(1, { host: host(1, { isDraining: true }) }),
      'checker-error',
      0,
    ],
    ['is where no host is known', container(1, { host: undefined }), 'checker-error', 1],
  ])('%s', (_, of, reason, expected) => {
    const { registrations, withheld } = register([trusted(of, reason)], []);
    expect(registrations).toHaveLength(expected);
    expect(withheld).toHaveLength(1 - expected);
  });
});
