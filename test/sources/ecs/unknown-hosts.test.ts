import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';
import { countCalls, type Ec2World, ec2Instance, inMemoryEc2, inMemoryEcs, many } from './support.ts';

async function lookUp(
  hostNames: readonly string[],
  world: Ec2World,
  interfaceNames: readonly string[] = [],
  addresses: Readonly<Record<string, string>> = {},
) {
  const ec2 = inMemoryEc2(world);
  const inventory = createInventory({
    ecs: inMemoryEcs({}),
    ec2,
    region: 'eu-west-1',
    clusters: [],
    definitions: new Map(),
  });
  const { existing, incomplete } = await inventory.lookUpUnknownHosts(
    { hostNames, interfaceNames, addressOf: new Map(Object.entries(addresses)) },
    undefined,
  );
  return { existing: [...existing].toSorted(), incomplete, calls: ec2.calls };
}

const NAME = 'ip-10-0-0-1.eu-west-1.compute.internal';
const ID = 'i-0123456789abcdef0';
const OTHER = 'ip-10-0-0-2.eu-west-1.compute.internal';

/** A second address is on a second interface. */
const NAMED_BY_ID = ec2Instance(1, {
  InstanceId: ID,
  PrivateDnsName: `${ID}.eu-west-1.compute.internal`,
  NetworkInterfaces: [
    { PrivateIpAddress: '10.0.0.1' },
    {
      PrivateIpAddress: '10.0.0.50',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.50' }, { PrivateIpAddress: '10.0.0.51' }],
    },
  ],
});

describe('which hosts exist', () => {
  it.each<[string, readonly string[], Ec2World, readonly string[], Readonly<Record<string, string>>?]>([
    ['one that EC2 describes', [NAME, OTHER], { instances: [ec2Instance(1)] }, [NAME]],
    ['none that EC2 does not describe', [NAME], {}, []],
    ['one that is stopped', [NAME], { instances: [ec2Instance(1, { State: { Name: 'stopped' } })] }, [NAME]],
    [
      'none that is terminated',
      [NAME],
      { instances: [ec2Instance(1, { State: { Name: 'terminated' } })] },
      [],
    ],
    [
      'none that is shutting down',
      [NAME],
      { instances: [ec2Instance(1, { State: { Name: 'shutting-down' } })] },
      [],
    ],
    ['one asked for by its label', ['ip-10-0-0-1'], { instances: [ec2Instance(1)] }, ['ip-10-0-0-1']],
    [
      'one under both of its names',
      [NAME, 'ip-10-0-0-1'],
      { instances: [ec2Instance(1)] },
      ['ip-10-0-0-1', NAME],
    ],
    ['none that only begins the same', ['ip-10-0-0-1'], { instances: [ec2Instance(11)] }, []],
    ['one that EC2 calls by its id', [NAME], { instances: [NAMED_BY_ID] }, [NAME]],
    ['one by its id, in any domain', [`${ID}.corp`, ID], { instances: [NAMED_BY_ID] }, [ID, `${ID}.corp`]],
    [
      'one by an address that is not its first',
      ['ip-10-0-0-51.eu-west-1.compute.internal'],
      { instances: [NAMED_BY_ID] },
      ['ip-10-0-0-51.eu-west-1.compute.internal'],
    ],
    [
      'none of another region that has the address',
      ['ip-10-0-0-1.us-west-2.compute.internal'],
      { instances: [ec2Instance(1)] },
      [],
    ],
    [
      'one of which EC2 tells no name',
      [NAME],
      { instances: [ec2Instance(1, { PrivateDnsName: '' })] },
      [NAME],
    ],
    [
      'one by the address of a name in another domain',
      ['ip-10-0-0-1.corp'],
      { instances: [ec2Instance(1)] },
      ['ip-10-0-0-1.corp'],
    ],
    [
      'one by a name alone',
      ['node1.corp'],
      { instances: [ec2Instance(1, { PrivateDnsName: 'node1.corp' })] },
      ['node1.corp'],
    ],
    [
      'one by the address that the zone gives it',
      ['node1'],
      { instances: [ec2Instance(1)] },
      ['node1'],
      { node1: '10.0.0.1' },
    ],
    [
      'one that replaced a terminated one of its name',
      [NAME],
      {
        instances: [ec2Instance(1, { InstanceId: 'i-old', State: { Name: 'terminated' } }), ec2Instance(1)],
      },
      [NAME],
    ],
  ])('%s', async (_, asked, world, existing, addresses) => {
    const found = await lookUp(asked, world, [], addresses);
    expect(found).toMatchObject({ existing, incomplete: [] });
  });

  it.each<[string, readonly string[], readonly (readonly string[])[]]>([
    ['its address, where the name says it', ['ip-10-0-0-1', OTHER], [['10.0.0.1', '10.0.0.2']]],
    ['its id, where the name says it', [`${ID}.corp.example.com`, ID], [[ID]]],
    [
      'its name, where that says neither; in any domain for a bare label',
      ['node1', 'node2.corp'],
      [['node1.*', 'node2.corp']],
    ],
    [
      'its name and address, where the domain is none of EC2’s',
      ['ip-10-0-0-1.corp'],
      [['ip-10-0-0-1.corp'], ['10.0.0.1']],
    ],
  ])('is asked of EC2 by %s', async (_, asked, values) => {
    const { calls } = await lookUp(asked, {});
    expect(calls.map((call) => call.values)).toEqual(values);
  });

  it('is asked of no one without names', async () => {
    expect((await lookUp([], {})).calls).toEqual([]);
  });
});

