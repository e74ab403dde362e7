import { describe, expect, it } from 'vitest';
import { NOT_PROBED, type ProbeOutcome, type ProbeTarget, probeKey } from '../../src/model/probe.ts';
import { ContinuingProber } from '../../src/probe/continuing-prober.ts';
import type { ProbeOptions, Prober } from '../../src/probe/prober.ts';
import { HTTP } from '../plan/support.ts';
import { virtualTime } from '../watch/virtual-time.ts';

const OK: ProbeOutcome = { kind: 'healthy', attempts: 1, durationMs: 1 };
const TIMEOUT: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', attempts: 3, durationMs: 6_000 };

const target = (n: number, over: Partial<ProbeTarget> = {}): ProbeTarget => ({
  address: `10.0.0.${n}`,
  port: 80,
  check: HTTP,
  ...over,
});
const [QUICK, SLOW] = [target(1), target(2)];

/** A prober of which a test says what it hears, and when; what it asks at once is healthy but for the slow ones. */
function fakeProber() {
  const asked: (readonly string[])[] = [];
  const pending = new Map<string, (outcome: ProbeOutcome) => void>();
  const given: { signal: AbortSignal | undefined; options: ProbeOptions }[] = [];
  const prober: Prober = {
    probe: async (targets, options, signal) => {
      asked.push(targets.map(probeKey));
      given.push({ signal, options });
      const outcomes = new Map<string, ProbeOutcome>();
      const hear = (one: ProbeTarget, outcome: ProbeOutcome) => {
        outcomes.set(probeKey(one), outcome);
        options.onOutcome?.(one, outcome);
      };
      const isSlow = (one: ProbeTarget) => one.address === SLOW.address;
      for (const one of targets) if (!isSlow(one)) hear(one, OK);
      if (targets.some(isSlow)) options.onSlow?.(new Map(outcomes));
      await Promise.all(
        targets.filter(isSlow).map(
          (one) =>
            new Promise<void>((resolve, reject) => {
              signal?.addEventListener('abort', () => reject(signal.reason));
              pending.set(probeKey(one), (outcome) => {
                hear(one, outcome);
                resolve();
              });
            }),
        ),
      );
      return outcomes;
    },
  };
  const settle = (one: ProbeTarget, outcome: ProbeOutcome) => pending.get(probeKey(one))?.(outcome);
  return { prober, asked, given, settle };
}

function start() {
  const time = virtualTime();
  const fake = fakeProber();
  const continuing = new ContinuingProber(fake.prober, time);
  const told: (readonly string[])[] = [];
  const probe = (targets: readonly ProbeTarget[], forMs: number, signal?: AbortSignal) =>
    continuing.probe(
      targets,
      { waitUntil: time.now() + forMs, onSlow: (known) => void told.push([...known.keys()]) },
      signal,
    );
  return { ...fake, time, continuing, probe, told };
}

