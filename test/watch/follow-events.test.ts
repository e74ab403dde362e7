import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import type { MessageQueue } from '../../src/sandbox/world/message-queue.ts';
import type { EventQueue } from '../../src/triggers/event-queue.ts';
import { type FollowEvent, followEvents } from '../../src/watch/follow-events.ts';
import { createWorker, type Worker } from '../../src/worker.ts';
import { addService, newFleet, serve, srvSet, ZONE_NAME } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { taskArn as arnOf, newerEvent, taskEvent } from '../triggers/event-shapes.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

const CREDENTIALS = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };

function tell(queue: MessageQueue, { taskArn, clusterArn, lastStatus, desiredStatus }: Task): void {
  const event = taskEvent(taskArn, { clusterArn, lastStatus, desiredStatus });
  queue.send(JSON.stringify(event), Date.now());
}

/** Follows a queue until the test is over; `looked` resolves with the next look that was told. */
function follow(server: TestServer) {
  const settings = parseSettings({
    env: {},
    flags: {
      '--zone': ZONE_NAME,
      '--journal': 'none',
      '--health-enabled': 'false',
      '--health-allow': '127.0.0.0/8',
      '--policy': 'sync',
      '--events': `${server.url}/123456789012/ecs-events`,
    },
  });
  const access = { endpoint: server.url, region: 'us-east-1', credentials: CREDENTIALS };
  const worker = createWorker(settings, { access, paced: false });
  const stop = new AbortController();
  const seen: FollowEvent[] = [];
  const waiting: ((event: FollowEvent) => void)[] = [];
  const observe = (event: FollowEvent) => {
    const [next] = waiting.splice(0, 1);
    if (next === undefined) seen.push(event);
    else next(event);
  };
  const following = (async () => {
    const queue = await worker.eventQueue();
    await followEvents({ worker, queue, clock: systemClock, stop: stop.signal, observe });
  })();
  onTestFinished(async () => {
    stop.abort();
    await following;
    worker.close();
  });
  const looked = async (): Promise<FollowEvent> => {
    const [first] = seen.splice(0, 1);
    return first ?? new Promise((resolve) => waiting.push(resolve));
  };
  return { looked, stop, following };
}

describe('the events of a queue', () => {
  test('are looked at as they come, and deleted', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const queue = fleet.world.addQueue('ecs-events');
    const server = await serve(fleet.world);
    const { looked, stop, following } = follow(server);

    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    tell(queue, started.task);
    expect(await looked()).toMatchObject({ kind: 'looked', messages: 1, ignored: 0, failure: undefined });
    expect(srvSet(fleet, '_orders._tcp', started)).toBeDefined();

    fleet.world.stopTask(started.task);
    tell(queue, started.task);
    queue.send(JSON.stringify(newerEvent()), Date.now());
    let messages = 0;
    let ignored = 0;
    while (messages < 2) {
      const look = await looked();
      if (look.kind !== 'looked') throw look.error;
      messages += look.messages;
      ignored += look.ignored;
    }
    expect(ignored).toBe(1);
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(1);

    stop.abort();
    await following;
    expect(queue.size).toBe(0);
  });

  test('stay in the queue while what they name cannot be looked at', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 1 });
    const queue = fleet.world.addQueue('ecs-events');
    const server = await serve(fleet.world);
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ListHostedZonesByName', effect });
    const { looked } = follow(server);

    for (const { task } of live) tell(queue, task);

    expect(await looked()).toMatchObject({ kind: 'failed' });
    expect(queue.size).toBe(1);
  });

  test('tell how long the oldest of them has waited', async () => {
    const fleet = newFleet();
    const queue = fleet.world.addQueue('ecs-events');
    for (const minutes of [2, 5, 1]) queue.send(JSON.stringify(newerEvent()), Date.now() - minutes * 60_000);
    const server = await serve(fleet.world);
    const { looked } = follow(server);

    const look = await looked();
    expect(look.kind === 'looked' && look.ageMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(look.kind === 'looked' && look.ageMs).toBeLessThan(6 * 60_000);
  });

  test('a queue that is not there is told, and asked for again later', async () => {
    const fleet = newFleet();
    const server = await serve(fleet.world);
    const { looked } = follow(server);
    expect(await looked()).toMatchObject({
      kind: 'failed',
      error: {
        code: 'aws',
        message: expect.stringMatching(/^SQS has no queue \S+: correct the URL/),
      },
    });
  });
});

const STARTING: Scope = { kind: 'task', cluster: 'blue', taskArn: arnOf('1') };