describe('network interfaces', () => {
  const both = { interfaceNames: [NAME, OTHER] };

  it.each<[string, readonly string[], readonly string[]]>([
    ['of no name count where none is asked for', [], []],
    ['of the names asked for count', [NAME, OTHER], [NAME, OTHER]],
    ['of the other names do not', [OTHER], [OTHER]],
  ])('%s', async (_, interfaceNames, existing) => {
    const found = await lookUp([NAME, OTHER], both, interfaceNames);
    expect(found.existing).toEqual(existing);
    expect(found.calls.map(({ operation, values }) => [operation, values])).toEqual([
      ['DescribeInstances', ['10.0.0.1', '10.0.0.2']],
      ...(interfaceNames.length === 0 ? [] : [['DescribeNetworkInterfaces', interfaceNames]]),
    ]);
  });

  it('are not asked for where an instance has the name', async () => {
    const found = await lookUp([NAME, OTHER], { ...both, instances: [ec2Instance(1)] }, [NAME, OTHER]);
    expect(found.existing).toEqual([NAME, OTHER]);
    expect(found.calls.at(-1)).toMatchObject({ operation: 'DescribeNetworkInterfaces', values: [OTHER] });
    const all = await lookUp([NAME], { instances: [ec2Instance(1)] }, [NAME]);
    expect(countCalls(all)).toEqual({ DescribeInstances: 1 });
  });

  it('are found by a bare label as well', async () => {
    const found = await lookUp(['ip-10-0-0-1'], { interfaceNames: [NAME] }, ['ip-10-0-0-1']);
    expect(found.existing).toEqual(['ip-10-0-0-1']);
  });

  it('are asked for once a name, in order', async () => {
    const found = await lookUp([NAME, OTHER], {}, [OTHER, NAME, OTHER]);
    expect(found.calls.at(-1)).toMatchObject({ values: [NAME, OTHER] });
  });
});

describe('many names', () => {
  const names = many(250, (index) => `ip-10-1-0-${index}`).toSorted();
  const instances = names.map((name) =>
    ec2Instance(name, { PrivateIpAddress: name.slice(3).replaceAll('-', '.') }),
  );

  it('are asked for in full filters and all pages', async () => {
    const found = await lookUp(names, { instances, pageSize: 150 });
    expect(found.existing).toEqual(names);
    expect(countCalls(found)).toEqual({ DescribeInstances: 3 });
  });

  it('are incomplete where one request failed; the others count', async () => {
    const found = await lookUp(names, {
      instances,
      fault: ({ values }) =>
        values?.length === 199 ? awsError('UnauthorizedOperation', { message: 'no' }) : undefined,
    });
    expect(found.existing).toEqual(names.slice(199));
    expect(found.incomplete).toEqual([
      {
        scope: 'hosts/10.1.0.0 and 198 more',
        operation: 'ec2:DescribeInstances',
        error: 'UnauthorizedOperation: no',
        hides: 'endpoints',
      },
    ]);
  });

  it('name a single host alone, and the operation that failed', async () => {
    const found = await lookUp(
      [NAME, OTHER],
      {
        instances: [ec2Instance(1)],
        fault: ({ operation }) =>
          operation === 'DescribeNetworkInterfaces' ? awsError('Odd', { message: 'no' }) : undefined,
      },
      [OTHER],
    );
    expect(found.existing).toEqual([NAME]);
    expect(found.incomplete).toMatchObject([
      { scope: `hosts/${OTHER}`, operation: 'ec2:DescribeNetworkInterfaces', error: 'Odd: no' },
    ]);
  });
});
