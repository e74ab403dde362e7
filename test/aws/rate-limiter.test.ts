import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../src/aws/rate-limiter.ts';
import { sendOptions } from '../../src/aws/send-options.ts';
import { boundWait, NotSentError } from '../../src/aws/wait-bounds.ts';
import { settle, virtualTime } from '../watch/virtual-time.ts';
import { type Answer, accessTo, retriesWithoutDelay, startService } from './support.ts';

const NOTHING: Answer = { status: 200, body: '{"taskArns":[],"tasks":[],"taskDefinition":{}}' };
const THROTTLE: Answer = { status: 400, body: '{"__type":"ThrottlingException","message":"slow down"}' };
const FAULT: Answer = { status: 500, body: '{"__type":"ServerException","message":"try again"}' };
/** The burst of 100 that ECS documents, less the margin. */
const BURST = 95;
/** The burst of 40 of Elastic Load Balancing, less the margin. */
const BALANCER_BURST = 38;

let stopAll: (() => unknown)[] = [];
beforeEach(() => {
  stopAll = [];
});
afterEach(async () => {
  for (const stop of stopAll) await stop();
});

async function limited(answers: readonly Answer[], attempts = 1) {
  const { endpoint, requests, stop } = await startService(answers);
  const time = virtualTime();
  const limiter = createRateLimiter(time);
  const client = new ECSClient({ ...accessTo(endpoint), retryStrategy: retriesWithoutDelay(attempts) });
  client.middlewareStack.use(limiter.plugin('ecs'));
  stopAll.push(() => client.destroy(), stop);
  const list = (signal?: AbortSignal) => client.send(new ListTasksCommand({}), sendOptions(signal));
  const useUp = () => Promise.all(Array.from({ length: BURST }, () => list()));
  return { time, client, limiter, requests, list, useUp, endpoint };
}

/** Until so many sleep: requests take real time up to the point where they wait. */
async function until(condition: () => boolean) {
  while (!condition()) await settle();
}

