import { once } from 'node:events';
import { systemClock } from '../aws/system-clock.ts';
import type { Log } from '../log/log.ts';
import { examplesDirections } from '../sandbox/examples/examples-directions.ts';
import type { OpenExamples } from '../sandbox/examples/open-examples.ts';
import { scheduleTasks } from '../sandbox/fleet/task-scheduler.ts';
import { EXIT } from './exit-codes.ts';
import { tellChange } from './serve-sandbox.ts';
import type { Terminal } from './terminal.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const POLL_MS = 200;
/** What has no record by then is told to have none. */
const READY_MS = 45_000;

/** Runs the examples and a worker until the signal; prints where they are once DNS has them all. */
export async function serveExamples(
  examples: OpenExamples,
  { log, isQuiet }: { readonly log: Log; readonly isQuiet: boolean },
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { stdout } = terminal;
  const { containers, fleet } = examples;
  let isTold = false;
  const ended = scheduleTasks({
    world: fleet.world,
    containers,
    clock: systemClock,
    stop,
    observe: (change) => {
      if (isTold) tellChange(change, log);
    },
  });
  for (const cluster of fleet.world.clusters.values())
    for (const service of cluster.services.values()) fleet.world.announceService(service, false);
  stdout.write('Starting the example services and a worker that registers them …\n\n');
  const worker = await startWorkerProcess(examples, isQuiet);
  try {
    await untilRegistered(examples, worker, stop);
    if (!stop.aborted) {
      stdout.write(examplesDirections({ examples, worker }));
      isTold = true;
      worker.tellOn(terminal.stderr, examples.missing().length > 0);
      await once(stop, 'abort');
    }
  } finally {
    await worker.close();
    await ended();
  }
  return EXIT.done;
}

/** Until DNS has all names, and the worker has told what it did. */
async function untilRegistered(
  { missing }: OpenExamples,
  { statusUrl }: WorkerProcess,
  stop: AbortSignal,
): Promise<void> {
  const end = systemClock.now() + READY_MS;
  while (!stop.aborted && systemClock.now() < end) {
    if (missing().length === 0 && (await isReady(statusUrl))) return;
    await systemClock.sleep(POLL_MS, stop).catch(() => {});
  }
}

async function isReady(statusUrl: string): Promise<boolean> {
  const response = await fetch(new URL('readyz', statusUrl), { signal: AbortSignal.timeout(READY_MS) }).catch(
    () => undefined,
  );
  return response?.ok === true;
}
