import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeKey } from '../../src/model/probe.ts';
import { createProber } from '../../src/probe/prober.ts';
import { virtualClock } from '../route53/virtual-clock.ts';
import { answering, closedPort, limits, type Place, servers, status, targetAt, turns } from './support.ts';

const { start, stopAll } = servers();
afterEach(stopAll);

/** Serves the connections in turn, the last way again and again. */
const inTurn =
  (...ways: readonly ((socket: Socket) => void)[]) =>
  (socket: Socket, count: number) =>
    ways[Math.min(count, ways.length) - 1]?.(socket);

const OK = answering(status(200));
const FAULT = answering(status(500));
const hanging = (socket: Socket) => void socket.resume();
const reset = (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy());

describe('attempts', () => {
  it.each<[string, (socket: Socket, count: number) => void, number, object, readonly number[]]>([
    ['end with the first success', OK, 3, { kind: 'healthy', status: 200, attempts: 1 }, []],
    ['end with a success after a failure', inTurn(FAULT, OK), 3, { kind: 'healthy', attempts: 2 }, [2_000]],
    [
      'end with a success at the last of them',
      inTurn(FAULT, reset, OK),
      3,
      { kind: 'healthy', attempts: 3 },
      [2_000, 2_000],
    ],
    [
      'are all there are for an endpoint that fails',
      FAULT,
      3,
      { kind: 'unhealthy', reason: 'http-status', status: 500, attempts: 3 },
      [2_000, 2_000],
    ],
    [
      'tell the last failure',
      inTurn(FAULT, reset),
      2,
      { kind: 'unhealthy', reason: 'connection-reset', errorCode: 'ECONNRESET', attempts: 2 },
      [2_000],
    ],
    ['may be one', FAULT, 1, { kind: 'unhealthy', attempts: 1 }, []],
  ])('%s', async (_, serve, attempts, outcome, slept) => {
    const server = await start(serve);
    const clock = virtualClock();
    const outcomes = await createProber(limits(), clock).probe(
      [targetAt(server.place, { attempts })],
      {},
      undefined,
    );
    expect(outcomes.get(probeKey(server.place))).toMatchObject(outcome);
    expect(clock.slept).toEqual(slept);
    expect(server.accepted()).toBe(slept.length + 1);
    await server.drained();
  });

  it('are a jittered interval apart, by a quarter either way', async () => {
    const server = await start(FAULT);
    const clock = virtualClock([0, 0.5, 0.999]);
    const target = targetAt(server.place, { attempts: 4, intervalMs: 1_000 });
    await createProber(limits(), clock).probe([target], {}, undefined);
    expect(clock.slept.map(Math.round)).toEqual([750, 1_000, 1_250]);
  });

  it('count their own time and not that of the pauses', async () => {
    const server = await start(FAULT);
    const clock = virtualClock();
    let reads = 0;
    const ticking = { ...clock, now: () => clock.now() + 7 * reads++ };
    const target = targetAt(server.place, { attempts: 3 });
    const outcomes = await createProber(limits(), ticking).probe([target], {}, undefined);
    expect([...outcomes.values()]).toMatchObject([{ durationMs: 21 }]);
  });
});

describe('targets', () => {
  it('are probed once each, however often they are named', async () => {
    const [one, other] = [await start(OK), await start(FAULT)];
    const targets = [one, other, one, one].map(({ place }) => targetAt(place));
    const seen: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number) => void seen.push([done, total]);
    const outcomes = await createProber(limits(), virtualClock()).probe(targets, { onProgress }, undefined);
    expect([...outcomes.keys()].toSorted()).toEqual(
      [one, other].map(({ place }) => probeKey(place)).toSorted(),
    );
    expect([one.accepted(), other.accepted()]).toEqual([1, 1]);
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('may be none', async () => {
    const outcomes = await createProber(limits(), virtualClock()).probe([], {}, undefined);
    expect(outcomes.size).toBe(0);
  });

  it('that fail do not disturb the others', async () => {
    const [healthy, resetting, silent] = [await start(OK), await start(reset), await start(hanging)];
    const places = [await closedPort(), healthy.place, resetting.place, silent.place];
    const targets = places.map((place) =>
      targetAt(place, { timeoutMs: place === silent.place ? 50 : 10_000 }),
    );
    const outcomes = await createProber(limits(), virtualClock()).probe(targets, {}, undefined);
    expect(places.map((place) => outcomes.get(probeKey(place)))).toMatchObject([
      { reason: 'connection-refused' },
      { kind: 'healthy' },
      { reason: 'connection-reset' },
      { reason: 'timeout' },
    ]);
    await Promise.all([healthy, resetting, silent].map((server) => server.drained()));
  });
});

describe('concurrency', () => {
  /** Holds every request until `size` are under way and everything else had its chance to come. */
  function gate(size: number) {
    let waiting: (() => void)[] = [];
    let underWay = 0;
    let most = 0;
    const open = async () => {
      await turns();
      const answers = waiting;
      waiting = [];
      for (const answer of answers) answer();
    };
    const serve = (socket: Socket) =>
      void socket.on('data', () => {
        most = Math.max(most, ++underWay);
        waiting.push(() => {
          underWay--;
          socket.write(status(200));
        });
        if (waiting.length === size) void open();
      });
    return { serve, most: () => most };
  }

  it.each([1, 3, 6])('is bounded, and reached: %d', async (concurrency) => {
    const { serve, most } = gate(concurrency);
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) => start(serve, `127.0.0.${index + 1}`)),
    );
    const prober = createProber(limits({ concurrency }), virtualClock());
    const outcomes = await prober.probe(
      all.map(({ place }) => targetAt(place)),
      {},
      undefined,
    );
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(all.map(() => 'healthy'));
    expect(most()).toBe(concurrency);
    await Promise.all(all.map((server) => server.drained()));
  });

  it('is not used up by pauses between attempts', async () => {
    let reached = () => {};
    const otherIsReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const failing = await start(inTurn(FAULT, OK));
    const other = await start((socket) => {
      reached();
      OK(socket);
    });
    const clock = { ...virtualClock(), sleep: () => otherIsReached };
    const targets = [failing, other].map(({ place }) => targetAt(place, { attempts: 2 }));
    const outcomes = await createProber(limits({ concurrency: 1 }), clock).probe(targets, {}, undefined);
    expect(targets.map((target) => outcomes.get(probeKey(target)))).toMatchObject([
      { kind: 'healthy', attempts: 2 },
      { kind: 'healthy', attempts: 1 },
    ]);
  });
});