describe('a prober that goes on', () => {
  it('waits for all where they end in time', async () => {
    const { probe, asked } = start();
    expect([...(await probe([QUICK], 1_000))]).toEqual([[probeKey(QUICK), OK]]);
    await probe([QUICK], 1_000);
    expect(asked).toEqual([[probeKey(QUICK)], [probeKey(QUICK)]]);
  });

  it('tells the next call how that ended which the first did not wait for, and asks it no second time', async () => {
    const { probe, asked, time, settle, told } = start();
    const first = probe([QUICK, SLOW], 1_000);
    await time.advance(1_000);
    expect([...(await first)]).toEqual([
      [probeKey(QUICK), OK],
      [probeKey(SLOW), NOT_PROBED],
    ]);
    const second = probe([QUICK, SLOW], 1_000);
    await time.advance(500);
    settle(SLOW, TIMEOUT);
    expect([...(await second)]).toEqual([
      [probeKey(QUICK), OK],
      [probeKey(SLOW), TIMEOUT],
    ]);
    expect(asked).toEqual([[probeKey(QUICK), probeKey(SLOW)], [probeKey(QUICK)]]);
    // What was left over is slow from the start.
    expect(told).toEqual([[probeKey(QUICK)], [probeKey(QUICK)]]);
    const third = probe([SLOW], 1_000);
    expect(asked.at(-1)).toEqual([probeKey(SLOW)]);
    settle(SLOW, OK);
    expect([...(await third)]).toEqual([[probeKey(SLOW), OK]]);
  });

  it('tells what ended between two calls', async () => {
    const { probe, asked, time, settle, told } = start();
    const first = probe([SLOW], 1_000);
    await time.advance(1_000);
    await first;
    settle(SLOW, TIMEOUT);
    await time.advance(1);
    expect([...(await probe([SLOW], 1_000))]).toEqual([[probeKey(SLOW), TIMEOUT]]);
    expect(asked).toEqual([[probeKey(SLOW)], []]);
    expect(told).toEqual([[]]);
  });

  it.each([
    ['another check', { check: { ...HTTP, path: '/other' } }],
    ['a connection that has to stand', { lingerMs: 250 }],
  ])('asks anew for %s', async (_, over) => {
    const { probe, asked, time } = start();
    void probe([SLOW], 10);
    await time.advance(10);
    void probe([target(2, over)], 10);
    await time.advance(10);
    expect(asked).toEqual([[probeKey(SLOW)], [probeKey(SLOW)]]);
  });

  it('forgets what no call asks for any more', async () => {
    const { probe, time, settle } = start();
    void probe([SLOW], 10);
    await time.advance(10);
    settle(SLOW, TIMEOUT);
    await time.advance(1);
    await probe([QUICK], 10);
    const again = probe([SLOW], 10);
    await time.advance(10);
    expect([...(await again)]).toEqual([[probeKey(SLOW), NOT_PROBED]]);
  });

  it('tells a call that has ended of no slow ones any more', async () => {
    const { prober, time } = start();
    // Where many hang, it takes a while until all are asked.
    const tellLater: (() => void)[] = [];
    const crowded: Prober = {
      probe: (targets, { onSlow, ...options }, signal) => {
        tellLater.push(() => onSlow?.(new Map()));
        return prober.probe(targets, options, signal);
      },
    };
    const continuing = new ContinuingProber(crowded, time);
    const told: string[] = [];
    const stop = new AbortController();
    const call = (name: string, one: ProbeTarget) =>
      continuing.probe(
        [one],
        { waitUntil: time.now() + 10, onSlow: () => void told.push(name) },
        stop.signal,
      );
    const first = call('first', SLOW);
    await time.advance(10);
    await first;
    const second = call('second', target(2, { lingerMs: 250 }));
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    for (const tell of tellLater) tell();
    expect([tellLater.length, told]).toEqual([2, []]);
  });

  it('asks anew where what it has heard is no news any more', async () => {
    const { probe, asked, time, settle } = start();
    void probe([SLOW], 10);
    await time.advance(10);
    settle(SLOW, TIMEOUT);
    // Runs that could not read anything did not ask for it.
    await time.advance(3_600_000);
    const again = probe([SLOW], 1_000);
    await time.advance(10);
    settle(SLOW, OK);
    expect([...(await again)]).toEqual([[probeKey(SLOW), OK]]);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual([probeKey(SLOW)]);
  });

  it('rejects with the abort of its call, and ends what is asked', async () => {
    const { probe, given } = start();
    const stop = new AbortController();
    const first = probe([SLOW], 1_000, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    expect(given[0]?.signal?.aborted).toBe(true);
  });

  it('ends what is still asked when it is closed', async () => {
    const { probe, time, given, continuing } = start();
    const first = probe([SLOW], 10);
    await time.advance(10);
    await first;
    expect(given[0]?.signal?.aborted).toBe(false);
    continuing.close();
    expect(given[0]?.signal?.aborted).toBe(true);
  });

  it('is the prober itself where nothing ends the waiting', async () => {
    const { continuing, given, settle } = start();
    const stop = new AbortController();
    const probing = continuing.probe([SLOW], {}, stop.signal);
    settle(SLOW, OK);
    await probing;
    expect(given[0]?.signal).toBe(stop.signal);
  });
});
