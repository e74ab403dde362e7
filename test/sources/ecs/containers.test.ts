import type { Attachment, Container, Task } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import type { DefinitionCache } from '../../../src/sources/ecs/definition-cache.ts';
import { METADATA_ALONE } from '../../../src/sources/ecs/name-claims.ts';
import { type EndpointSources, taskEndpoints } from '../../../src/sources/ecs/task-endpoints.ts';
import { keepTask } from '../../../src/sources/ecs/task-summary.ts';
import { BLUE } from '../../clusters.ts';
import { DEFINITION_ARN, ecsContainer, instanceArn, task, taskArn } from './support.ts';

const host: Host = {
  containerInstance: 'arn:instance/1',
  instanceId: 'i-1',
  vpcId: undefined,
  taskCount: undefined,
  isDraining: false,
  placement: undefined,
  secondaryAddresses: [],
  isAgentConnected: true,
  cluster: BLUE,
  state: 'present',
  privateDnsName: undefined,
  address: '10.0.0.1',
};

function definitions(networkMode: string | undefined): DefinitionCache {
  const app = {
    environment: undefined,
    dockerLabels: { SERVICE_NAME: 'calc' },
    portMappings: [{ containerPort: 80 }],
  };
  return new Map([[DEFINITION_ARN, { networkMode, containers: new Map([['app', app]]) }]]);
}

function sources(hosts: readonly (readonly [string, Host])[], cache: DefinitionCache): EndpointSources {
  return { hosts: new Map(hosts), definitions: cache, namesOf: METADATA_ALONE };
}

function read(fields: Partial<Task>, cache: DefinitionCache = new Map()) {
  return taskEndpoints(keepTask(task(1, fields)), BLUE, sources([[instanceArn(1), host]], cache));
}

function networkInterface(details: Readonly<Record<string, string>>): Attachment {
  const pairs = Object.entries(details).map(([name, value]) => ({ name, value }));
  return { type: 'ElasticNetworkInterface', details: pairs };
}

const own = { privateDnsName: 'IP-10-0-9-9.eu-west-1.compute.internal', privateIPv4Address: '10.0.9.9' };

describe('tasks with a network interface of their own', () => {
  const [ownName, ownAddress] = ['ip-10-0-9-9.eu-west-1.compute.internal', '10.0.9.9'];
  const withAddress = (privateIpv4Address: string): Partial<Container> => ({
    networkInterfaces: [{ privateIpv4Address }],
  });

  it.each<[string, readonly Attachment[], Partial<Container>, readonly string[], string | undefined]>([
    ['name and address of the attachment', [networkInterface(own)], {}, [ownName], ownAddress],
    [
      'the attachment rather than the container',
      [networkInterface(own)],
      withAddress('10.0.8.8'),
      [ownName],
      ownAddress,
    ],
    [
      'the container where the attachment has no address',
      [networkInterface({ subnetId: 'subnet-1' })],
      withAddress('10.0.8.8'),
      [],
      '10.0.8.8',
    ],
    ['no address where neither has one', [networkInterface({ privateDnsName: '' })], {}, [], undefined],
    [
      'the interface among other attachments',
      [{ type: 'Service Connect' }, networkInterface(own)],
      {},
      [ownName],
      ownAddress,
    ],
    ['an interface without details is none', [{ type: 'ElasticNetworkInterface' }], {}, [], '10.0.0.1'],
  ])('%s', (_, attachments, container, hostNames, address) => {
    const found = read(
      {
        taskDefinitionArn: DEFINITION_ARN,
        containerInstanceArn: instanceArn(1),
        attachments: [...attachments],
        containers: [ecsContainer(container)],
      },
      definitions('awsvpc'),
    );
    expect(found[0]?.endpoints).toMatchObject([
      { hostNames, port: 80, containerPort: 80, serviceName: 'calc' },
    ]);
    expect(found[0]?.endpoints[0]?.address).toBe(address);
  });

  it('on Fargate have no host', () => {
    const found = read(
      { taskDefinitionArn: DEFINITION_ARN, launchType: 'FARGATE', attachments: [networkInterface(own)] },
      definitions('awsvpc'),
    );
    expect(found[0]?.container.host).toBeUndefined();
    expect(found[0]?.endpoints).toMatchObject([{ address: '10.0.9.9', port: 80 }]);
  });

  it('have their mapped ports although the definition does not tell the network mode', () => {
    const found = read(
      { taskDefinitionArn: DEFINITION_ARN, attachments: [networkInterface(own)] },
      definitions(undefined),
    );
    expect(found[0]?.endpoints).toMatchObject([{ address: '10.0.9.9', port: 80 }]);
  });

  it('have no ports that anyone knows of while the definition is unread', () => {
    const found = read({ taskDefinitionArn: DEFINITION_ARN, attachments: [networkInterface(own)] });
    expect(found).toMatchObject([{ container: { serviceNames: 'unknown' }, endpoints: [] }]);
  });
});

