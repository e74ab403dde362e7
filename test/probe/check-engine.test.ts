import { describe, expect, it } from 'vitest';
import type { AttemptReport, AttemptResult, ProbeOutcome, ProbeTarget } from '../../src/model/probe.ts';
import type { StartAttempt } from '../../src/probe/attempt.ts';
import { CheckEngine } from '../../src/probe/engine.ts';
import { type VirtualClock, virtualClock } from '../route53/virtual-clock.ts';
import { targetAt } from './support.ts';

const EXHAUSTED: AttemptResult = { kind: 'exhausted', errorCode: 'EMFILE' };
const FAILED: AttemptResult = { kind: 'unhealthy', reason: 'timeout', errorCode: 'ETIMEDOUT' };
const HEALTHY: AttemptResult = { kind: 'healthy', status: 200 };

const target = (port: number, attempts = 1): ProbeTarget =>
  targetAt({ address: '127.0.0.1', port }, { attempts });

/** Attempts that end in the next turn, the nth of a port as it was scripted; the last script goes on. */
function scripted(script: (port: number) => readonly AttemptResult[]) {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const startAttempt: StartAttempt = ({ port }, settle) => {
    const results = script(port);
    const nth = started.filter((one) => one === port).length;
    started.push(port);
    most = Math.max(most, ++running);
    setImmediate(() => {
      running--;
      settle(results[Math.min(nth, results.length - 1)] ?? HEALTHY);
    });
    return { cancel: () => {} };
  };
  return { startAttempt, started, most: () => most };
}

async function run(
  targets: readonly ProbeTarget[],
  startAttempt: StartAttempt,
  options: { readonly clock?: VirtualClock; readonly concurrency?: number } = {},
) {
  const { clock = virtualClock(), concurrency = 4 } = options;
  const outcomes = new Map<number, ProbeOutcome>();
  const reports: AttemptReport[] = [];
  const engine = new CheckEngine(targets, {
    startAttempt,
    clock,
    concurrency,
    deadline: Number.POSITIVE_INFINITY,
    onOutcome: ({ port }, outcome) => void outcomes.set(port, outcome),
    onAttempt: (report) => void reports.push(report),
  });
  await engine.run(undefined);
  return { outcomes, reports, slept: clock.slept };
}

describe('the order of attempts', () => {
  it('has all first attempts before any second one', async () => {
    const { startAttempt, started } = scripted(() => [FAILED]);
    await run([target(1, 2), target(2, 2), target(3, 2)], startAttempt, { concurrency: 1 });
    expect(started.slice(0, 3)).toEqual([1, 2, 3]);
    expect(new Set(started.slice(3))).toEqual(new Set([1, 2, 3]));
  });

  it('is told attempt by attempt to whoever observes', async () => {
    const { startAttempt } = scripted(() => [FAILED, HEALTHY]);
    const { reports } = await run([target(1, 3)], startAttempt);
    expect(reports.map(({ attempt, result }) => [attempt, result])).toEqual([
      [1, FAILED],
      [2, HEALTHY],
    ]);
  });
});

describe('checks over TLS', () => {
  const overTls = (port: number) => targetAt({ address: '127.0.0.1', port }, { kind: 'https' });

  /** Attempts over TLS that last until all others have ended. */
  async function runBoth(concurrency: number, tls: number, plain: number) {
    const hanging: (() => void)[] = [];
    let [running, most, left] = [0, 0, plain];
    const endLater = () =>
      setImmediate(() => {
        for (const end of hanging.splice(0)) end();
      });
    const startAttempt: StartAttempt = ({ check }, settle) => {
      if (check.kind === 'https') {
        most = Math.max(most, ++running);
        hanging.push(() => {
          running--;
          settle(HEALTHY);
        });
      } else setImmediate(() => settle(HEALTHY));
      if (left === 0) endLater();
      return { cancel: () => {} };
    };
    const outcomes: ProbeOutcome[] = [];
    const targets = [
      ...Array.from({ length: tls }, (_, index) => overTls(index + 1)),
      ...Array.from({ length: plain }, (_, index) => target(index + 10_001)),
    ];
    const engine = new CheckEngine(targets, {
      startAttempt,
      clock: virtualClock(),
      concurrency,
      deadline: Number.POSITIVE_INFINITY,
      onOutcome: ({ check }, outcome) => {
        outcomes.push(outcome);
        if (check.kind === 'https') return;
        left--;
        if (left === 0) endLater();
      },
    });
    await engine.run(undefined);
    return { outcomes, most };
  }

  it.each([
    [256, 50],
    [8, 4],
    [3, 2],
  ])('leave room for all others when they hang: of %d slots they take %d', async (concurrency, share) => {
    const { outcomes, most } = await runBoth(concurrency, 300, 1_000);
    expect(outcomes.filter(({ kind }) => kind === 'healthy')).toHaveLength(1_300);
    expect(most).toBe(share);
  });
});

