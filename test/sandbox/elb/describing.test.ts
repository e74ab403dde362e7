import { DescribeLoadBalancersCommand as DescribeClassicCommand } from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { failureOf, range } from '../with-sandbox.ts';
import { withBalancers } from './with-balancers.ts';

const UNKNOWN_GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/no/0123456789abcdef';
const UNKNOWN_BALANCER =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/no/0123456789abcdef';

function threeKinds() {
  const world = createWorld();
  const alb = world.addLoadBalancer({ kind: 'application', name: 'shop' });
  const nlb = world.addLoadBalancer({ kind: 'network', name: 'feed' });
  const classic = world.addLoadBalancer({ kind: 'classic', name: 'old', scheme: 'internet-facing' });
  return { world, alb, nlb, classic };
}

describe('the newer API', () => {
  test('describes balancers by ARN, each with the DNS name of its kind', async () => {
    const { world, alb, nlb } = threeKinds();
    const { elbv2 } = await withBalancers(world);
    const answer = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [nlb.id, alb.id] }));
    expect(answer.LoadBalancers).toMatchObject([
      { LoadBalancerArn: nlb.id, DNSName: nlb.dnsName, Type: 'network', State: { Code: 'active' } },
      { LoadBalancerArn: alb.id, DNSName: alb.dnsName, Type: 'application', Scheme: 'internal' },
    ]);
    expect(alb.dnsName).toMatch(/^internal-shop-\d{10}\.us-east-1\.elb\.amazonaws\.com$/);
    expect(nlb.dnsName).toMatch(/^feed-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/);
    expect(answer.NextMarker).toBeUndefined();
  });

  test('describes target groups with the balancers that they belong to', async () => {
    const { world, alb } = threeKinds();
    const [behind, alone] = [world.addTargetGroup(alb), world.addTargetGroup(undefined)];
    const { elbv2 } = await withBalancers(world);
    const TargetGroupArns = [behind.targetGroupArn, alone.targetGroupArn];
    const describeGroups = async () => {
      const answer = await elbv2.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
      return answer.TargetGroups?.map(({ LoadBalancerArns }) => LoadBalancerArns);
    };
    expect(await describeGroups()).toEqual([[alb.id], []]);
    world.removeLoadBalancer(alb);
    expect(await describeGroups()).toEqual([[], []]);
  });

  test('tells the health of all targets of a group in one answer', async () => {
    const { world, alb } = threeKinds();
    const group = world.addTargetGroup(alb);
    group.targets.push(
      { id: 'i-0123456789abcdef0', port: 32_768, state: 'healthy' },
      { id: '10.0.0.1', port: 80, state: 'unhealthy', reason: 'Target.Timeout' },
    );
    const { elbv2 } = await withBalancers(world);
    const ask = (TargetGroupArn: string) => elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }));

    const { TargetHealthDescriptions } = await ask(group.targetGroupArn);

    expect(TargetHealthDescriptions).toEqual([
      {
        Target: { Id: 'i-0123456789abcdef0', Port: 32_768 },
        HealthCheckPort: '32768',
        TargetHealth: { State: 'healthy' },
      },
      {
        Target: { Id: '10.0.0.1', Port: 80 },
        HealthCheckPort: '80',
        TargetHealth: { State: 'unhealthy', Reason: 'Target.Timeout' },
      },
    ]);
    expect(await failureOf(ask(UNKNOWN_GROUP))).toMatchObject({ code: 'TargetGroupNotFoundException' });
    expect(await failureOf(ask('tg'))).toMatchObject({ code: 'ValidationError' });
    expect(
      await failureOf(elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn: undefined }))),
    ).toMatchObject({ code: 'ValidationError' });
    const Targets = [{ Id: 'i-0123456789abcdef0' }];
    const narrowed = new DescribeTargetHealthCommand({ TargetGroupArn: group.targetGroupArn, Targets });
    expect(await failureOf(elbv2.send(narrowed))).toMatchObject({ code: 'ValidationError' });
  });

  test('finds by name, and target groups by their balancer', async () => {
    const { world, alb } = threeKinds();
    const group = world.addTargetGroup(alb);
    world.addTargetGroup(undefined);
    const { elbv2 } = await withBalancers(world);
    const named = await elbv2.send(new DescribeLoadBalancersCommand({ Names: ['shop'] }));
    expect(named.LoadBalancers).toMatchObject([{ LoadBalancerArn: alb.id }]);
    for (const filter of [{ LoadBalancerArn: alb.id }, { Names: [group.targetGroupName] }]) {
      const found = await elbv2.send(new DescribeTargetGroupsCommand(filter));
      expect(found.TargetGroups).toMatchObject([{ TargetGroupArn: group.targetGroupArn }]);
    }
  });

  test('gives everything in pages', async () => {
    const world = createWorld();
    const all = range(5).map(() => world.addLoadBalancer({ kind: 'network' }).id);
    const { elbv2 } = await withBalancers(world);
    const found: (string | undefined)[] = [];
    const sizes: (number | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await elbv2.send(new DescribeLoadBalancersCommand({ PageSize: 2, Marker }));
      found.push(...(page.LoadBalancers ?? []).map(({ LoadBalancerArn }) => LoadBalancerArn));
      sizes.push(page.LoadBalancers?.length);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect([found, sizes]).toEqual([all, [2, 2, 1]]);
  });

  const many = (one: string) => range(21).map((i) => `${one}${i}`);
  const VALIDATION = 'ValidationError';
  test.each([
    [
      'an unknown target group among others',
      (known: string) => new DescribeTargetGroupsCommand({ TargetGroupArns: [known, UNKNOWN_GROUP] }),
      'TargetGroupNotFoundException',
      'One or more target groups not found',
    ],
    [
      '21 target groups',
      () => new DescribeTargetGroupsCommand({ TargetGroupArns: many(UNKNOWN_GROUP) }),
      VALIDATION,
      "You cannot describe more than '20' target groups at a time",
    ],
    [
      'no ARN of a target group',
      () => new DescribeTargetGroupsCommand({ TargetGroupArns: ['web'] }),
      VALIDATION,
      "'web' is not a valid target group ARN",
    ],
    [
      'names and ARNs together',
      (known: string) => new DescribeTargetGroupsCommand({ TargetGroupArns: [known], Names: ['a'] }),
      VALIDATION,
      'Only one of names, ARNs and a load balancer can be specified',
    ],
    [
      'target groups of an unknown balancer',
      () => new DescribeTargetGroupsCommand({ LoadBalancerArn: UNKNOWN_BALANCER }),
      'LoadBalancerNotFoundException',
      `Load balancers '[${UNKNOWN_BALANCER}]' not found`,
    ],
    [
      'a page of 0',
      () => new DescribeTargetGroupsCommand({ PageSize: 0 }),
      VALIDATION,
      "1 validation error detected: 'pageSize' must be between 1 and 400",
    ],
    [
      'a marker it never gave',
      () => new DescribeTargetGroupsCommand({ Marker: 'made-up' }),
      VALIDATION,
      'Invalid marker',
    ],
  ] as const)('refuses %s', async (_, command, code, message) => {
    const { world, alb } = threeKinds();
    const { elbv2 } = await withBalancers(world);
    const { targetGroupArn } = world.addTargetGroup(alb);
    expect(await failureOf(elbv2.send(command(targetGroupArn)))).toEqual({ code, status: 400, message });
  });

  test.each([
    [{ LoadBalancerArns: [UNKNOWN_BALANCER] }, 'LoadBalancerNotFoundException'],
    [{ Names: ['old'] }, 'LoadBalancerNotFoundException'],
    [{ LoadBalancerArns: many(UNKNOWN_BALANCER) }, VALIDATION],
  ])('refuses balancers that it does not have, and too many of them: %#', async (input, code) => {
    const { elbv2 } = await withBalancers(threeKinds().world);
    const failure = await failureOf(elbv2.send(new DescribeLoadBalancersCommand(input)));
    expect(failure).toMatchObject({ code, status: 400 });
  });

  test('does nothing else', async () => {
    const { elbv2 } = await withBalancers(createWorld());
    const failure = await failureOf(elbv2.send(new DescribeListenersCommand({})));
    expect(failure).toMatchObject({ code: 'InvalidAction', status: 400 });
  });
});

