import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partialAnswers } from '../../src/aws/partial-answers.ts';
import { partialTasks } from '../../src/aws/partial-task-parser.ts';
import { METADATA_ALONE } from '../../src/sources/ecs/name-claims.ts';
import { taskEndpoints } from '../../src/sources/ecs/task-endpoints.ts';
import { keepTask } from '../../src/sources/ecs/task-summary.ts';
import { BLUE } from '../clusters.ts';
import { accessTo, startService } from './support.ts';

let stopAll: (() => unknown)[] = [];
beforeEach(() => {
  stopAll = [];
});
afterEach(async () => {
  for (const stop of stopAll) await stop();
});

async function clientsFor(body: string, status = 200) {
  const { endpoint, stop, requests } = await startService([{ status, body }]);
  const settings = { ...accessTo(endpoint), maxAttempts: 1 };
  const [plain, partial] = [new ECSClient(settings), new ECSClient(settings)] as const;
  stopAll.push(() => [plain, partial].map((client) => client.destroy()), stop);
  partial.middlewareStack.use(partialAnswers({ DescribeTasksCommand: partialTasks }));
  return { plain, partial, requests };
}

const describeThem = () => new DescribeTasksCommand({ tasks: ['a'] });

const TASK = {
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/blue/1',
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/blue',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/calc:7',
  containerInstanceArn: 'arn:aws:ecs:eu-west-1:123456789012:container-instance/blue/1',
  availabilityZone: 'eu-west-1a',
  group: 'service:calc',
  startedBy: 'ecs-svc/1',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: 1_704_067_195.1236,
  startedAt: 1_704_067_200,
  stoppingAt: 1_704_067_300,
  tags: [{ key: 'a', value: 'b' }],
  overrides: {
    containerOverrides: [
      {
        name: 'app',
        command: ['run'],
        environment: [
          { name: 'SERVICE_NAME', value: 'calc' },
          { name: 'DISCOVERY_SERVICE_NAME', value: 'api' },
          { name: 'A', value: 'b' },
        ],
      },
      { name: 'sidecar', environment: [{ name: 'A', value: 'b' }] },
    ],
    inferenceAcceleratorOverrides: [],
  },
  attachments: [
    {
      id: '1',
      type: 'ElasticNetworkInterface',
      details: [
        { name: 'subnetId', value: 'subnet-1' },
        { name: 'networkInterfaceId', value: 'eni-1' },
        { name: 'privateDnsName', value: 'ip-10-0-0-1.ec2.internal' },
        { name: 'privateIPv4Address', value: '10.0.0.1' },
      ],
    },
    { id: '2', type: 'ServiceConnect', details: [] },
  ],
  containers: [
    {
      containerArn: 'arn:aws:ecs:eu-west-1:123456789012:container/blue/1/1',
      name: 'app',
      runtimeId: '0123456789abcdef',
      lastStatus: 'RUNNING',
      healthStatus: 'HEALTHY',
      image: 'calc:7',
      networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' }],
      networkInterfaces: [{ attachmentId: '1', privateIpv4Address: '10.0.0.1', ipv6Address: 'fd00::1' }],
    },
  ],
};
const BARE = { taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/blue/2', createdAt: 1_704_067_195.1236 };
const DEFINITIONS = new Map([
  [TASK.taskDefinitionArn, { networkMode: 'bridge', containers: new Map([['app', { essential: true }]]) }],
]);

const SOURCES = { hosts: new Map(), definitions: DEFINITIONS, namesOf: METADATA_ALONE };

describe('an answer of DescribeTasks', () => {
  it('leads to the same endpoints as it does when the SDK reads it', async () => {
    const failures = [{ arn: 'c', reason: 'MISSING' }];
    const { plain, partial } = await clientsFor(JSON.stringify({ tasks: [TASK, BARE], failures }));
    const [long, short] = [await plain.send(describeThem()), await partial.send(describeThem())];
    const endpointsOf = ({ tasks = [] }: typeof long) =>
      tasks.flatMap((task) => taskEndpoints(keepTask(task), BLUE, SOURCES));
    expect(endpointsOf(short)).toEqual(endpointsOf(long));
    expect(endpointsOf(short)[0]?.container).toMatchObject({
      startedAt: 1_704_067_200_000,
      stoppingAt: 1_704_067_300_000,
      ecsService: 'calc',
      addressName: 'api',
      networkInterface: {
        id: 'eni-1',
        address: '10.0.0.1',
        ipv6: 'fd00::1',
        placement: { availabilityZone: 'eu-west-1a', subnetId: 'subnet-1' },
      },
    });
    expect(short.failures).toEqual(failures);
    expect(short.tasks?.[1]?.createdAt).toEqual(long.tasks?.[1]?.createdAt);
    expect(short.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
  });

  it('is kept without what nobody looks at', async () => {
    const { partial } = await clientsFor(JSON.stringify({ tasks: [TASK], failures: [] }));
    const text = JSON.stringify(await partial.send(describeThem()));
    for (const name of ['tags', 'clusterArn', 'image', 'ServiceConnect', 'sidecar', 'command']) {
      expect(text).not.toContain(name);
    }
  });

  it.each([
    ['with a null', { tasks: [{ ...BARE, startedAt: null }], failures: [] }],
    ['with a time that is no number', { tasks: [{ ...BARE, startedAt: '1704067200' }], failures: [] }],
    ['without tasks', { failures: [] }],
  ])('%s is left to the SDK', async (_, answer) => {
    const body = JSON.stringify(answer);
    expect(partialTasks(Buffer.from(body))).toBeUndefined();
    const { plain, partial } = await clientsFor(body);
    const { $metadata: _plain, ...expected } = await plain.send(describeThem());
    expect(await partial.send(describeThem())).toMatchObject(expected);
  });

  it.each([
    ['that is cut off', '{"tasks":[', 200],
    ['that is a refusal', '{"__type":"AccessDeniedException","message":"no"}', 400],
  ])('%s fails as it would without the partial reader', async (_, body, status) => {
    const { plain, partial } = await clientsFor(body, status);
    const failure = (client: ECSClient) =>
      client.send(describeThem()).then(
        () => 'none',
        (error: unknown) => error,
      );
    expect(await failure(partial)).toMatchObject({ name: ((await failure(plain)) as Error).name });
  });

  it('is the only one that the reader is asked for', async () => {
    const { partial } = await clientsFor('{"taskArns":["a"],"tasks":[]}');
    expect((await partial.send(new ListTasksCommand({}))).taskArns).toEqual(['a']);
  });
});
