import type { NetworkBinding, PortMapping } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import type { Definition } from '../../../src/sources/ecs/definition-cache.ts';
import { METADATA_ALONE } from '../../../src/sources/ecs/name-claims.ts';
import { taskEndpoints } from '../../../src/sources/ecs/task-endpoints.ts';
import { keepTask } from '../../../src/sources/ecs/task-summary.ts';
import { BLUE } from '../../clusters.ts';
import { DEFINITION_ARN, ecsContainer, instanceArn, task } from './support.ts';

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
  privateDnsName: 'ip-10-0-0-1.eu-west-1.compute.internal',
  address: '10.0.0.1',
};

interface Given {
  readonly bindings?: NetworkBinding[];
  readonly mappings?: PortMapping[];
  readonly networkMode?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One container on `host`, of a definition with this network mode and these ports. */
function containerWith({ bindings = [], mappings = [], networkMode = 'bridge', environment = {} }: Given) {
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const definition: Definition = {
    networkMode,
    containers: new Map([
      ['app', { environment: variables, portMappings: mappings, dockerLabels: undefined }],
    ]),
  };
  const [found] = taskEndpoints(
    keepTask(
      task(1, {
        taskDefinitionArn: DEFINITION_ARN,
        containerInstanceArn: instanceArn(1),
        containers: [ecsContainer({ networkBindings: bindings })],
      }),
    ),
    BLUE,
    {
      hosts: new Map([[instanceArn(1), host]]),
      definitions: new Map([[DEFINITION_ARN, definition]]),
      namesOf: METADATA_ALONE,
    },
  );
  return { container: found?.container, endpoints: found?.endpoints ?? [] };
}

describe('the ports of a container', () => {
  it.each<[string, Given, readonly string[]]>([
    ['none without bindings', {}, []],
    [
      'a dynamic port',
      { bindings: [{ hostPort: 32_768, containerPort: 80, protocol: 'tcp' }] },
      ['32768>80/tcp'],
    ],
    [
      'several ports',
      {
        bindings: [
          { hostPort: 32_768, containerPort: 80 },
          { hostPort: 32_769, containerPort: 81 },
        ],
      },
      ['32768>80/tcp', '32769>81/tcp'],
    ],
    [
      'one port that is bound for IPv4 and for IPv6',
      {
        bindings: [
          { bindIP: '0.0.0.0', hostPort: 32_768, containerPort: 80 },
          { bindIP: '::', hostPort: 32_768, containerPort: 80 },
        ],
      },
      ['32768>80/tcp'],
    ],
    ['a UDP port', { bindings: [{ hostPort: 53, containerPort: 53, protocol: 'udp' }] }, ['53>53/udp']],
    [
      'TCP and UDP of one number',
      {
        bindings: [
          { hostPort: 53, containerPort: 53, protocol: 'udp' },
          { hostPort: 53, containerPort: 53, protocol: 'tcp' },
        ],
      },
      ['53>53/udp', '53>53/tcp'],
    ],
    [
      'the port itself where the container port is not told',
      { bindings: [{ hostPort: 8080 }] },
      ['8080>8080/tcp'],
    ],
    [
      'a range',
      { bindings: [{ hostPortRange: '40000-40002', containerPortRange: '8000-8002', protocol: 'tcp' }] },
      ['40000>8000/tcp', '40001>8001/tcp', '40002>8002/tcp'],
    ],
    [
      'a range of one',
      { bindings: [{ hostPortRange: '40000-40000', containerPortRange: '8000-8000' }] },
      ['40000>8000/tcp'],
    ],
    [
      'a range that ends with the last port',
      { bindings: [{ hostPortRange: '65534-70000', containerPortRange: '65534-70000' }] },
      ['65534>65534/tcp', '65535>65535/tcp'],
    ],
    [
      'of ranges of unequal length what they share',
      { bindings: [{ hostPortRange: '40000-40002', containerPortRange: '8000-8001' }] },
      ['40000>8000/tcp', '40001>8001/tcp'],
    ],
    [
      'none of a range that is no range',
      { bindings: [{ hostPortRange: '40000', containerPortRange: '8000-' }] },
      [],
    ],
    [
      'none of a range that runs backwards',
      { bindings: [{ hostPortRange: '9-1', containerPortRange: '9-1' }] },
      [],
    ],
    ['none of a binding to port 0', { bindings: [{ hostPort: 0, containerPort: 80 }] }, []],
    ['none of an empty binding', { bindings: [{}] }, []],
    ['no mapped port in bridge mode before it is bound', { mappings: [{ containerPort: 80 }] }, []],
    [
      'the mapped ports in host mode without bindings',
      { networkMode: 'host', mappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }] },
      ['80>80/tcp', '53>53/udp'],
    ],
    [
      'the bindings in host mode with some',
      {
        networkMode: 'host',
        mappings: [{ containerPort: 80 }],
        bindings: [{ hostPort: 81, containerPort: 81 }],
      },
      ['81>81/tcp'],
    ],
    [
      'a mapped range in host mode',
      { networkMode: 'host', mappings: [{ containerPortRange: '8000-8001' }] },
      ['8000>8000/tcp', '8001>8001/tcp'],
    ],
    ['none of an empty mapping', { networkMode: 'host', mappings: [{}] }, []],
  ])('%s', (_, given, ports) => {
    const { endpoints } = containerWith(given);
    expect(endpoints.map((one) => `${one.port}>${one.containerPort}/${one.protocol}`)).toEqual(ports);
  });
});