describe('time that runs out', () => {
  /** A clock whose waits end with the deadline alone. */
  async function untilDeadline(results: readonly AttemptResult[], attempts: number) {
    let expire = () => {};
    const deadline = new Promise<void>((resolve) => {
      expire = resolve;
    });
    const { startAttempt } = scripted(() => results);
    let concluded = 0;
    const clock: VirtualClock = {
      ...virtualClock(),
      sleep: (ms, signal) =>
        ms === DEADLINE_MS
          ? deadline
          : new Promise((_, reject) => {
              signal?.addEventListener('abort', () => reject(signal.reason));
              if (++concluded === 1) expire();
            }),
    };
    const outcomes: ProbeOutcome[] = [];
    const engine = new CheckEngine([target(1, attempts)], {
      startAttempt,
      clock,
      concurrency: 1,
      deadline: clock.now() + DEADLINE_MS,
      onOutcome: (_, outcome) => void outcomes.push(outcome),
    });
    await engine.run(undefined);
    return outcomes;
  }
  const DEADLINE_MS = 987_654;

  it('between two attempts is told as such, with the failure, and never as if nothing had been asked', async () => {
    expect(await untilDeadline([FAILED], 3)).toEqual([
      {
        kind: 'indeterminate',
        reason: 'too-few-attempts',
        errorCode: 'ETIMEDOUT',
        attempts: 1,
        durationMs: 0,
      },
    ]);
  });

  it('before the process had a socket is a deadline: nothing was asked', async () => {
    expect(await untilDeadline([EXHAUSTED], 3)).toMatchObject([{ reason: 'deadline', attempts: 0 }]);
  });
});

describe('a process that is out of sockets', () => {
  it('tries again later, and it counts as no attempt', async () => {
    const { startAttempt, started } = scripted(() => [EXHAUSTED, EXHAUSTED, HEALTHY]);
    const { outcomes, reports, slept } = await run([target(1)], startAttempt);
    expect(outcomes.get(1)).toMatchObject({ kind: 'healthy', attempts: 1 });
    expect(reports).toHaveLength(1);
    expect(started).toHaveLength(3);
    expect(slept).toHaveLength(2);
  });

  it('gives up in the end, and blames itself', async () => {
    const { startAttempt, started } = scripted(() => [EXHAUSTED]);
    const { outcomes } = await run([target(1, 3)], startAttempt);
    expect(outcomes.get(1)).toEqual({
      kind: 'indeterminate',
      reason: 'checker-error',
      errorCode: 'EMFILE',
      attempts: 0,
      durationMs: 0,
    });
    expect(started).toHaveLength(6);
  });

  it('opens fewer at once from then on', async () => {
    const ports = Array.from({ length: 40 }, (_, index) => index + 1);
    const { startAttempt } = scripted((port) => (port === 1 ? [EXHAUSTED, HEALTHY] : [HEALTHY]));
    let running = 0;
    let mostAfterwards = 0;
    let isShort = false;
    const observed: StartAttempt = (one, settle) => {
      running++;
      if (isShort) mostAfterwards = Math.max(mostAfterwards, running);
      return startAttempt(one, (result) => {
        running--;
        isShort ||= result.kind === 'exhausted';
        settle(result);
      });
    };
    const { outcomes } = await run(
      ports.map((port) => target(port)),
      observed,
      { concurrency: 8 },
    );
    expect([...outcomes.values()].filter(({ kind }) => kind === 'healthy')).toHaveLength(40);
    expect(mostAfterwards).toBeLessThan(8);
  });

  it('opens as many as before once it has had enough for a while', async () => {
    const ports = Array.from({ length: 400 }, (_, index) => index + 1);
    const { startAttempt } = scripted((port) => (port === 1 ? [EXHAUSTED, HEALTHY] : [HEALTHY]));
    let running = 0;
    const atOnce: number[] = [];
    const observed: StartAttempt = (one, settle) => {
      atOnce.push(++running);
      return startAttempt(one, (result) => {
        running--;
        settle(result);
      });
    };
    await run(
      ports.map((port) => target(port)),
      observed,
      { concurrency: 8 },
    );
    expect(Math.max(...atOnce.slice(300))).toBe(8);
    expect(Math.max(...atOnce)).toBe(8);
  });
});
