import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { taskReferencesIn } from '../../../src/plan/stop/task-references.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  hostName,
  hostSet,
  inventory,
  PORT,
  simpleSet,
  ZONE,
} from '../support.ts';

const TASK_ID = '0123456789abcdef0123456789abcdef';
const NAME = 'ip-10-1-2-3.eu-west-1.compute.internal';

/** A bridge container at host 1, and one with a network interface of its own. */
const bridge = endpoint(container(1));
const own = endpoint(
  container(2, {
    host: undefined,
    id: `${TASK_ID}-1234567890`,
    taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/blue/${TASK_ID}`,
    networkInterface: { id: 'eni-1', address: '10.1.2.3', ipv6: '2600:1f18::00ab' },
    reachedAt: [NAME, '10.1.2.3'],
  }),
  { hostNames: [NAME], address: '10.1.2.3', port: 8080 },
);

function record(Type: string, values: readonly string[], over: Partial<RecordSet> = {}): RecordSet {
  return { Name: `x.${ZONE}.`, Type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...over };
}

/** Whether the first of the sets leads to the task of the endpoint. */
function leads([first, ...others]: readonly RecordSet[], to: Endpoint): boolean {
  const references = taskReferencesIn(
    first === undefined ? [] : [first, ...others],
    ZONE,
    inventory([bridge, own]),
  );
  return references.get(to.container.taskArn).some((set) => set === first);
}

describe('a record leads to a container at a port of its host', () => {
  test.each<[string, readonly RecordSet[], boolean]>([
    ['by the agents’ own form', [agentSet()], true],
    ['in a set that is nobody’s', [simpleSet([`0 5 ${PORT} ${hostName(1)}.`])], true],
    ['as one of several values', [simpleSet(['1 1 9 elsewhere', `1 1 ${PORT} ${hostName(1)}`])], true],
    ['by the label of the host', [simpleSet([`1 1 ${PORT} ip-10-0-0-1`])], true],
    ['by its address', [simpleSet([`1 1 ${PORT} 10.0.0.1`])], true],
    ['by a name of the zone', [simpleSet([`1 1 ${PORT} ip-10-0-0-1.${ZONE}`]), hostSet(1)], true],
    [
      'by a name that only a wildcard stands for, if its port and name are the container’s',
      [simpleSet([`1 1 ${PORT} web.${ZONE}`]), record('A', ['10.9.9.9'], { Name: `\\052.${ZONE}.` })],
      true,
    ],
    [
      'by a name that another one stands for',
      [
        simpleSet([`1 1 ${PORT} web.${ZONE}`]),
        record('CNAME', [`Other.${ZONE}.`], { Name: `web.${ZONE}.` }),
        record('CNAME', [`${hostName(1)}.`], { Name: `other.${ZONE}.` }),
      ],
      true,
    ],
    [
      'by an alias in a circle',
      [
        simpleSet([`1 1 ${PORT} web.${ZONE}`]),
        record('A', [], { Name: `web.${ZONE}.`, AliasTarget: { DNSName: `web.${ZONE}.` } }),
      ],
      false,
    ],
    ['by its identifier, whatever the value', [agentSet({ port: 1, target: 9 })], true],
    ['by a name that only its own agent knows', [simpleSet([`1 1 ${PORT} node-1`])], true],
    ['… of another service', [simpleSet([`1 1 ${PORT} node-1`], '_other._tcp')], false],
    ['… at another port', [simpleSet([`1 1 ${PORT + 1} node-1`])], false],
    ['by a name of the zone that nothing answers', [simpleSet([`1 1 ${PORT} node-1.${ZONE}`])], false],
    ['at another port', [simpleSet([`1 1 ${PORT + 1} ${hostName(1)}`])], false],
    ['at another host', [simpleSet([`1 1 ${PORT} ${hostName(2)}`])], false],
    ['with a value that nobody can read', [simpleSet(['nonsense'])], false],
    ['as the address of the host alone', [hostSet(1)], false],
    ['by the identifier of a container that is gone', [agentSet({ owner: 9, target: 9 })], false],
  ])('%s: %#', (_, sets, expected) => {
    expect(leads(sets, bridge)).toBe(expected);
    expect(leads(sets, own)).toBe(false);
  });
});

describe('a record leads to a task by its network interface', () => {
  test.each<[string, readonly RecordSet[], boolean]>([
    ['SRV at its port', [simpleSet([`1 1 8080 ${NAME}`])], true],
    ['SRV at any other port', [simpleSet([`1 1 9 ${NAME}`])], true],
    ['SRV to its label', [simpleSet(['1 1 9 ip-10-1-2-3'])], true],
    ['A', [record('A', ['10.9.9.9', '10.1.2.3'])], true],
    ['AAAA in another spelling', [record('AAAA', ['2600:1F18:0:0:0:0:0:ab'])], true],
    ['CNAME to its name', [record('CNAME', [`${NAME.toUpperCase()}.`])], true],
    [
      'alias to a name that has its address',
      [
        record('A', [], { AliasTarget: { DNSName: `y.${ZONE}.` } }),
        record('A', ['10.1.2.3'], { Name: `y.${ZONE}.` }),
      ],
      true,
    ],
    [
      'an own identifier, whatever the value',
      [record('A', ['203.0.113.9'], { SetIdentifier: `ecs-dns:eu-west-1/111122223333/blue/${TASK_ID}` })],
      true,
    ],
    [
      'the identifier of its container',
      [record('SRV', ['1 1 9 elsewhere'], { SetIdentifier: `elsewhere:${TASK_ID}-1234567890` })],
      true,
    ],
    [
      'the identifier of a name with many values',
      [record('A', ['10.9.9.9'], { SetIdentifier: 'ecs-dns:many' })],
      false,
    ],
    ['A of another', [record('A', ['10.1.2.4'])], false],
    ['TXT that names it', [record('TXT', ['"10.1.2.3"'])], false],
    ['an alias without a name', [record('A', [], { AliasTarget: { DNSName: undefined } })], false],
  ])('%s', (_, sets, expected) => {
    expect(leads(sets, own)).toBe(expected);
    expect(leads(sets, bridge)).toBe(false);
  });

  test('whose address ECS does not tell is known by its identifiers alone', () => {
    const unknown = endpoint(
      container(3, {
        host: undefined,
        networkInterface: { id: undefined, address: undefined, ipv6: undefined },
      }),
    );
    const references = taskReferencesIn(
      [agentSet({ owner: dockerId(3), target: 9 }), record('A', ['10.1.2.3'])],
      ZONE,
      inventory([unknown]),
    );
    expect([...references].map(([task, sets]) => [task, sets.length])).toEqual([
      [unknown.container.taskArn, 1],
    ]);
  });
});
