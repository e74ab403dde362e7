import { describe, expect, test } from 'vitest';
import { unregisteredPorts } from '../../../src/plan/desired/unregistered-ports.ts';
import { agentSet, CALC, container, endpoint, host, inventory, matchSets, ZONE } from '../support.ts';

const ours = container(1, { ecsService: 'orders' });
const all = () => true;

describe('what runs without an entry', () => {
  test('is matched as if an entry of its name led to it', () => {
    const port = endpoint(ours);

    expect(unregisteredPorts([], inventory([port]), ZONE, all)).toEqual([
      {
        entry: expect.objectContaining({ name: `${CALC}.${ZONE}`, type: 'SRV' }),
        match: { kind: 'endpoint', isSuccessor: false, endpoint: port, address: '10.0.0.1' },
      },
    ]);
  });

  test('is left out where an entry leads to it that is ours', () => {
    const port = endpoint(ours);
    const known = inventory([port]);

    expect(unregisteredPorts(matchSets([agentSet()], known), known, ZONE, all)).toEqual([]);
    const foreign = matchSets([agentSet({}, { SetIdentifier: 'mine' })], known);
    expect(unregisteredPorts(foreign, known, ZONE, all)).toHaveLength(1);
  });

  test.each([
    ['a port without a name', endpoint(ours, { serviceName: undefined }), all, 0],
    ['a task of no service', endpoint(container(1)), all, 0],
    ['a service that is not named', endpoint(ours), (name: string) => name !== 'orders', 0],
    ['a service that is named', endpoint(ours), (name: string) => name === 'orders', 1],
    ['a container that starts', endpoint({ ...ours, phase: 'starting' }), all, 0],
    ['a host that is gone', endpoint({ ...ours, host: host(1, { state: 'gone' }) }), all, 0],
    ['an address without a name', endpoint({ ...ours, host: undefined }, { address: '10.1.2.3' }), all, 1],
    ['a target that nobody knows', endpoint({ ...ours, host: undefined }), all, 1],
  ] as const)('%s', (_, port, mayStop, count) => {
    expect(unregisteredPorts([], inventory([port]), ZONE, mayStop)).toHaveLength(count);
  });
});