/** A worker that knows one task that starts, and of which its looks fail from the second on; and a queue with one event. */
function startWithFailures(time: VirtualTime, failures: number) {
  const looks: number[] = [];
  const startedAt = time.now();
  const worker: Pick<Worker, 'runScopes'> = {
    runScopes: async () => {
      looks.push(time.now() - startedAt);
      const record = { runs: [], waiting: [], elsewhere: [], calls: { awsCalls: {}, awsThrottled: 0 } };
      if (looks.length === 1) return { ...record, waiting: [STARTING], failure: undefined };
      const isFailing = looks.length <= 1 + failures;
      const failure = { code: 'changes-failed', detail: 'Route 53 is away' } as const;
      return { ...record, failure: isFailing ? failure : undefined };
    },
  };
  const bodies = [JSON.stringify(taskEvent(arnOf('1')))];
  const queue: EventQueue = {
    receive: async (waitSeconds, signal) => {
      const messages = bodies.splice(0).map((body) => ({ receipt: 'r', body }));
      if (messages.length === 0) await time.sleep(waitSeconds * 1_000 + 1, signal);
      return messages;
    },
    remove: async () => {},
    sendLater: async () => {},
  };
  const stop = new AbortController();
  const following = followEvents({ worker, queue, clock: time, stop: stop.signal, observe: () => {} });
  onTestFinished(async () => {
    stop.abort();
    await following;
  });
  return looks;
}

describe('what is still starting, and whose event is done with,', () => {
  test('is looked at once more where a look at it failed', async () => {
    const time = virtualTime();
    const looks = startWithFailures(time, 1);
    await time.advance(120_000);
    expect(looks).toHaveLength(3);
    // No long wait for messages is in its way.
    expect(looks[1]).toBeLessThan(11_000);
  });

  test('is left to the runs that look at everything where it cannot be looked at for a minute', async () => {
    const time = virtualTime();
    const looks = startWithFailures(time, Number.POSITIVE_INFINITY);
    await time.advance(600_000);
    expect(looks.length).toBeGreaterThan(5);
    expect(looks.at(-1)).toBeLessThan(120_000);
  });
});

test('what was received is looked at, although no more could be', async () => {
  const time = virtualTime();
  const looked: (readonly Scope[])[] = [];
  const bodies = [JSON.stringify(taskEvent(arnOf('1')))];
  const queue: EventQueue = {
    receive: async (_, signal) => {
      const messages = bodies.splice(0).map((body) => ({ receipt: 'r', body }));
      if (messages.length > 0) return messages;
      if (signal?.aborted !== true) throw new Error('throttled');
      throw signal.reason;
    },
    remove: async () => {},
    sendLater: async () => {},
  };
  const stop = new AbortController();
  const worker: Pick<Worker, 'runScopes'> = {
    runScopes: async (scopes) => {
      looked.push(scopes);
      const calls = { awsCalls: {}, awsThrottled: 0 };
      return { runs: [], waiting: [], elsewhere: [], failure: undefined, calls };
    },
  };
  const following = followEvents({ worker, queue, clock: time, stop: stop.signal, observe: () => {} });
  await time.advance(1_000);
  stop.abort();
  await following;
  expect(looked).toHaveLength(1);
});

test.each([
  ['cut-short', undefined],
  ['changes-failed', { code: 'changes-failed', detail: 'why' }],
] as const)(
  'of a look that was told to end, %s is told as %o, and its messages come again',
  async (code, told) => {
    const time = virtualTime();
    const bodies = [JSON.stringify(taskEvent(arnOf('1')))];
    const removed: unknown[] = [];
    const queue: EventQueue = {
      receive: async (waitSeconds, signal) => {
        const messages = bodies.splice(0).map((body) => ({ receipt: 'r', body }));
        if (messages.length === 0) await time.sleep(waitSeconds * 1_000 + 1, signal);
        return messages;
      },
      remove: async (messages) => {
        removed.push(...messages);
      },
      sendLater: async () => {},
    };
    const stop = new AbortController();
    const worker: Pick<Worker, 'runScopes'> = {
      runScopes: async (_, options) => {
        await time.sleep(10_000, options?.signal).catch(() => {});
        const calls = { awsCalls: {}, awsThrottled: 0 };
        return { runs: [], waiting: [STARTING], elsewhere: [], failure: { code, detail: 'why' }, calls };
      },
    };
    const seen: FollowEvent[] = [];
    const observe = (event: FollowEvent) => void seen.push(event);
    const following = followEvents({ worker, queue, clock: time, stop: stop.signal, observe });
    await time.advance(1_000);
    stop.abort();
    await following;

    expect(seen.map((event) => event.kind === 'looked' && event.failure)).toEqual([told]);
    expect(removed).toEqual([]);
  },
);
