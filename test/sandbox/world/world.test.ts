import { describe, expect, test } from 'vitest';
import { nameSortKey, storedName } from '../../../src/sandbox/world/record-name.ts';
import { Sequence } from '../../../src/sandbox/world/sequence.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { range } from '../with-sandbox.ts';

describe('storedName', () => {
  test.each([
    ['a.example', 'a.example.'],
    ['A.Example.', 'a.example.'],
    ['*.example', '\\052.example.'],
    ['\\052.example', '\\052.example.'],
    ['a b.example', 'a\\040b.example.'],
    ['\\101.example', 'a.example.'],
    ['a\\056b.example', 'a\\056b.example.'],
    ['_x-1._tcp.example', '_x-1._tcp.example.'],
  ])('%s is kept as %s', (name, expected) => {
    expect(storedName(name)).toBe(expected);
  });

  test('names sort by their labels from the right, dot included', () => {
    const names = ['b.a.', 'a.', 'c.a-b.', 'a-b.'];
    expect(names.toSorted((x, y) => (nameSortKey(x) < nameSortKey(y) ? -1 : 1))).toEqual([
      'a-b.',
      'c.a-b.',
      'a.',
      'b.a.',
    ]);
  });
});

describe('Sequence', () => {
  test('keeps its positions while things come and go', () => {
    const sequence = new Sequence<number>();
    for (const i of range(100)) sequence.add(String(i), i);
    const { next } = sequence.page(0, 50);
    for (const i of range(99)) if (i !== 60) sequence.delete(String(i));
    expect(sequence.page(next ?? 0, 50)).toEqual({ items: [60, 99], next: undefined });
    expect([sequence.size, ...sequence.values()]).toEqual([2, 60, 99]);
  });

  test('says that there is more only when there is', () => {
    const sequence = new Sequence<number>();
    for (const i of range(6)) sequence.add(String(i), i);
    const isOdd = (i: number) => i % 2 === 1;
    expect(sequence.page(0, 2, isOdd)).toEqual({ items: [1, 3], next: 5 });
    expect(sequence.page(0, 3, isOdd).next).toBeUndefined();
  });
});

describe('World', () => {
  test('the same seed makes the same ids', () => {
    const ids = (seed: number) => createWorld({ seed }).addMachine().instanceId;
    expect(ids(1)).toBe(ids(1));
    expect(ids(1)).not.toBe(ids(2));
  });

  test.each([
    ['us-east-1', 'ip-10-0-0-1.ec2.internal'],
    ['eu-west-1', 'ip-10-0-0-1.eu-west-1.compute.internal'],
  ])('names hosts the way EC2 does in %s', (region, name) => {
    expect(createWorld({ region }).addMachine({ address: '10.0.0.1' }).privateDnsName).toBe(name);
  });

  test('an ECS Anywhere machine is unknown to EC2', () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster, external: true });
    expect(machine.instanceId).toMatch(/^mi-[0-9a-f]{17}$/);
    expect([world.instances.size, cluster.containerInstances.size]).toEqual([0, 1]);
  });

  test('a terminated machine stops its tasks, a removed one takes them along', () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster });
    const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
    const task = world.addTask({ cluster, machine, taskDefinition });
    world.terminateMachine(machine);
    expect([task.lastStatus, machine.ec2?.state, cluster.containerInstances.size]).toEqual([
      'STOPPED',
      'terminated',
      0,
    ]);
    world.removeMachine(machine);
    expect([cluster.tasks.size, world.instances.size]).toEqual([0, 0]);
  });

  test('host mode binds the container ports themselves', () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster });
    const containers = [{ portMappings: [8080, { containerPortRange: '9000-9001' }] }];
    const taskDefinition = world.addTaskDefinition({ family: 'web', networkMode: 'host', containers });
    const [container] = world.addTask({ cluster, machine, taskDefinition }).containers;
    expect(container?.networkBindings).toEqual([
      { bindIP: '0.0.0.0', protocol: 'tcp', containerPort: 8080, hostPort: 8080 },
      { bindIP: '0.0.0.0', protocol: 'tcp', containerPortRange: '9000-9001', hostPortRange: '9000-9001' },
    ]);
  });
});
