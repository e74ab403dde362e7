import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import type { Clock } from '../../src/model/clock.ts';
import { recordSetKey } from '../../src/model/record-set.ts';
import { createPublisher } from '../../src/publish/create-publisher.ts';
import type { PublishedEvent } from '../../src/publish/event-schema.ts';
import { eventsOf } from '../../src/publish/events-of.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { accessTo } from '../aws/support.ts';
import { startTestServer, type TestServer } from '../sandbox/test-server.ts';
import { received, srv, TIME, ZONE } from './support.ts';

const PUT = 'events:PutEvents';

/** Removals of so many sets. */
function removals(count: number): readonly PublishedEvent[] {
  const sets = Array.from({ length: count }, (_, i) => srv([`1 1 ${i} host`], { SetIdentifier: `set-${i}` }));
  return eventsOf({
    zone: ZONE,
    groups: sets.map((recordSet) => ({
      key: recordSetKey(recordSet),
      changes: [{ action: 'DELETE', recordSet }],
      reasons: ['task-gone'],
    })),
    outcomes: new Map(sets.map((set) => [recordSetKey(set), { status: 'applied' }])),
    describe: (_, value) => ({ value }),
    time: TIME,
  });
}

/** Time that only passes during a wait, that long and so much longer. */
function virtualClock(longerMs = 0) {
  const waits: number[] = [];
  let now = TIME;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms + longerMs;
    },
    random: () => 1,
  };
  return { clock, waits };
}

async function publisherFor(endpoint: string, eventBus: string, longerMs?: number) {
  const { clock, waits } = virtualClock(longerMs);
  const clients = createAwsClients(accessTo(endpoint), { clock, paced: false });
  const calls = clients.countCalls();
  onTestFinished(() => clients.destroy());
  const warnings: string[] = [];
  const report = (detail: string) => void warnings.push(detail);
  const publisher = await createPublisher({ eventBus, eventFormat: 'ecs-dns' }, { clients, clock, report });
  const publish = (events: readonly PublishedEvent[], bounds = {}) => publisher.publish(() => events, bounds);
  return { publisher, publish, clients, calls, clock, waits, warnings };
}

async function openBus(name = 'dns', longerMs?: number) {
  const world = createWorld({ region: 'eu-west-1' });
  const bus = world.addEventBus('dns');
  const server = await startTestServer(world);
  onTestFinished(() => server.close());
  const reference = name === 'arn' ? bus.arn : name;
  return { world, bus, server, ...(await publisherFor(server.url, reference, longerMs)) };
}

const requests = (server: TestServer) => server.counts()[PUT] ?? 0;
const byTime = (events: readonly PublishedEvent[]) => new Set(events.map(({ detail }) => detail.id));

describe('a bus is told', () => {
  test.each(['dns', 'arn'])(
    'by its %s, of all events in as few requests as the limits allow',
    async (name) => {
      const { bus, server, publish, calls, warnings } = await openBus(name);
      const events = removals(23);

      await publish(events);

      expect(byTime(received(bus.events))).toEqual(byTime(events));
      expect(received(bus.events)).toHaveLength(23);
      expect(bus.events.every(({ time }) => time === Math.floor(TIME / 1000) || time === TIME / 1000)).toBe(
        true,
      );
      expect(requests(server)).toBe(3);
      expect(calls().awsCalls).toEqual({ [PUT]: 3 });
      expect(warnings).toEqual([]);
    },
  );

  test('nothing when there is nothing to tell', async () => {
    const { server, publish, warnings } = await openBus();
    await publish([]);
    expect([requests(server), warnings]).toEqual([0, []]);
  });

  test('in the region of its ARN', async () => {
    const { clients } = await openBus();
    const client = await clients.eventBridge('ap-south-1');
    expect(await client.config.region()).toBe('ap-south-1');
  });
});