describe('a container', () => {
  const [started, created] = [new Date(2_000), new Date(1_000)];

  it.each<[string, Partial<Task>, object]>([
    ['has its host', { containerInstanceArn: instanceArn(1) }, { host }],
    [
      'has no host that could not be described',
      { containerInstanceArn: instanceArn(2) },
      { host: undefined },
    ],
    [
      'has been there since the task started',
      { startedAt: started, createdAt: created },
      { startedAt: 2_000 },
    ],
    ['has been there since the task was created, at least', { createdAt: created }, { startedAt: 1_000 }],
    ['may have been there for ever', {}, { startedAt: undefined }],
    [
      'has its id in lower case',
      { containers: [ecsContainer({ runtimeId: 'AB12CD34EF56' })] },
      { id: 'ab12cd34ef56' },
    ],
    ['has no id before it is told', { containers: [{ name: 'app' }] }, { id: undefined, name: 'app' }],
    ['may lack a name', { containers: [{}] }, { name: '' }],
    ['has the phase of its task', { lastStatus: 'STOPPING' }, { phase: 'stopping' }],
    [
      'has a phase of its own',
      { containers: [ecsContainer({ lastStatus: 'STOPPED' })] },
      { phase: 'stopped' },
    ],
    ['belongs to its task and cluster', {}, { taskArn: taskArn(1), cluster: BLUE }],
  ])('%s', (_, fields, expected) => {
    expect(read(fields)[0]?.container).toMatchObject(expected);
  });

  it('without bindings in the answer has no port', () => {
    expect(read({ containers: [{ name: 'app' }] })[0]?.endpoints).toEqual([]);
  });

  it('of a task that is hardly described is there all the same', () => {
    expect(taskEndpoints(keepTask({ containers: [{}] }), BLUE, sources([], new Map()))).toMatchObject([
      { container: { taskArn: '', phase: 'running', serviceNames: 'unknown' }, endpoints: [] },
    ]);
  });

  it('is one of several of its task, each with its own ports', () => {
    const containers = [
      ecsContainer({ networkBindings: [{ hostPort: 32_768, containerPort: 80 }] }),
      ecsContainer({ name: 'side', networkBindings: [{ hostPort: 32_769, containerPort: 90 }] }),
    ];
    const found = read({ taskDefinitionArn: DEFINITION_ARN, containers }, definitions('bridge'));
    expect(
      found.map(({ container, endpoints }) => [container.name, container.serviceNames, endpoints[0]?.port]),
    ).toEqual([
      ['app', ['calc'], 32_768],
      ['side', [], 32_769],
    ]);
  });

  it('that its definition, which was read, does not name bears no names', () => {
    const containers = [ecsContainer({ name: 'aws-guardduty-agent-a1b2c3' })];
    const fields = { taskDefinitionArn: DEFINITION_ARN, containers };
    expect(read(fields, definitions('bridge'))[0]?.container).toMatchObject({
      serviceNames: [],
      mayHaveOtherNames: false,
      essential: false,
    });
    expect(read(fields)[0]?.container).toMatchObject({ serviceNames: 'unknown', mayHaveOtherNames: false });
  });

  it('has the family of its task definition, whatever the revision', () => {
    const family = 'arn:aws:ecs:eu-west-1:1:task-definition/calc';
    const cache = definitions('bridge');
    expect(read({ taskDefinitionArn: DEFINITION_ARN }, cache)[0]?.container.family).toBe(family);
    expect(read({ taskDefinitionArn: DEFINITION_ARN }, cache)[0]?.container.family).toBe(family);
    expect(read({ taskDefinitionArn: DEFINITION_ARN })[0]?.container.family).toBe(family);
    expect(read({})[0]?.container.family).toBeUndefined();
  });

  it('is named by what the task was started with where that differs from the definition', () => {
    const overrides = {
      containerOverrides: [
        { name: 'side', environment: [{ name: 'SERVICE_80_NAME', value: 'not this one' }] },
        { name: 'app', environment: [{ name: 'SERVICE_80_NAME', value: 'canary' }] },
      ],
    };
    const found = read({ taskDefinitionArn: DEFINITION_ARN, overrides }, definitions('host'));
    expect(found[0]?.endpoints).toMatchObject([{ serviceName: 'canary' }]);
  });

  it('is absent where the task has none yet', () => {
    const { containers: _, ...bare } = task(1);
    expect(taskEndpoints(keepTask(bare), BLUE, sources([], new Map()))).toEqual([]);
  });
});
