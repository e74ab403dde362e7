/**
 * Calls a handler as Lambda's runtime does: loads its file once, then one invocation after the other,
 * each with a context that counts down, and ends what is not over in time.
 *
 * The parent sends `{ file, invocations: [{ event, remainingMs }] }`, and gets one outcome for each.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import process from 'node:process';

const [{ file, invocations }] = await once(process, 'message');
const { handler } = createRequire(import.meta.url)(file);
const outcomes = [];
for (const [index, invocation] of invocations.entries()) {
  outcomes.push(await invoke(invocation, index));
}
process.send(outcomes, () => process.exit(0));

async function invoke({ event, remainingMs }, index) {
  const end = Date.now() + remainingMs;
  let timer;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), remainingMs);
  });
  const run = handler(event, contextOf(end, index)).then(
    (result) => ({ kind: 'returned', result }),
    // Lambda answers with these two.
    (error) => ({ kind: 'thrown', errorType: error.name, errorMessage: error.message }),
  );
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