describe('the rate limiter', () => {
  it('lets a burst pass without a wait, and the next request when its turn comes', async () => {
    const { time, list, useUp, requests } = await limited([NOTHING]);
    await useUp();
    const late = list();
    await until(() => time.sleepers() === 1);
    expect(requests()).toBe(BURST);
    await time.advance(50);
    await late;
    expect(requests()).toBe(BURST + 1);
    expect(time.sleepers()).toBe(0);
  });

  it('keeps a quota for each action and each service', async () => {
    const { time, client, useUp, requests, limiter, endpoint } = await limited([NOTHING]);
    await useUp();
    await client.send(new DescribeTasksCommand({ tasks: ['a'] }));
    await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'a' }));
    const ec2 = new EC2Client({ ...accessTo(endpoint), maxAttempts: 1 });
    stopAll.unshift(() => ec2.destroy());
    ec2.middlewareStack.use(limiter.plugin('ec2'));
    // Nothing that EC2 would say, but sent all the same.
    await ec2.send(new DescribeInstancesCommand({})).catch(() => {});
    expect(requests()).toBe(BURST + 3);
    expect(time.sleepers()).toBe(0);
  });

  it('keeps one quota for all actions of an API of load balancers, and one for the other API', async () => {
    const { time, limiter, endpoint, requests } = await limited([{ status: 200, body: '<a><b/></a>' }]);
    const access = { ...accessTo(endpoint), maxAttempts: 1 };
    const elbv2 = new ElasticLoadBalancingV2Client(access);
    const elb = new ElasticLoadBalancingClient(access);
    stopAll.unshift(
      () => elbv2.destroy(),
      () => elb.destroy(),
    );
    elbv2.middlewareStack.use(limiter.plugin('elbv2'));
    elb.middlewareStack.use(limiter.plugin('elb'));
    // What comes back is nothing that the SDK could read, and that is of no account here.
    const ask = (call: Promise<unknown>) => call.catch(() => {});
    const describeBalancers = () => ask(elbv2.send(new DescribeLoadBalancersCommand({})));
    await Promise.all(Array.from({ length: BALANCER_BURST }, describeBalancers));
    const late = ask(elbv2.send(new DescribeTargetGroupsCommand({})));
    await until(() => time.sleepers() === 1);
    await ask(elb.send(new DescribeClassicCommand({})));
    expect(requests()).toBe(BALANCER_BURST + 1);
    await time.advance(100);
    await late;
    expect(requests()).toBe(BALANCER_BURST + 2);
  });

  it('lets those who wait go in the order in which they came', async () => {
    const { time, list, useUp } = await limited([NOTHING]);
    await useUp();
    const order: string[] = [];
    const first = list().then(() => order.push('first'));
    await until(() => time.sleepers() === 1);
    const second = list().then(() => order.push('second'));
    await settle();
    await time.advance(50);
    await first;
    await until(() => time.sleepers() === 1);
    expect(order).toEqual(['first']);
    await time.advance(50);
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('waits for a turn before every attempt of a call', async () => {
    const { time, list, useUp, requests } = await limited(
      [...Array.from({ length: BURST }, () => NOTHING), FAULT, NOTHING],
      2,
    );
    await useUp();
    const call = list();
    await until(() => time.sleepers() === 1);
    await time.advance(50);
    await until(() => time.sleepers() === 1);
    expect(requests()).toBe(BURST + 1);
    await time.advance(50);
    await call;
    expect(requests()).toBe(BURST + 2);
  });

  it('slows down when it is refused', async () => {
    const { time, list } = await limited([THROTTLE, NOTHING], 2);
    const call = list();
    await until(() => time.sleepers() === 1);
    // Two requests' time and not none: the burst was not there.
    await time.advance(99);
    expect(time.sleepers()).toBe(1);
    await time.advance(1);
    await call;
  });

  it('learns nothing from a fault', async () => {
    const { time, list, requests } = await limited([FAULT, NOTHING], 2);
    await list();
    expect(requests()).toBe(2);
    expect(time.sleepers()).toBe(0);
  });

  it('ends a wait with the reason of the abort, and leaves the turn to the next', async () => {
    const { time, list, useUp, requests } = await limited([NOTHING]);
    await useUp();
    const controller = new AbortController();
    const given = list(controller.signal).catch((error: unknown) => error);
    await until(() => time.sleepers() === 1);
    const reason = new Error('the run was stopped');
    controller.abort(reason);
    expect(await given).toBe(reason);
    await settle();
    expect(time.sleepers()).toBe(0);

    const next = list();
    await until(() => time.sleepers() === 1);
    await time.advance(50);
    await next;
    expect(requests()).toBe(BURST + 1);
  });

  it('keeps the others waiting when one of them gives up', async () => {
    const { time, list, useUp, requests } = await limited([NOTHING]);
    await useUp();
    const controller = new AbortController();
    const given = list(controller.signal).catch((error: unknown) => error);
    await until(() => time.sleepers() === 1);
    const patient = list();
    await settle();
    controller.abort(new Error('enough'));
    await given;
    await until(() => time.sleepers() === 1);
    await time.advance(50);
    await patient;
    expect(requests()).toBe(BURST + 1);
  });

  it('sends nothing for a signal that has aborted already', async () => {
    const { list, requests } = await limited([NOTHING]);
    await expect(list(AbortSignal.abort(new Error('over')))).rejects.toThrow();
    expect(requests()).toBe(0);
  });
});