describe('an abort', () => {
  const reason = new Error('the run was stopped');

  function probeAll(places: readonly Place[], { signal }: AbortController, clock = virtualClock()) {
    const targets = places.map((place) => targetAt(place, { attempts: 3 }));
    return createProber(limits({ concurrency: 2 }), clock).probe(targets, {}, signal);
  }

  it('during requests rejects with its reason, closes what is open and connects to no one else', async () => {
    const controller = new AbortController();
    const serve = (socket: Socket) => void socket.on('data', () => controller.abort(reason));
    const all = await Promise.all(Array.from({ length: 6 }, () => start(serve)));
    await expect(
      probeAll(
        all.map(({ place }) => place),
        controller,
      ),
    ).rejects.toBe(reason);
    await turns();
    const accepted = all.map((server) => server.accepted());
    expect(accepted.slice(2)).toEqual([0, 0, 0, 0]);
    await Promise.all(all.map((server) => server.drained()));
  });

  it('during a pause rejects with its reason and makes no further attempt', async () => {
    const controller = new AbortController();
    const server = await start(FAULT);
    const clock = virtualClock([0.5], () => controller.abort(reason));
    await expect(probeAll([server.place], controller, clock)).rejects.toBe(reason);
    expect(server.accepted()).toBe(1);
    await server.drained();
  });

  it('that came before connects to no one', async () => {
    const controller = new AbortController();
    controller.abort(reason);
    const server = await start(OK);
    await expect(probeAll([server.place], controller)).rejects.toBe(reason);
    await turns();
    expect(server.accepted()).toBe(0);
  });
});

describe('the budget of time', () => {
  it('ends what runs and gives up what waits, for want of time', async () => {
    const running = await start(hanging);
    const waiting = await start(OK);
    let expire = () => {};
    const expired = new Promise<void>((resolve) => {
      expire = resolve;
    });
    const clock = { ...virtualClock(), sleep: () => expired };
    const prober = createProber(limits({ concurrency: 1, budgetMs: 60_000 }), clock);
    const probing = prober.probe([targetAt(running.place), targetAt(waiting.place)], {}, undefined);
    await turns();
    expire();
    const outcomes = await probing;
    expect([...outcomes.values()]).toMatchObject([
      { kind: 'indeterminate', reason: 'deadline' },
      { kind: 'indeterminate', reason: 'deadline' },
    ]);
    expect(waiting.accepted()).toBe(0);
    await running.drained();
  });
});

describe('what is slow', () => {
  const clockAt = (slow: Promise<void>) => ({
    ...virtualClock(),
    sleep: (ms: number) => (ms === 500 ? slow : turns()),
  });

  it('is told once, with the outcomes of all others, half a second after everything was asked', async () => {
    const [slow, quick] = [await start(hanging), await start(OK)];
    let pass = () => {};
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const told: (readonly string[])[] = [];
    const stop = new AbortController();
    const probing = createProber(limits(), clockAt(passed)).probe(
      [targetAt(slow.place), targetAt(quick.place)],
      {
        onProgress: pass,
        onSlow: (known) => {
          told.push([...known].map(([key, { kind }]) => `${key} ${kind}`));
          stop.abort(new Error('heard'));
        },
      },
      stop.signal,
    );
    await expect(probing).rejects.toThrow('heard');
    expect(told).toEqual([[`${probeKey(quick.place)} healthy`]]);
    await slow.drained();
  });

  it('is not told where nothing is', async () => {
    const quick = await start(OK);
    let told = 0;
    const clock = { ...virtualClock(), sleep: (_: number, signal?: AbortSignal) => whenAborted(signal) };
    const onSlow = () => void told++;
    const outcomes = await createProber(limits(), clock).probe(
      [targetAt(quick.place)],
      { onSlow },
      undefined,
    );
    await turns();
    expect([outcomes.size, told]).toEqual([1, 0]);
  });
});

function whenAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
