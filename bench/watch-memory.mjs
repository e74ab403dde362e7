// 200 runs of `watch` at full speed on the sample fleet, with a scrape between two of them: memory must stay
// flat, and no socket may be left. The sandbox runs in a process of its own and is put back between runs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const RUNS = 200;
const MIB = 1024 * 1024;
const GOAL = 1.1;

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

if (process.argv[2] === 'sandbox') await serveSandbox();
else await measure();

async function serveSandbox() {
  const { openSandbox } = await import('../dist/sandbox/index.js');
  const sandbox = await openSandbox();
  const { fleet, url } = sandbox;
  const whole = fleet.zone.list();
  process.on('message', () => {
    for (const set of whole) if (fleet.zone.records.get(set) === undefined) fleet.zone.put(set);
    process.send('restored');
  });
  process.once('disconnect', () => void sandbox.close());
  process.send({ url, region: fleet.world.region, zone: fleet.zone.name });
}

async function measure() {
  const [
    { parseSettings },
    { createWorker },
    { systemClock },
    { runWatch },
    { everySchedule },
    { createPrometheusMetrics },
    server,
  ] = await Promise.all(
    [
      'config/parse-settings',
      'worker',
      'aws/system-clock',
      'watch/watch',
      'watch/schedule',
      'watch/prometheus',
      'watch/status-server',
    ].map((name) => import(`../dist/${name}.js`)),
  );
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  const sandbox = fork(new URL(import.meta.url), ['sandbox']);
  const [{ url, region, zone }] = await once(sandbox, 'message');
  const socketsBefore = countSockets();

  const settings = parseSettings({
    env: {},
    flags: {
      '--zone': zone,
      '--health-allow': '127.0.0.0/8',
      // The sample fleet has containers that hang; every run has to give up on them.
      '--health-timeout': '100ms',
      '--health-attempts': '1',
      '--journal': 'none',
    },
  });
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  const worker = createWorker(settings, { access: { endpoint: url, region, credentials } });
  const restoring = {
    run: async (request) => {
      await scrape(status.port);
      sandbox.send('restore');
      await once(sandbox, 'message');
      return worker.run(request);
    },
  };
  const { registry, observe } = createPrometheusMetrics();
  const readiness = () => ({ ready: true });
  const status = await server.startStatusServer({ host: '127.0.0.1', port: 0 }, { registry, readiness });

  const stop = new AbortController();
  const samples = [];
  const tally = { removed: 0, others: 0 };
  const start = performance.now();
  await runWatch({
    worker: restoring,
    // Always due again: full speed.
    schedule: everySchedule(1),
    clock: systemClock,
    stop: stop.signal,
    graceMs: 0,
    observe: (event) => {
      observe(event);
      if (event.kind === 'skipped') return;
      if (event.kind === 'reported') tally.removed += event.run.report.summary.applied;
      else tally.others += 1;
      // What is still there now is what leaks.
      collectGarbage();
      const { heapUsed, rss } = process.memoryUsage();
      samples.push({ heap: heapUsed / MIB, rss: rss / MIB });
      if (samples.length === RUNS) stop.abort(new Error('enough'));
    },
  });
  const seconds = (performance.now() - start) / 1000;
  worker.close();
  await status.close();
  // Sockets that were destroyed close on one of the next turns.
  await setTimeout(100);
  const socketsLeft = countSockets() - socketsBefore;
  sandbox.disconnect();
  print(samples, tally, seconds, socketsLeft);
}

function print(samples, { removed, others }, seconds, socketsLeft) {
  console.log(
    `${samples.length} runs in ${seconds.toFixed(0)} s, ${removed} record sets removed, ${others} runs without a report`,
  );
  const size = RUNS / 4;
  const quarters = [0, 1, 2, 3].map((i) => samples.slice(i * size, (i + 1) * size));
  const medians = quarters.map((quarter) => ({
    heap: median(quarter.map(({ heap }) => heap)),
    rss: median(quarter.map(({ rss }) => rss)),
  }));
  for (const [i, { heap, rss }] of medians.entries())
    console.log(`quarter ${i + 1}: heap after collection ${heap.toFixed(1)} MiB, RSS ${rss.toFixed(0)} MiB`);
  const ratio = (key) => medians[3][key] / medians[1][key];
  console.log(
    `last quarter over the second: heap ${ratio('heap').toFixed(3)}, RSS ${ratio('rss').toFixed(3)} (goal ≤ ${GOAL}); sockets left: ${socketsLeft}`,
  );
  const isFlat = ratio('heap') <= GOAL && ratio('rss') <= GOAL;
  process.exitCode = isFlat && socketsLeft === 0 && others === 0 ? 0 : 1;
}

function scrape(port) {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
}

function countSockets() {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('socket:')).length;
}

function linkOf(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

function median(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
}