describe('what is told of the quotas', () => {
  const DESCRIBED = { burst: 100, perSecond: 20 };

  it('is nothing before a request', async () => {
    const { limiter } = await limited([NOTHING]);
    expect(limiter.quotas()).toEqual([]);
  });

  it('is how much is left of a burst, and what it fills up to', async () => {
    const { limiter, list, time } = await limited([NOTHING]);
    for (let i = 0; i < 3; i++) await list();
    const idle = { bucket: 'ecs:ListTasks', documented: DESCRIBED, burst: BURST, perSecond: 20 };
    const calm = { rejected: 0, waited: 0, waitedMs: 0, waiting: 0 };
    expect(limiter.quotas()).toEqual([{ ...idle, left: BURST - 3, ...calm }]);
    await time.advance(1_000);
    expect(limiter.quotas()).toEqual([{ ...idle, left: BURST, ...calm }]);
  });

  it('is who waits, and how long requests have waited', async () => {
    const { limiter, list, time, useUp } = await limited([NOTHING]);
    await useUp();
    const late = list();
    await until(() => time.sleepers() === 1);
    expect(limiter.quotas()).toMatchObject([{ left: 0, waiting: 1, waited: 0, waitedMs: 0 }]);
    await time.advance(50);
    await late;
    expect(limiter.quotas()).toMatchObject([{ waiting: 0, waited: 1, waitedMs: 50 }]);
  });

  it('is no wait of a request that there was room for, however slow the machine is', async () => {
    const { endpoint, stop } = await startService([NOTHING]);
    const time = virtualTime();
    let ticks = 0;
    const limiter = createRateLimiter({ ...time, now: () => time.now() + ticks++ });
    const client = new ECSClient(accessTo(endpoint));
    client.middlewareStack.use(limiter.plugin('ecs'));
    stopAll.push(() => client.destroy(), stop);

    await client.send(new ListTasksCommand({}));

    expect(limiter.quotas()).toMatchObject([{ waited: 0, waitedMs: 0, waiting: 0 }]);
  });

  it('is no wait of a request that was given up', async () => {
    const { limiter, list, time, useUp } = await limited([NOTHING]);
    await useUp();
    const controller = new AbortController();
    const given = list(controller.signal).catch(() => {});
    await until(() => time.sleepers() === 1);
    controller.abort();
    await given;
    expect(limiter.quotas()).toMatchObject([{ waiting: 0, waited: 0 }]);
  });

  it('is the rate that a refusal has taught', async () => {
    const { limiter, list, useUp, time } = await limited([
      ...Array.from({ length: BURST }, () => NOTHING),
      THROTTLE,
    ]);
    await useUp();
    const refused = list().catch(() => {});
    await until(() => time.sleepers() === 1);
    await time.advance(50);
    await refused;
    const [quota] = limiter.quotas();
    expect(quota).toMatchObject({ rejected: 1, left: 0, documented: DESCRIBED });
    expect(quota?.perSecond).toBeLessThan(20);
  });
});

describe('a command whose wait is bounded', () => {
  async function bounded(bounds: { readonly signal?: AbortSignal; readonly waitMs: number }) {
    const setup = await limited([NOTHING]);
    await setup.useUp();
    const command = new ListTasksCommand({});
    const deadline = setup.time.now() + bounds.waitMs;
    command.middlewareStack.use(boundWait({ signal: bounds.signal, deadline }));
    const outcome = setup.client.send(command).then(
      () => 'sent',
      (error: unknown) => error,
    );
    return { ...setup, outcome };
  }

  it('is sent when its turn comes in time', async () => {
    const { time, outcome, requests } = await bounded({ waitMs: 51 });
    await until(() => time.sleepers() === 1);
    await time.advance(50);
    expect(await outcome).toBe('sent');
    expect(requests()).toBe(BURST + 1);
  });

  it('is given up at once when its turn would come at the deadline or later', async () => {
    const { time, outcome, requests } = await bounded({ waitMs: 50 });
    expect(await outcome).toBeInstanceOf(NotSentError);
    expect(time.sleepers()).toBe(0);
    expect(requests()).toBe(BURST);
  });

  it('is given up when its turn comes later than was to be expected', async () => {
    const { time, outcome, requests } = await bounded({ waitMs: 60 });
    await until(() => time.sleepers() === 1);
    await time.advance(20);
    time.set(time.now() + 1_000);
    await time.advance(30);
    expect(await outcome).toBeInstanceOf(NotSentError);
    expect(requests()).toBe(BURST);
  });

  it('is given up when its signal aborts, and says why', async () => {
    const controller = new AbortController();
    const { time, outcome } = await bounded({ signal: controller.signal, waitMs: 1_000 });
    await until(() => time.sleepers() === 1);
    const reason = new Error('the run was stopped');
    controller.abort(reason);
    const error = await outcome;
    expect(error).toBeInstanceOf(NotSentError);
    expect(error).toMatchObject({ cause: reason });
  });

  it('is sent at once within the burst, whatever its deadline', async () => {
    const { client, requests, time } = await limited([NOTHING]);
    const command = new ListTasksCommand({});
    command.middlewareStack.use(boundWait({ signal: undefined, deadline: time.now() + 1 }));
    await client.send(command);
    expect(requests()).toBe(1);
  });
});