it('gives every port the name and the address of the host', () => {
  const { container, endpoints } = containerWith({ bindings: [{ hostPort: 32_768, containerPort: 80 }] });
  expect(endpoints).toMatchObject([
    {
      container,
      serviceName: undefined,
      hostNames: ['ip-10-0-0-1.eu-west-1.compute.internal'],
      address: '10.0.0.1',
      port: 32_768,
      containerPort: 80,
      protocol: 'tcp',
    },
  ]);
});

describe('the service names of the ports', () => {
  const two = [
    { hostPort: 32_768, containerPort: 80 },
    { hostPort: 32_769, containerPort: 81 },
  ];

  it.each<[string, Given, readonly (string | undefined)[], readonly string[]]>([
    [
      'the general name of one port',
      { bindings: two.slice(0, 1), environment: { SERVICE_NAME: 'calc' } },
      ['calc'],
      ['calc'],
    ],
    [
      'the general name of one port that is bound twice',
      {
        bindings: [...two.slice(0, 1), { hostPort: 32_770, containerPort: 80 }],
        environment: { SERVICE_NAME: 'calc' },
      },
      ['calc', 'calc'],
      ['calc'],
    ],
    [
      'no general name of two',
      { bindings: two, environment: { SERVICE_NAME: 'calc' } },
      [undefined, undefined],
      [],
    ],
    [
      'the name of one port of two',
      { bindings: two, environment: { SERVICE_81_NAME: 'web', SERVICE_NAME: 'calc' } },
      [undefined, 'web'],
      ['web'],
    ],
    [
      'the general name of the port that is going to be bound',
      { mappings: [{ containerPort: 80 }], environment: { SERVICE_NAME: 'calc' } },
      [],
      ['calc'],
    ],
    [
      'no general name of two that are going to be bound',
      { mappings: [{ containerPort: 80 }, { containerPort: 81 }], environment: { SERVICE_NAME: 'calc' } },
      [],
      [],
    ],
    ['no general name without any port', { environment: { SERVICE_NAME: 'calc' } }, [], []],
  ])('%s', (_, given, ofPorts, ofContainer) => {
    const { container, endpoints } = containerWith(given);
    expect(endpoints.map(({ serviceName }) => serviceName)).toEqual(ofPorts);
    expect(container?.serviceNames).toEqual(ofContainer);
  });
});
