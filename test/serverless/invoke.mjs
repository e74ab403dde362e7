/**
 * Calls a handler as Lambda's runtime does: loads its file once, then one invocation after the other,
 * each with a context that counts down, and ends what is not over in time.
 *
 * The parent sends `{ file, invocations: [{ event, remainingMs }], standsStill }`, and gets one outcome for each.
 * Where time stands still, only what sleeps moves it on, when it wakes; `'wake'` wakes whoever is the first to.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const [{ file, invocations, standsStill }] = await once(process, 'message');
if (standsStill) holdTime();
const { handler } = require(file);
const outcomes = [];
for (const [index, invocation] of invocations.entries()) {
  outcomes.push(await invoke(invocation, index));
}
process.send(outcomes, () => process.exit(0));

async function invoke({ event, remainingMs }, index) {
  const end = Date.now() + remainingMs;
  const run = handler(event, contextOf(end, index)).then(
    (result) => ({ kind: 'returned', result }),
    // Lambda answers with these two.
    (error) => ({ kind: 'thrown', errorType: error.name, errorMessage: error.message }),
  );
  // Counted from here, it ends after every shorter limit that the call has set, however busy the machine is.
  let timer;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), remainingMs);
  });
  const outcome = await Promise.race([run, timeout]);
  clearTimeout(timer);
  return outcome;
}

function contextOf(end, index) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'ecs-dns-test-reconcile',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:ecs-dns-test-reconcile',
    memoryLimitInMB: '1024',
    awsRequestId: `00000000-0000-4000-8000-00000000000${index}`,
    logGroupName: '/aws/lambda/ecs-dns-test-reconcile',
    logStreamName: '2026/10/08/[$LATEST]0123456789abcdef',
    getRemainingTimeInMillis: () => end - Date.now(),
  };
}

function holdTime() {
  const timers = require('node:timers/promises');
  const sleep = timers.setTimeout;
  const asleep = new Set();
  let time = Date.now();
  Date.now = () => time;
  timers.setTimeout = async (ms, value, { signal } = {}) => {
    const sleeper = { due: time + ms, woken: new AbortController() };
    asleep.add(sleeper);
    const signals = [signal, sleeper.woken.signal].filter((one) => one !== undefined);
    try {
      await sleep(ms, value, { signal: AbortSignal.any(signals) });
    } catch (error) {
      if (!sleeper.woken.signal.aborted) throw error;
    } finally {
      asleep.delete(sleeper);
    }
    time = Math.max(time, sleeper.due);
    return value;
  };
  process.on('message', (message) => {
    if (message !== 'wake') return;
    const [first] = [...asleep].toSorted((a, b) => a.due - b.due);
    first?.woken.abort();
  });
}
