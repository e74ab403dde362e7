import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';
import {
  type Call,
  ec2Instance,
  inMemoryEc2,
  inMemoryEcs,
  many,
  registration,
  takeFrom,
  task,
} from './support.ts';

/** A latency of a few turns of the event loop, and how many requests it has seen under way at once. */
function meter() {
  let underWay = 0;
  let most = 0;
  const latency = async () => {
    most = Math.max(most, ++underWay);
    for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    underWay--;
  };
  return { latency, most: () => most };
}

const clusters = Object.fromEntries(
  many(20, (index) => [
    `c${index}`,
    {
      tasks: many(150, (one) =>
        task(`${index}-${one}`, { taskDefinitionArn: `definition/${index}-${one % 5}` }),
      ),
      instances: many(150, (one) => registration(`${index}-${one}`)),
    },
  ]),
);
const instances = Object.values(clusters).flatMap((cluster) =>
  cluster.instances.map(({ ec2InstanceId = '' }) => ec2Instance(ec2InstanceId.replace('i-', ''))),
);

describe('requests under way', () => {
  it('are never more than 8 to ECS, and reach that', async () => {
    const { latency, most } = meter();
    const ecs = inMemoryEcs({ clusters, latency });
    await takeFrom(ecs, inMemoryEc2({ instances }));
    expect(most()).toBe(8);
  });

  it('are never more than 8 to EC2, and reach that', async () => {
    const { latency, most } = meter();
    await takeFrom(inMemoryEcs({ clusters }), inMemoryEc2({ instances, latency }));
    expect(most()).toBe(8);
  });

  it('are never more than 8 to EC2 when unknownHosts are looked up', async () => {
    const { latency, most } = meter();
    const sources = { ecs: inMemoryEcs({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
    const inventory = createInventory({ ...sources, ec2: inMemoryEc2({ latency }) });
    const hostNames = many(4_000, (index) => `ip-${index}`);
    await inventory.lookUpUnknownHosts({ hostNames, interfaceNames: hostNames }, undefined);
    expect(most()).toBe(8);
  });
});

describe('an abort', () => {
  const reason = new Error('the run was stopped');

  /** Aborts during the first request of an operation, which then fails as a request that was broken off. */
  function stopDuring(operation: string) {
    const controller = new AbortController();
    const fault = (call: Call) => {
      if (call.operation !== operation) return undefined;
      controller.abort(reason);
      return awsError('AbortError', { message: 'Request aborted' });
    };
    return { signal: controller.signal, fault };
  }

  const world = {
    clusters: {
      blue: { tasks: [task(1, { taskDefinitionArn: 'definition' })], instances: [registration(1)] },
    },
    definitions: [{ taskDefinitionArn: 'definition' }],
  };

  it.each([
    'ListClusters',
    'ListTasks',
    'DescribeTasks',
    'ListContainerInstances',
    'DescribeContainerInstances',
    'DescribeTaskDefinition',
  ])('during ecs:%s is thrown and not reported as a scope', async (operation) => {
    const { signal, fault } = stopDuring(operation);
    await expect(takeFrom(inMemoryEcs({ ...world, fault }), inMemoryEc2({}), { signal })).rejects.toBe(
      reason,
    );
  });

  it('during ec2:DescribeInstances is thrown', async () => {
    const { signal, fault } = stopDuring('DescribeInstances');
    await expect(takeFrom(inMemoryEcs(world), inMemoryEc2({ fault }), { signal })).rejects.toBe(reason);
  });

  it('during the look-up of unknownHosts is thrown', async () => {
    const { signal, fault } = stopDuring('DescribeInstances');
    const sources = { ecs: inMemoryEcs({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
    const inventory = createInventory({ ...sources, ec2: inMemoryEc2({ fault }) });
    const lookUp = inventory.lookUpUnknownHosts({ hostNames: ['ip-1'], interfaceNames: [] }, signal);
    await expect(lookUp).rejects.toBe(reason);
  });
});