describe('the older API', () => {
  test('knows Classic Load Balancers alone, by name', async () => {
    const { world, classic } = threeKinds();
    const { elb } = await withBalancers(world);
    const all = await elb.send(new DescribeClassicCommand({}));
    const one = await elb.send(new DescribeClassicCommand({ LoadBalancerNames: ['old'] }));
    expect(all.LoadBalancerDescriptions).toMatchObject([
      { LoadBalancerName: 'old', DNSName: classic.dnsName, Scheme: 'internet-facing' },
    ]);
    expect(one.LoadBalancerDescriptions).toEqual(all.LoadBalancerDescriptions);
  });

  test.each([
    [['old', 'shop'], 'AccessPointNotFoundException', "There is no ACTIVE Load Balancer named 'shop'"],
    [
      range(21).map((i) => `b-${i}`),
      'ValidationError',
      'Up to 20 load balancers can be described at a time, but 21 were specified',
    ],
  ])('refuses a request of which one is unknown, and one of too many: %#', async (names, code, message) => {
    const { elb } = await withBalancers(threeKinds().world);
    const call = elb.send(new DescribeClassicCommand({ LoadBalancerNames: [...names] }));
    expect(await failureOf(call)).toEqual({ code, status: 400, message });
  });

  test('gives everything in pages', async () => {
    const world = createWorld();
    for (const i of range(3)) world.addLoadBalancer({ kind: 'classic', name: `b-${i}` });
    const { elb } = await withBalancers(world);
    const first = await elb.send(new DescribeClassicCommand({ PageSize: 2 }));
    const second = await elb.send(new DescribeClassicCommand({ PageSize: 2, Marker: first.NextMarker }));
    const names = [first, second].map(({ LoadBalancerDescriptions: found }) =>
      found?.map(({ LoadBalancerName }) => LoadBalancerName),
    );
    expect(names).toEqual([['b-0', 'b-1'], ['b-2']]);
    expect(second.NextMarker).toBeUndefined();
  });
});

test('each API has one bucket for all its actions: 40 at once, 10 a second', async () => {
  let now = 0;
  const { elb, elbv2 } = await withBalancers(threeKinds().world, { quotas: 'current', now: () => now });
  const ask = async (count: number) => {
    const calls = range(count).map((i) =>
      failureOf(
        i % 2 === 0
          ? elbv2.send(new DescribeLoadBalancersCommand({}))
          : elbv2.send(new DescribeTargetGroupsCommand({})),
      ),
    );
    return (await Promise.all(calls)).filter(({ code }) => code === 'Throttling').length;
  };
  expect(await ask(43)).toBe(3);
  expect((await elb.send(new DescribeClassicCommand({}))).LoadBalancerDescriptions).toHaveLength(1);
  now += 1000;
  expect(await ask(12)).toBe(2);
});

test('a key that is not let in is refused by both', async () => {
  const { elb, elbv2 } = await withBalancers(createWorld(), { requireAccessKey: 'SOMEBODY' });
  for (const call of [
    elb.send(new DescribeClassicCommand({})),
    elbv2.send(new DescribeLoadBalancersCommand({})),
  ])
    expect(await failureOf(call)).toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
});
