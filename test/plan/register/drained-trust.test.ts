import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import type { Container } from '../../../src/model/inventory.ts';
import type { Draft } from '../../../src/model/registration.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import { type JudgedDraft, register } from '../../../src/plan/register/register.ts';
import { agentSet, container, endpoint, host } from '../support.ts';

/** A draft whose service trusts it, of a container whose probe came to no conclusion. */
function trusted(of: Container): JudgedDraft {
  const recordSet = agentSet();
  const [entry] = entriesOf([recordSet]);
  if (entry === undefined) throw new TypeError('the set has no value');
  const judgement: Judgement = { entry, verdict: 'unverified', reason: 'checker-error', evidence: {} };
  const draft: Draft = {
    recordSet,
    after: [],
    requires: [],
    isTrusted: true,
    role: 'entry',
    isNeeded: false,
  };
  const match = { kind: 'endpoint', heir: false, endpoint: endpoint(of), address: '10.0.0.1' } as const;
  return { draft, judgement, match };
}

describe('what a service trusts unseen', () => {
  it.each<[string, Container, number]>([
    ['is registered', container(1), 1],
    [
      'is not on a host that is drained: it would go as soon as it passes',
      container(1, { host: host(1, { isDraining: true }) }),
      0,
    ],
    ['is where no host is known', container(1, { host: undefined }), 1],
  ])('%s', (_, of, expected) => {
    const given = { drafts: [trusted(of)], judged: [], hasSet: () => false };
    const { registrations, withheld } = register(given);
    expect(registrations).toHaveLength(expected);
    expect(withheld).toHaveLength(1 - expected);
  });
});
