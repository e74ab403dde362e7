import { afterEach, describe, expect, test } from 'vitest';
import { type AwsClients, createAwsClients } from '../../../src/aws/aws-clients.ts';
import { historyKey } from '../../../src/model/health-history.ts';
import type { FleetService, Member } from '../../../src/sandbox/fleet/fleet-builder.ts';
import type { Service } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { TargetGroup } from '../../../src/sandbox/world/load-balancer.ts';
import { ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { loadBalancersApi } from '../../../src/sources/ecs/resolve-balancers.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { accessTo } from '../../aws/support.ts';
import { newFleet } from '../../end-to-end/support.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { startTestServer, type TestServer } from '../../sandbox/test-server.ts';

const open: { readonly server: TestServer; readonly clients: AwsClients }[] = [];
afterEach(async () => {
  for (const { server, clients } of open.splice(0)) {
    clients.destroy();
    await server.close();
  }
});

const SICK = { state: 'unhealthy', reason: 'Target.Timeout' };

/** A fleet of one cluster, and how to put its ECS services behind target groups. */
function balancedFleet() {
  const fleet = newFleet();
  const { world } = fleet;
  const cluster = world.cluster('blue');
  const add = (family: string, mode: 'bridge' | 'awsvpc', members = 2) => {
    const portMappings = [mode === 'bridge' ? { containerPort: 8080, hostPort: 0 } : 8080];
    const service = fleet.addService({ name: `_${family}._tcp`, mode, cluster, portMappings });
    const machines = fleet.machinesOf(cluster);
    const run = (i: number) =>
      fleet.run(
        service,
        mode === 'bridge'
          ? { machine: fleet.machine(cluster, i) }
          : { launchType: 'FARGATE', address: `127.${OWN_BLOCK}.9.${machines.length + i}` },
      );
    return { service, members: Array.from({ length: members }, (_, i) => run(i)) };
  };
  const ecsServiceOf = ({ definition: { family } }: FleetService): Service => {
    const found = [...cluster.services.values()].find(({ serviceName }) => serviceName === family);
    if (found === undefined) throw new TypeError(`there is no service ${family}`);
    return found;
  };
  const balance = (
    service: FleetService,
    place = { containerName: 'app', containerPort: 8080 },
  ): TargetGroup => {
    const group = world.addTargetGroup(undefined);
    ecsServiceOf(service).loadBalancers.push({ targetGroupArn: group.targetGroupArn, ...place });
    return group;
  };
  const instanceOf = ({ task: { containerInstanceArn } }: Member): string => {
    const found = cluster.containerInstances.get(containerInstanceArn ?? '');
    if (found === undefined) throw new TypeError('it runs on no machine');
    return found.ec2InstanceId;
  };
  return { world, add, balance, ecsServiceOf, instanceOf };
}

type Fleet = ReturnType<typeof balancedFleet>;

/** What target groups say of all endpoints, read by the real SDK; by the container's id. */
async function heard({ world }: Fleet, prepare: (server: TestServer) => void = () => {}) {
  const server = await startTestServer(world);
  const clients = createAwsClients({ ...accessTo(server.url), region: world.region }, { paced: false });
  open.push({ server, clients });
  const inventory = createInventory({
    ecs: ecsApi(clients.ecs),
    ec2: ec2Api(clients.ec2),
    region: world.region,
    clusters: [],
    definitions: new Map(),
    balancers: () => loadBalancersApi(clients),
  });
  const { endpoints } = await inventory.take(() => {}, undefined);
  prepare(server);
  const calls = clients.countCalls();
  const read = (signal?: AbortSignal) => inventory.readTargetHealth(endpoints, signal);
  const { states, incomplete } = await read();
  const byContainer = new Map(
    endpoints.flatMap((endpoint) => {
      const own = states.get(historyKey(endpoint));
      return own === undefined ? [] : [[endpoint.container.id ?? '', own] as const];
    }),
  );
  return {
    of: ({ containerId }: Member) => byContainer.get(containerId),
    incomplete,
    ...calls(),
    read,
    server,
  };
}

describe('what target groups say of endpoints', () => {
  test('is matched by instance and host port, or by the address of the task and the port of the container', async () => {
    const fleet = balancedFleet();
    const [bridge, own] = [fleet.add('orders', 'bridge'), fleet.add('carts', 'awsvpc')];
    const [byInstance, byAddress] = [fleet.balance(bridge.service), fleet.balance(own.service)];
    const [first, second] = bridge.members as [Member, Member];
    const [third, fourth] = own.members as [Member, Member];
    byInstance.targets = [
      { id: fleet.instanceOf(first), port: first.port, ...SICK },
      { id: fleet.instanceOf(second), port: second.port + 1, ...SICK },
    ];
    byAddress.targets = [
      { id: third.address, port: 8080, state: 'healthy' },
      { id: fourth.address, port: 8081, ...SICK },
    ];

    const { of, incomplete, awsCalls } = await heard(fleet);

    expect(of(first)).toEqual([{ group: byInstance.targetGroupName, ...SICK }]);
    expect(of(third)).toEqual([{ group: byAddress.targetGroupName, state: 'healthy', reason: undefined }]);
    expect([of(second), of(fourth)]).toEqual([undefined, undefined]);
    expect(incomplete).toEqual([]);
    expect(awsCalls).toEqual({ 'ecs:DescribeServices': 1, 'elasticloadbalancing:DescribeTargetHealth': 2 });
  });

  test('is that of the container and port that the service names, and of no other', async () => {
    const fleet = balancedFleet();
    const { service, members } = fleet.add('orders', 'bridge', 1);
    const [member] = members as [Member];
    const places = [
      { containerName: 'sidecar', containerPort: 8080 },
      { containerName: 'app', containerPort: 9090 },
    ];
    for (const place of places) {
      fleet.balance(service, place).targets = [{ id: fleet.instanceOf(member), port: member.port, ...SICK }];
    }

    expect((await heard(fleet)).of(member)).toBeUndefined();
  });

  test('is not that of another service whose target has the same place', async () => {
    const fleet = balancedFleet();
    const [orders, carts] = [fleet.add('orders', 'bridge', 1), fleet.add('carts', 'bridge', 1)];
    const [member] = orders.members as [Member];
    fleet.balance(carts.service).targets = [{ id: fleet.instanceOf(member), port: member.port, ...SICK }];

    expect((await heard(fleet)).of(member)).toBeUndefined();
  });

  test('comes from all target groups of a service, of its task sets and of blue/green', async () => {
    const fleet = balancedFleet();
    const { service, members } = fleet.add('orders', 'bridge', 1);
    const [member] = members as [Member];
    const at = { id: fleet.instanceOf(member), port: member.port };
    const [first, second] = [fleet.balance(service), fleet.balance(service)];
    const [ofSet, alternate] = [fleet.world.addTargetGroup(undefined), fleet.world.addTargetGroup(undefined)];
    const ecsService = fleet.ecsServiceOf(service);
    const place = { containerName: 'app', containerPort: 8080 };
    const taskSet = { ...place, targetGroupArn: ofSet.targetGroupArn };
    ecsService.taskSets = [{ id: 'ecs-svc/1', status: 'PRIMARY', loadBalancers: [taskSet] }];
    first.targets = [{ ...at, ...SICK }];
    second.targets = [{ ...at, state: 'healthy' }];
    ofSet.targets = [{ ...at, state: 'initial', reason: 'Elb.RegistrationInProgress' }];
    alternate.targets = [{ ...at, state: 'draining', reason: 'Target.DeregistrationInProgress' }];

    const { of, awsCalls } = await heard(fleet, (server) => {
      const transform = (output: object) => {
        const copy = structuredClone(output) as { services: { loadBalancers: object[] }[] };
        const [balancer] = copy.services[0]?.loadBalancers ?? [];
        Object.assign(balancer ?? {}, {
          advancedConfiguration: { alternateTargetGroupArn: alternate.targetGroupArn },
        });
        return copy;
      };
      server.addFault({ operation: 'ecs:DescribeServices', effect: { kind: 'transform', transform } });
    });

    expect(
      of(member)
        ?.map(({ group }) => group)
        .toSorted(),
    ).toEqual([first, second, ofSet, alternate].map(({ targetGroupName }) => targetGroupName).toSorted());
    expect(awsCalls['elasticloadbalancing:DescribeTargetHealth']).toBe(4);
  });

  test('is asked of a target group once, however many services and endpoints have it', async () => {
    const fleet = balancedFleet();
    const [orders, carts] = [fleet.add('orders', 'bridge', 2), fleet.add('carts', 'bridge', 2)];
    const shared = fleet.balance(orders.service);
    const { targetGroupArn } = shared;
    fleet
      .ecsServiceOf(carts.service)
      .loadBalancers.push({ targetGroupArn, containerName: 'app', containerPort: 8080 });
    const all = [...orders.members, ...carts.members];
    shared.targets = all.map((one) => ({ id: fleet.instanceOf(one), port: one.port, state: 'healthy' }));

    const { of, awsCalls } = await heard(fleet);

    expect(all.map((one) => of(one)?.map(({ state }) => state))).toEqual(all.map(() => ['healthy']));
    expect(awsCalls).toEqual({ 'ecs:DescribeServices': 1, 'elasticloadbalancing:DescribeTargetHealth': 1 });
  });

  test('is nothing where no service has a target group, and nobody is asked for it', async () => {
    const fleet = balancedFleet();
    const { members } = fleet.add('orders', 'bridge', 1);

    const { of, awsCalls, incomplete } = await heard(fleet);

    expect([of(members[0] as Member), incomplete]).toEqual([undefined, []]);
    expect(awsCalls).toEqual({ 'ecs:DescribeServices': 1 });
  });
});

describe('what cannot be asked', () => {
  const broken = () => {
    const fleet = balancedFleet();
    const [orders, carts] = [fleet.add('orders', 'bridge', 1), fleet.add('carts', 'bridge', 1)];
    const [first, second] = [...orders.members, ...carts.members] as [Member, Member];
    const groups = [fleet.balance(orders.service), fleet.balance(carts.service)] as const;
    groups[0].targets = [{ id: fleet.instanceOf(first), port: first.port, ...SICK }];
    groups[1].targets = [{ id: fleet.instanceOf(second), port: second.port, ...SICK }];
    return { fleet, first, second, groups };
  };
  const refusal = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not you' } as const;

  test('is one incomplete scope for each error, and the rest is told', async () => {
    const { fleet, first, second, groups } = broken();
    const when = ({ input }: { readonly input: object }) =>
      JSON.stringify(input).includes(groups[0].targetGroupArn);
    const { of, incomplete } = await heard(fleet, (server) => {
      server.addFault({ operation: 'elbv2:DescribeTargetHealth', when, effect: refusal });
    });

    expect([of(first), of(second)]).toEqual([undefined, [{ group: groups[1].targetGroupName, ...SICK }]]);
    expect(incomplete).toEqual([
      {
        scope: `target-health/${groups[0].targetGroupName}`,
        operation: 'elasticloadbalancing:DescribeTargetHealth',
        error: 'AccessDenied: not you',
        hides: 'target-health',
      },
    ]);
  });

  test('is told once where all of it fails in one way', async () => {
    const { fleet } = broken();
    const { incomplete } = await heard(fleet, (server) => {
      server.addFault({ operation: 'elbv2:DescribeTargetHealth', effect: refusal });
    });

    expect(incomplete.map(({ scope }) => scope)).toEqual([
      expect.stringMatching(/^target-health\/tg-\w+ and 1 more$/),
    ]);
  });

  test('are services that ECS does not tell of', async () => {
    const { fleet, first, second } = broken();
    const { of, incomplete, awsCalls } = await heard(fleet, (server) => {
      server.addFault({
        operation: 'ecs:DescribeServices',
        effect: { ...refusal, code: 'AccessDeniedException' },
      });
    });

    expect([of(first), of(second)]).toEqual([undefined, undefined]);
    expect(incomplete).toMatchObject([{ operation: 'ecs:DescribeServices', hides: 'target-health' }]);
    expect(awsCalls).toEqual({ 'ecs:DescribeServices': 1 });
  });

  test('is none of it where the target group is gone: that is an answer', async () => {
    const { fleet, first, second, groups } = broken();
    fleet.world.targetGroups.delete(groups[0].targetGroupArn);
    const { of, incomplete } = await heard(fleet);

    expect([of(first), of(second)?.length, incomplete]).toEqual([undefined, 1, []]);
  });

  test('is not asked for any longer once the run was stopped', async () => {
    const { fleet } = broken();
    const { read, server } = await heard(fleet);
    const controller = new AbortController();
    const reason = new Error('the run was stopped');
    const before = () => controller.abort(reason);
    server.addFault({ operation: 'elbv2:DescribeTargetHealth', effect: { kind: 'before', before } });

    await expect(read(controller.signal)).rejects.toBe(reason);
  });
});
