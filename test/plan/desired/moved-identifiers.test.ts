import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { addressSet, KEY, portOf, running, task, taskId } from '../addresses.ts';
import { agentSet, container, dockerId, endpoint, hostName, hostSet, ZONE } from '../support.ts';
import { carriedOut, decideSync, type SyncCase } from './support.ts';

const ONE = endpoint(container(1));
const TWO = { ...ONE, port: 32_900, containerPort: 9090 };
const OLD_PORT = agentSet({ port: 32_900 }, { SetIdentifier: `${hostName(1)}:${dockerId(1)}/32900`, TTL: 7 });
const NEW_PORT = { ...OLD_PORT, SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32900` };
const BARE = agentSet({}, { SetIdentifier: dockerId(1), Weight: 3 });
const LABEL: RecordSet = addressSet(1, { SetIdentifier: `api.${ZONE}.` });
const TASKS = running([portOf(task(1))]);
const LABELLED: SyncCase = { inventory: TASKS, endpoints: TASKS.endpoints, zone: [LABEL] };
const CORRECT = { options: { correct: true } };
const BASE: SyncCase = { endpoints: [ONE], zone: [hostSet(1), BARE] };

function moved(given: SyncCase): readonly (string | undefined)[] {
  return decideSync(given)
    .plan.groups.filter(({ reasons }) => reasons.includes('moved'))
    .flatMap(({ changes }) => changes.map(({ action, recordSet }) => `${action} ${recordSet.SetIdentifier}`));
}

describe('what is moved to today’s form', () => {
  it('is the set of a second port, as nothing but its identifier', () => {
    const zone = [hostSet(1), agentSet({}, { TTL: 7 }), OLD_PORT];
    const { groups } = decideSync({ endpoints: [ONE, TWO], zone }).plan;
    expect(groups).toEqual([
      {
        key: expect.stringContaining('/32900'),
        changes: [
          { action: 'DELETE', recordSet: OLD_PORT },
          { action: 'CREATE', recordSet: NEW_PORT },
        ],
        removed: [],
        reasons: ['moved'],
        after: [],
      },
    ]);
    const after = carriedOut(zone, groups);
    expect(decideSync({ endpoints: [ONE, TWO], zone: after }).plan.groups).toEqual([]);
  });

  it('is that of an agent before 1.4, with `correct`, to the host that it points at', () => {
    const dotted = { ...BARE, ResourceRecords: [{ Value: `1 1 32801 ${hostName(1)}.` }] };
    const expected = [`DELETE ${dockerId(1)}`, `CREATE ${hostName(1)}:${dockerId(1)}`];
    expect(moved({ ...BASE, ...CORRECT })).toEqual(expected);
    expect(moved({ ...BASE, ...CORRECT, zone: [hostSet(1), dotted] })).toEqual(expected);
    expect(decideSync(BASE).plan.groups).toEqual([]);
  });

  it('is that of the label agent, with `correct`, to the task that has its address', () => {
    expect(decideSync(LABELLED).plan).toMatchObject({ groups: [], registered: 0 });
    const expected = [`DELETE api.${ZONE}.`, `CREATE ecs-dns:${KEY}/${taskId(1)}`];
    expect(moved({ ...LABELLED, ...CORRECT })).toEqual(expected);
    const portless = running([], [task(1)]);
    expect(moved({ ...CORRECT, inventory: portless, endpoints: [], zone: [LABEL] })).toEqual(expected);
  });
});

describe('what is not moved', () => {
  const accountless = task(1, { cluster: { ...task(1).cluster, account: undefined } });
  const onHost = task(1, { networkInterface: undefined, host: container(1).host });
  it.each<[string, SyncCase]>([
    ['what runs no more', { ...BASE, endpoints: [endpoint(container(2), { port: 1 })] }],
    ['what fails', { ...BASE, failing: [ONE] }],
    ['what another has in its place', { ...BASE, endpoints: [endpoint(container(2))] }],
    [
      'what has several values',
      {
        ...BASE,
        zone: [
          hostSet(1),
          { ...BARE, ResourceRecords: [...(BARE.ResourceRecords ?? []), { Value: '1 1 9 x' }] },
        ],
      },
    ],
    ['what is foreign', { ...BASE, manage: { kind: 'patterns', patterns: ['_time.*'] } }],
    ['what is in today’s form', { ...BASE, zone: [hostSet(1), agentSet()] }],
    ['an address in today’s form', { ...LABELLED, zone: [addressSet(1)] }],
    [
      'what has another value under that identifier',
      {
        ...BASE,
        zone: [
          hostSet(1),
          BARE,
          agentSet({ port: 5 }),
          agentSet({ port: 6 }, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32801` }),
        ],
      },
    ],
    [
      'the address of a task whose account is not known',
      { inventory: running([], [accountless]), zone: [LABEL] },
    ],
    [
      'the address of a host',
      { inventory: running([], [onHost], { hosts: [container(1).host ?? []].flat() }), zone: [LABEL] },
    ],
    ['the address that no task has', { inventory: running([], [task(2)]), zone: [LABEL] }],
    [
      'anything of a name that changes otherwise',
      { ...BASE, endpoints: [ONE, endpoint(container(2), { port: 32_802 })] },
    ],
  ])('%s', (_, given) => {
    expect(moved({ ...given, ...CORRECT })).toEqual([]);
  });

  it('leaves the TTL of the label agent’s sets: they are known by it', () => {
    const asking = portOf(task(1), { overrides: { ttl: 60 }, serviceName: undefined });
    const away = running([asking], [], { clusters: [] });
    const { groups } = decideSync({
      ...CORRECT,
      inventory: away,
      endpoints: [asking],
      zone: [LABEL, addressSet(2)],
    }).plan;
    expect(groups.flatMap(({ reasons }) => reasons)).not.toContain('corrected');
  });
});