test('without a bus nobody is told, events are not even made, and no client is built', async () => {
  const clients = { eventBridge: () => Promise.reject(new TypeError('nobody needs it')) };
  const report = (detail: string) => {
    throw new TypeError(detail);
  };
  const publisher = await createPublisher(
    { eventBus: undefined, eventFormat: 'ecs-dns' },
    { clients, clock: virtualClock().clock, report },
  );
  const events = () => {
    throw new TypeError('nobody asked');
  };
  await expect(publisher.publish(events, {})).resolves.toBeUndefined();
});

describe('events that fail by themselves', () => {
  test.each(['ThrottlingException', 'InternalFailure'])('with %s are sent again, alone', async (code) => {
    const { bus, server, publish, waits, warnings } = await openBus();
    const [failing] = removals(10).slice(4);
    let left = 2;
    bus.refuse = ({ detail }) =>
      JSON.parse(detail).id === failing?.detail.id && left-- > 0 ? { code, message: 'wait' } : undefined;

    await publish(removals(10));

    expect(received(bus.events)).toHaveLength(10);
    expect(byTime(received(bus.events)).size).toBe(10);
    expect(server.log.map(({ input }) => (input['Entries'] as readonly unknown[]).length)).toEqual([
      10, 1, 1,
    ]);
    expect(waits).toEqual([200, 400]);
    expect(warnings).toEqual([]);
  });

  test('with any other code are given up, and the others are sent', async () => {
    const { bus, server, publish, warnings } = await openBus();
    const refused = byTime(removals(30).slice(0, 3));
    bus.refuse = ({ detail }) =>
      refused.has(JSON.parse(detail).id)
        ? { code: 'NotAuthorizedForDetailTypeException', message: 'not you' }
        : undefined;

    await publish(removals(30));

    expect(received(bus.events)).toHaveLength(27);
    expect(requests(server)).toBe(3);
    expect(warnings).toEqual([
      'eventBus: 3 of 30 events were not sent to dns: NotAuthorizedForDetailTypeException: not you',
    ]);
  });

  test('again and again are given up after five attempts', async () => {
    const { bus, server, publish, waits, warnings } = await openBus();
    bus.refuse = () => ({ code: 'ThrottlingException', message: 'Rate exceeded' });

    await publish(removals(2));

    expect(requests(server)).toBe(5);
    expect(waits).toEqual([200, 400, 800, 1_600]);
    expect(warnings).toEqual([
      'eventBus: 2 of 2 events were not sent to dns: ThrottlingException: Rate exceeded',
    ]);
  });
});

describe('a request that fails', () => {
  test.each([
    { what: 'is throttled', effect: { kind: 'throttle' } },
    { what: 'meets a fault', effect: { kind: 'error', code: 'InternalException', status: 500 } },
    { what: 'gets no answer', effect: { kind: 'drop' } },
  ] as const)('because it $what is sent again', async ({ effect }) => {
    const { bus, server, publish, warnings } = await openBus();
    server.addFault({ operation: PUT, times: 2, effect });

    await publish(removals(3));

    expect(received(bus.events)).toHaveLength(3);
    expect(requests(server)).toBe(3);
    expect(warnings).toEqual([]);
  });

  test('after it was carried out makes duplicates, which share an id', async () => {
    const { bus, server, publish, warnings } = await openBus();
    server.addFault({ operation: PUT, times: 1, effect: { kind: 'apply-then-drop' } });

    await publish(removals(3));

    expect(received(bus.events)).toHaveLength(6);
    expect(byTime(received(bus.events))).toEqual(byTime(removals(3)));
    expect(warnings).toEqual([]);
  });

  test('for good ends the sending', async () => {
    const { bus, server, publish, waits, warnings } = await openBus();
    const effect = { kind: 'error', code: 'AccessDeniedException', message: 'not allowed' } as const;
    server.addFault({ operation: PUT, effect });

    await publish(removals(1_000));

    expect(bus.events).toEqual([]);
    // Those that were under way at once, and no more.
    expect(requests(server)).toBeLessThanOrEqual(4);
    expect(waits).toEqual([]);
    expect(warnings).toEqual([
      'eventBus: 1000 of 1000 events were not sent to dns: AccessDeniedException: not allowed',
    ]);
  });

  test('because nothing listens is given up after five attempts, for all events', async () => {
    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
    const address = unused.address();
    await new Promise((resolve) => unused.close(resolve));
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    const { publish, calls, warnings } = await publisherFor(`http://127.0.0.1:${address.port}`, 'dns');

    await publish(removals(100));

    expect(calls().awsCalls[PUT]).toBeLessThanOrEqual(4 * 5);
    expect(warnings.length).toBeGreaterThan(0);
    for (const warning of warnings)
      expect(warning).toMatch(/^eventBus: \d+ of 100 .* to dns: .*ECONNREFUSED/);
  });
});

