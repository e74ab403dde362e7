import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';
import { countCalls, type Ec2World, ec2Instance, inMemoryEc2, inMemoryEcs, many } from './support.ts';

async function lookUp(hostNames: readonly string[], world: Ec2World, interfaceNames: readonly string[] = []) {
  const ec2 = inMemoryEc2(world);
  const inventory = createInventory({
    ecs: inMemoryEcs({}),
    ec2,
    region: 'eu-west-1',
    clusters: [],
    definitions: new Map(),
  });
  const { existing, incomplete } = await inventory.lookUpUnknownHosts(
    { hostNames, interfaceNames },
    undefined,
  );
  return { existing: [...existing].toSorted(), incomplete, calls: ec2.calls };
}

const NAME = 'ip-10-0-0-1.eu-west-1.compute.internal';
const OTHER = 'ip-10-0-0-2.eu-west-1.compute.internal';

describe('which hosts exist', () => {
  it.each<[string, readonly string[], Ec2World, readonly string[]]>([
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
    [
      'one that replaced a terminated one of its name',
      [NAME],
      {
        instances: [ec2Instance(1, { InstanceId: 'i-old', State: { Name: 'terminated' } }), ec2Instance(1)],
      },
      [NAME],
    ],
  ])('%s', async (_, asked, world, existing) => {
    const found = await lookUp(asked, world);
    expect(found).toMatchObject({ existing, incomplete: [] });
  });

  it('is asked of EC2 in any domain for a bare label', async () => {
    const { calls } = await lookUp(['ip-10-0-0-1', OTHER], {});
    expect(calls).toEqual([
      { operation: 'DescribeInstances', values: ['ip-10-0-0-1.*', OTHER], token: undefined },
    ]);
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
      ['DescribeInstances', [NAME, OTHER]],
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
  const names = many(250, (index) => `ip-10-1-0-${String(index).padStart(3, '0')}`);

  it('are asked for in full filters and all pages', async () => {
    const instances = names.map((name) => ec2Instance(1, { PrivateDnsName: `${name}.ec2.internal` }));
    const found = await lookUp(names, { instances, pageSize: 150 });
    expect(found.existing).toEqual(names);
    expect(countCalls(found)).toEqual({ DescribeInstances: 3 });
  });

  it('are incomplete where one request failed; the others count', async () => {
    const instances = names.map((name) => ec2Instance(1, { PrivateDnsName: `${name}.ec2.internal` }));
    const found = await lookUp(names, {
      instances,
      fault: ({ values }) =>
        values?.length === 199 ? awsError('UnauthorizedOperation', { message: 'no' }) : undefined,
    });
    expect(found.existing).toEqual(names.slice(199));
    expect(found.incomplete).toEqual([
      {
        scope: 'hosts/ip-10-1-0-000.* and 198 more',
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
