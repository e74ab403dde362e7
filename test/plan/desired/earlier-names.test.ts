import { describe, expect, it } from 'vitest';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { agentSet, container, endpoint, hostSet, ZONE } from '../support.ts';
import { CLUSTER_KEY, created, decideSync, type SyncCase } from './support.ts';

const TASK_ID = '1'.padStart(32, '0');
const ADDRESS = '10.1.0.2';

/** Of an earlier deployment: its registries may have been others. */
function port(its: Partial<Container> = {}, over: Partial<Endpoint> = {}): Endpoint {
  const of = container(1, { serviceNames: 'unknown', ...its });
  return endpoint(of, { serviceName: 'new', nameIssue: 'registries', ...over });
}

/** Its address has a name, and its ports have none. */
function task(its: Partial<Container> = {}): Endpoint {
  const of = container(1, {
    host: undefined,
    taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/blue/${TASK_ID}`,
    networkInterface: { id: 'eni-1', address: ADDRESS, ipv6: undefined },
    addressName: 'new',
    serviceNames: 'unknown',
    reachedAt: [ADDRESS],
    ...its,
  });
  return endpoint(of, { serviceName: undefined, hostNames: [], address: ADDRESS, port: 8080 });
}

function addressSet(name: string): RecordSet {
  return {
    Name: `${name}.${ZONE}.`,
    Type: 'A',
    SetIdentifier: `ecs-dns:${CLUSTER_KEY}/${TASK_ID}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: ADDRESS }],
  };
}

const sidecar = { ...task().container, id: 'b'.repeat(64), name: 'sidecar', addressName: 'metrics' };
const OLD = agentSet({ service: 'old' });

describe('what is registered under a name that it was started with', () => {
  it.each<[string, SyncCase]>([
    ['a port', { endpoints: [port()], zone: [hostSet(1), OLD] }],
    ['an address', { endpoints: [task()], zone: [addressSet('old')] }],
  ])('gets none of the last deployment: %s', (_, given) => {
    const decision = decideSync(given);
    expect(created(decision)).toEqual([]);
    expect(decision.plan.withheld.map(({ name, reason, detail }) => [name, reason, detail])).toEqual([
      [
        `new.${ZONE}.`,
        'registry-unknown',
        `an earlier deployment has started its task, which is registered as old.${ZONE}`,
      ],
    ]);
    expect(decision.plan.groups).toEqual([]);
  });
});

describe('a run that does not read all of the zone leaves it to one that does', () => {
  it.each<[string, SyncCase]>([
    ['a port', { endpoints: [port()], zone: [hostSet(1)] }],
    ['an address', { endpoints: [task()] }],
  ])('%s', (_, given) => {
    const decision = decideSync({ ...given, inventory: { coverage: 'scope' } });
    expect(created(decision)).toEqual([]);
    expect(decision.plan.withheld.map(({ name, reason }) => [name, reason])).toEqual([
      [`new.${ZONE}.`, 'out-of-scope'],
    ]);
  });
});

describe('the name of the last deployment is given', () => {
  it.each<[string, SyncCase]>([
    ['to a port of which nothing is registered', { endpoints: [port()], zone: [hostSet(1)] }],
    [
      'to a port of the last deployment, whatever else is registered of it',
      {
        endpoints: [port({ serviceNames: ['new', 'old'] }, { nameIssue: undefined })],
        zone: [hostSet(1), OLD],
      },
    ],
    [
      'to a port that an entry of another container leads to',
      { endpoints: [port()], zone: [hostSet(1), agentSet({ service: 'old', owner: 2 })] },
    ],
    [
      'to a port that an entry leads to which identifies nothing',
      {
        endpoints: [port()],
        zone: [hostSet(1), { ...OLD, SetIdentifier: 'blue' }],
        manage: { kind: 'zone' },
      },
    ],
    ['to an address of which nothing is registered', { endpoints: [task()] }],
    [
      'to an address of the last deployment, whatever else is registered of it',
      { endpoints: [task({ serviceNames: [] })], zone: [addressSet('old')] },
    ],
    [
      'to an address with the name of its task, at which SRV records point',
      { endpoints: [task()], zone: [addressSet(TASK_ID)] },
    ],
    [
      'to an address beside that of another container of the task',
      { endpoints: [task(), { ...task(), container: sidecar }], zone: [addressSet('metrics')] },
    ],
  ])('%s', (_, given) => {
    expect(created(decideSync(given)).map(({ Name }) => Name)).toContain(`new.${ZONE}.`);
  });

  it('to what has it already, whatever else is registered of it', () => {
    const given = { endpoints: [port()], zone: [hostSet(1), OLD, agentSet({ service: 'new' })] };
    expect(decideSync(given).plan.withheld).toEqual([]);
  });
});