describe('time', () => {
  test('that ran out before leaves everything unsent', async () => {
    const { server, publish, warnings } = await openBus();
    await publish(removals(3), { deadline: TIME });
    expect(requests(server)).toBe(0);
    expect(warnings).toEqual(['eventBus: 3 of 3 events were not sent to dns: time ran out']);
  });

  test('that runs out between two attempts ends them', async () => {
    const { server, publish, waits, warnings } = await openBus();
    server.addFault({ operation: PUT, effect: { kind: 'throttle' } });

    await publish(removals(3), { deadline: TIME + 500 });

    expect(requests(server)).toBe(2);
    expect(waits).toEqual([200, 300]);
    expect(warnings).toEqual([
      'eventBus: 3 of 3 events were not sent to dns: time ran out, after ThrottlingException: Rate exceeded',
    ]);
  });

  test('without a deadline is a minute', async () => {
    const { server, publish, warnings } = await openBus('dns', 59_000);
    server.addFault({ operation: PUT, effect: { kind: 'throttle' } });

    await publish(removals(3));

    expect(requests(server)).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('time ran out, after ThrottlingException')]);
  });

  test('of a run that is stopped is over', async () => {
    const { server, publish, warnings } = await openBus();
    await publish(removals(3), { signal: AbortSignal.abort(new Error('stop')) });
    expect(requests(server)).toBe(0);
    expect(warnings).toEqual(['eventBus: 3 of 3 events were not sent to dns: the run was stopped']);
  });

  test('is not spent on a request that hangs when the run is stopped', async () => {
    const { server, publish, warnings } = await openBus();
    const controller = new AbortController();
    server.addFault({
      operation: PUT,
      effect: { kind: 'hang' },
      when: () => {
        controller.abort(new Error('stop'));
        return true;
      },
    });

    await publish(removals(3), { signal: controller.signal });

    expect(warnings).toEqual(['eventBus: 3 of 3 events were not sent to dns: the run was stopped']);
  });
});

describe('an event', () => {
  test('that is too large is left out, and the others are sent', async () => {
    const { bus, publish, warnings } = await openBus();
    const [huge, ...others] = removals(3);
    if (huge === undefined) throw new TypeError('no events');
    const recordSet = { ...huge.detail.recordSet, ResourceRecords: [{ Value: 'x'.repeat(300_000) }] };

    await publish([{ ...huge, detail: { ...huge.detail, recordSet } }, ...others]);

    expect(byTime(received(bus.events))).toEqual(byTime(others));
    expect(warnings).toEqual([
      'eventBus: 1 of 3 events were not sent to dns: an event holds less than 256 KB',
    ]);
  });

  test('that cannot even be made is a warning, and no failure', async () => {
    const { publisher, warnings } = await openBus();
    const broken = () => {
      throw new TypeError('a bug');
    };
    await publisher.publish(broken, {});
    expect(warnings).toEqual(['eventBus: events were not sent to dns: TypeError: a bug']);
  });
});
