import { once } from 'node:events';
import process from 'node:process';
import { systemClock } from '../aws/system-clock.ts';
import type { Log } from '../log/log.ts';
import { examplesDirections } from '../sandbox/examples/examples-directions.ts';
import type { OpenExamples } from '../sandbox/examples/open-examples.ts';
import { scheduleTasks } from '../sandbox/fleet/task-scheduler.ts';
import { EXIT } from './exit-codes.ts';
import { invocationOf } from './invocation.ts';
import { tellChange } from './serve-sandbox.ts';
import type { Terminal } from './terminal.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const POLL_MS = 200;
/** What has no record by then is told to have none. */
const READY_MS = 45_000;

interface Serving {
  readonly log: Log;
  readonly isQuiet: boolean;
  readonly hasWorker: boolean;
}

/**
 * Runs the examples until the signal, and a worker unless told not to; prints where they are once DNS has them all, or,
 * without a worker, once all of them run.
 */
export async function serveExamples(
  examples: OpenExamples,
  { log, isQuiet, hasWorker }: Serving,
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
      // What keeps them from running is told at once.
      if (isTold || change.kind === 'waiting') tellChange(change, log);
    },
    restarts: examples.restarts,
  });
  for (const cluster of fleet.world.clusters.values())
    for (const service of cluster.services.values()) fleet.world.announceService(service, false);
  const started = hasWorker ? ' and a worker that registers them' : '';
  stdout.write(`Starting the example services${started} …\n\n`);
  const worker = hasWorker ? await startWorkerProcess(examples, isQuiet) : undefined;
  try {
    await until(() => (worker === undefined ? allRun(examples) : isRegistered(examples, worker)), stop);
    if (!stop.aborted) {
      const command = invocationOf(terminal, process.cwd());
      stdout.write(examplesDirections({ examples, worker, command }));
      isTold = true;
      worker?.tellOn(terminal.stderr, examples.missing().length > 0);
      await once(stop, 'abort');
    }
  } finally {
    await worker?.close();
    await ended();
  }
  return EXIT.done;
}

/** Until it is so, for as long as it may take; the signal ends it, too. */
async function until(isSo: () => boolean | Promise<boolean>, stop: AbortSignal): Promise<void> {
  const end = systemClock.now() + READY_MS;
  while (!stop.aborted && systemClock.now() < end && !(await isSo())) {
    await systemClock.sleep(POLL_MS, stop).catch(() => {});
  }
}

/** DNS has all names, and the worker has told what it did. */
async function isRegistered({ missing }: OpenExamples, { statusUrl }: WorkerProcess): Promise<boolean> {
  return missing().length === 0 && (await isReady(statusUrl));
}

function allRun({ containers, fleet }: OpenExamples): boolean {
  const services = [...fleet.world.clusters.values()].flatMap((cluster) => [...cluster.services.values()]);
  const wanted = services.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
  return containers.processes().length >= wanted;
}

async function isReady(statusUrl: string): Promise<boolean> {
  const response = await fetch(new URL('readyz', statusUrl), { signal: AbortSignal.timeout(READY_MS) }).catch(
    () => undefined,
  );
  return response?.ok === true;
}
