import { defaultMaxListeners, getEventListeners, once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { systemClock } from '../../src/aws/system-clock.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { EngineEvent } from '../../src/sources/docker/engine-api.ts';
import { keepLiveness } from '../../src/watch/liveness.ts';
import { SHORTEST_DEADLINE_MS } from '../end-to-end/support.ts';

const IDS = Array.from({ length: 40 }, (_, i) => String(i).padStart(64, '0'));

/** The pause in which a burst is one pass is over at once, and no other is while the test lasts. */
const CLOCK: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms === 100 ? 0 : Math.max(ms, SHORTEST_DEADLINE_MS), signal),
};

test('waits once for all containers of which the engine is to be asked again', async () => {
  const stop = new AbortController();
  const signals: AbortSignal[] = [];
  let prepared = 0;
  async function* starts(signal: AbortSignal): AsyncIterable<EngineEvent> {
    for (const containerId of IDS) yield { action: 'start', containerId };
    await once(signal, 'abort');
  }
  const running = runAgent({
    clock: CLOCK,
    stop: stop.signal,
    graceMs: 0,
    timeoutMs: 600_000,
    liveness: keepLiveness(),
    everyMs: 600_000,
    disconnected: () => {},
    observe: () => {},
    engine: {
      events: async (signal) => {
        signals.push(signal);
        return starts(signal);
      },
    },
    passes: {
      changed: () => true,
      prepare: async () => {
        prepared++;
        return undefined;
      },
      unsettled: () => IDS,
      run: () => Promise.reject(new TypeError('there is nothing to do')),
      askTakenOut: async () => false,
    },
  });
  onTestFinished(async () => {
    stop.abort(new Error('the test is over'));
    await running;
  });

  await expect.poll(() => prepared).toBeGreaterThan(0);
  // The pass has ended once the next one is waited for.
  await new Promise(setImmediate);

  const listeners = signals.map((signal) => getEventListeners(signal, 'abort').length);
  expect(listeners).toHaveLength(1);
  expect(listeners[0]).toBeLessThan(defaultMaxListeners);
});
