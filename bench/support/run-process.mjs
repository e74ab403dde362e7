// One worker in a process of its own, as users have it: runs as often as it is told, and says what it
// took. The message that starts it is described in `runs.mjs`.
import { memoryUsage, resourceUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measure } from './figures.mjs';
import { cleanSequentially } from './sequential-worker.mjs';
import { openWithout, patchAgents } from './switches.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.once('message', (order) => {
  perform(order).then(
    (value) => process.send({ value }, () => process.disconnect()),
    (error) => process.send({ error: error.stack }, () => process.disconnect()),
  );
});

async function perform({ access, flags, mode, runs, allowedMs, off, paced, settle }) {
  if (off === 'everything') {
    const { value, ...took } = await measure(() => cleanSequentially(access, flags['--zone']));
    return { runs: [{ ...took, summary: { applied: value } }], maxRssBytes: resourceUsage().maxRSS * 1024 };
  }
  patchAgents(off);
  const worker = await openWorker(access, flags, off, paced);
  const results = [];
  for (let i = 0; i < runs; i++) results.push(await once(worker, mode, allowedMs, settle));
  worker.close();
  return { runs: results, maxRssBytes: resourceUsage().maxRSS * 1024 };
}

async function openWorker(access, flags, off, paced) {
  if (off !== undefined) return openWithout(off, flags, access);
  const [{ parseSettings }, { createWorker }] = await Promise.all([
    import('../../dist/config/parse-settings.js'),
    import('../../dist/worker.js'),
  ]);
  return createWorker(parseSettings({ env: {}, flags }), { access, paced });
}

async function once(worker, mode, allowedMs, settle) {
  const deadline = allowedMs === undefined ? undefined : Date.now() + allowedMs;
  const approve = async () => mode === 'apply';
  const request = { mode, force: false, all: false, approve, deadline };
  const { value, wallMs, cpuMs } = await measure(() => worker.run(request));
  const { summary, awsCalls, awsThrottled, probes, incomplete } = value.report;
  const facts = { summary, awsCalls, awsThrottled, probes, incomplete: incomplete.length };
  // What is still there once the garbage is gone is what leaks.
  if (settle) collectGarbage();
  const { rss, heapUsed } = memoryUsage();
  return { wallMs, cpuMs, rssBytes: rss, heapBytes: heapUsed, ...facts };
}
