import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [RUN, READER] = ['./run-process.mjs', './reader-process.mjs'];

/** What Lambda starts Node with: 90 % of the memory for old objects, 5 % for new ones. */
export function lambdaFlags(megabytes) {
  const share = (percent) => Math.floor((megabytes * percent) / 100);
  return [`--max-old-space-size=${share(90)}`, `--max-semi-space-size=${share(5)}`];
}

/** Flags that every run of a measured fleet needs. */
export function flagsFor(zone, more = {}) {
  return {
    '--zone': zone,
    '--health-allow': '127.0.0.0/8',
    // Half a fleet may be stale here on purpose.
    '--guardrails-removal-budget-percent': '100',
    '--journal': 'none',
    ...more,
  };
}

export const WITHOUT_PROBES = { '--health-enabled': 'false' };

/**
 * Runs the worker in a process of its own.
 *
 * | option      | meaning                                                        |
 * |-------------|----------------------------------------------------------------|
 * | access      | where the sandbox is                                           |
 * | flags       | settings, as on the command line                               |
 * | mode        | `plan` or `apply`; default plan                                |
 * | runs        | how many, one after the other in one process; default 1        |
 * | allowedMs   | how long a run may take; default as long as it takes           |
 * | off         | the optimisation that is switched off (`switches.mjs`)         |
 * | paced       | whether it keeps within AWS's quotas, as it does; default not  |
 * | settle      | whether garbage is collected after each run                    |
 * | nodeFlags   | for the process                                                |
 * | quiet       | whether what Node says on its way out of memory is left out    |
 * | oneCpu      | whether it has one processor to itself and no more             |
 */
export function runWorker(options) {
  const { nodeFlags = [], oneCpu = false, quiet = false, ...rest } = options;
  const order = { mode: 'plan', runs: 1, paced: false, settle: false, ...rest };
  const before = oneCpu && hasTaskset() ? ['taskset', '-c', '0'] : [];
  return perform(RUN, order, { before, nodeFlags, quiet });
}

/** Reads a fleet once: `kind` is `sdk`, or `bare` with the `requests` to send. */
export function runReader(order) {
  return perform(READER, order, {});
}

async function perform(script, order, { before = [], nodeFlags = [], quiet = false }) {
  const [command, ...args] = [
    ...before,
    process.execPath,
    ...nodeFlags,
    fileURLToPath(new URL(script, import.meta.url)),
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', quiet ? 'ignore' : 'inherit', 'ipc'] });
  const { value, error } = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the process ended early (${code ?? signal})`)));
    child.send(order);
  });
  if (error !== undefined) throw new Error(error);
  return value;
}

/** Whether a process can be held to one processor here. */
export function hasTaskset() {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
