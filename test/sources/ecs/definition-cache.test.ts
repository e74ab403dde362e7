import { describe, expect, it } from 'vitest';
import type { DefinitionCache } from '../../../src/sources/ecs/definition-cache.ts';
import { awsError } from '../../aws/support.ts';
import {
  countCalls,
  DEFINITION_ARN,
  type EcsWorld,
  ecsContainer,
  inMemoryEc2,
  inMemoryEcs,
  many,
  takeFrom,
  task,
} from './support.ts';

const definition = {
  taskDefinitionArn: DEFINITION_ARN,
  networkMode: 'bridge' as const,
  containerDefinitions: [{ name: 'app', environment: [{ name: 'SERVICE_NAME', value: 'calc' }] }],
};
const bound = ecsContainer({ networkBindings: [{ hostPort: 32_768, containerPort: 80 }] });
const tasks = many(5, (index) => task(index, { taskDefinitionArn: DEFINITION_ARN, containers: [bound] }));
const world: EcsWorld = { clusters: { blue: { tasks } }, definitions: [definition] };

async function take(ecsWorld: EcsWorld, definitions: DefinitionCache = new Map()) {
  const ecs = inMemoryEcs(ecsWorld);
  const inventory = await takeFrom(ecs, inMemoryEc2({}), { definitions });
  return { inventory, reads: countCalls(ecs)['DescribeTaskDefinition'] ?? 0 };
}

describe('task definitions', () => {
  it('are read once a revision, whatever number of tasks it has', async () => {
    const { inventory, reads } = await take(world);
    expect(reads).toBe(1);
    expect(inventory.endpoints.map(({ serviceName }) => serviceName)).toEqual(many(5, () => 'calc'));
    expect(inventory.incomplete).toEqual([]);
  });

  it('are not read again for the next inventory', async () => {
    const cache: DefinitionCache = new Map();
    await take(world, cache);
    const { inventory, reads } = await take(world, cache);
    expect(reads).toBe(0);
    expect(inventory.endpoints[0]?.serviceName).toBe('calc');
  });

  it('that could not be read are tried again the next time', async () => {
    const cache: DefinitionCache = new Map();
    const error = awsError('ServerException', { message: 'try again', status: 500 });
    const failed = await take(
      { ...world, fault: ({ operation }) => (operation === 'DescribeTaskDefinition' ? error : undefined) },
      cache,
    );
    expect(failed.inventory.incomplete).toEqual([
      {
        scope: 'task-definition/calc:7',
        operation: 'ecs:DescribeTaskDefinition',
        error: 'ServerException: try again',
        hides: 'service-names',
      },
    ]);
    expect(failed.inventory.clusters).toMatchObject([{ complete: true }]);
    expect(failed.inventory.containers[0]?.serviceNames).toBe('unknown');
    expect(failed.inventory.endpoints[0]).toMatchObject({ serviceName: undefined, port: 32_768 });

    const { inventory, reads } = await take(world, cache);
    expect(reads).toBe(1);
    expect(inventory.containers[0]?.serviceNames).toEqual(['calc']);
  });

  it('of tasks that name none are not asked for', async () => {
    const { reads, inventory } = await take({ clusters: { blue: { tasks: [task(1)] } } });
    expect(reads).toBe(0);
    expect(inventory.containers[0]?.serviceNames).toBe('unknown');
  });

  it.each([
    ['does not name its containers', { taskDefinitionArn: DEFINITION_ARN, containerDefinitions: [{}] }],
    ['has no containers', { taskDefinitionArn: DEFINITION_ARN }],
  ])('are unread while the answer %s', async (_, answer) => {
    const { inventory } = await take({ ...world, definitions: [answer] });
    expect(inventory.containers[0]?.serviceNames).toBe('unknown');
    expect(inventory.incomplete).toMatchObject([
      {
        error: 'the answer does not say which containers it defines',
        hides: 'service-names',
      },
    ]);
  });

  it('are kept without the values of secrets and files', async () => {
    const cache: DefinitionCache = new Map();
    const secrets = [
      { name: 'SERVICE_80_NAME', valueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/name' },
      { name: 'PASSWORD', valueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/password' },
      { name: undefined, valueFrom: undefined },
    ];
    const environmentFiles = [{ type: 's3' as const, value: 'arn:aws:s3:::bucket/app.env' }];
    const app = { name: 'app', secrets, environmentFiles };
    await take({ ...world, definitions: [{ ...definition, containerDefinitions: [app] }] }, cache);
    expect(cache.get(DEFINITION_ARN)?.containers.get('app')).toEqual({
      essential: true,
      hasHealthCheck: false,
      secretNames: ['SERVICE_80_NAME'],
      hasEnvironmentFiles: true,
    });
  });
});
