// Runs the built check engine on the request that stands on stdin, and tells on stdout what became of it.
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { systemClock } from '../../dist/aws/system-clock.js';
import { attemptStarters } from '../../dist/probe/attempt-starters.js';
import { CheckEngine } from '../../dist/probe/engine.js';

const { targets, concurrency, abort = false } = JSON.parse(readFileSync(0, 'utf8'));

const outcomes = new Map();
const controller = new AbortController();
const report = { exhausted: 0, most: 0, mostAfterwards: 0 };
const start = await attemptStarters(new Set(targets.map(({ check }) => check.kind)));
let running = 0;

function startAttempt(target, settle) {
  running += 1;
  report.most = Math.max(report.most, running);
  report.mostAfterwards = Math.max(report.mostAfterwards, running);
  return start(target, (result) => {
    running -= 1;
    if (result.kind === 'exhausted') {
      report.exhausted += 1;
      report.mostAfterwards = 0;
    }
    settle(result);
  });
}

const engine = new CheckEngine(targets, {
  startAttempt,
  clock: systemClock,
  concurrency,
  deadline: Date.now() + 60_000,
  onOutcome: (target, outcome) => outcomes.set(target, outcome),
  onAttempt: () => {
    if (abort) controller.abort(new Error('stopped'));
  },
});
const aborted = await engine.run(controller.signal).then(
  () => false,
  () => true,
);
// What was closed is let go of in the next turn.
await new Promise((resolve) => setImmediate(resolve));
const resources = process.getActiveResourcesInfo();
const found = aborted ? [] : targets.map((target) => outcomes.get(target));
const modules = Object.keys(createRequire(import.meta.url).cache);
const clients = ['@grpc', 'undici'].filter((name) =>
  modules.some((path) => path.includes(`/node_modules/${name}/`)),
);
writeSync(1, JSON.stringify({ outcomes: found, aborted, ...report, resources, clients }));
