import type { Settings } from '../config/settings.ts';
import { LOG_LEVELS } from '../model/log-level.ts';
import { RunError } from '../model/run-error.ts';
import { openExamples } from '../sandbox/examples/open-examples.ts';
import { PREDECESSOR_NAMES, type Predecessor } from '../sandbox/fleet/predecessors.ts';
import type { ContainerProcess } from '../sandbox/fleet/process-containers.ts';
import { openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { predecessorIntroduction, SANDBOX_STORIES } from '../sandbox/stories.ts';
import { openingOf, type Policy } from '../sandbox/tour.ts';
import type { Call, Flags } from './call.ts';
import { openLog } from './open-log.ts';
import { portFault } from './port-fault.ts';
import { serveExamples } from './serve-examples.ts';
import { serveSandbox } from './serve-sandbox.ts';
import type { Terminal } from './terminal.ts';
import { tellStory, tourSandbox } from './tour-sandbox.ts';

/** Opens the sandbox and runs the main job on it, or serves it until the signal; resolves with the exit code. */
export async function sandboxCommand({ flags, terminal, signal }: Call): Promise<number> {
  if (flags.examples === true) return examples(flags, terminal, signal);
  const { serve = false, churn, predecessor: named, dns } = flags;
  if (flags.withoutWorker === true)
    throw new RunError('usage', '--without-worker needs --examples: no other sandbox starts a worker');
  if (!serve && (churn ?? named) !== undefined)
    throw new RunError('usage', '--churn and --predecessor need --serve: the tour has a fleet of its own');
  if (!serve && dns !== undefined)
    throw new RunError(
      'usage',
      '--dns needs --serve or --examples: the tour is over before a client could ask',
    );
  checkTour(flags);
  const churnMs = churn === undefined ? undefined : Number(churn) * 1000;
  const { policy, ...size } = sizeOf(flags);
  const sandbox = await openAt(() => openSandbox({ policy, ...size }), flags);
  try {
    const opening = openingOf(sandbox);
    const introduction =
      size.predecessor === undefined
        ? SANDBOX_STORIES[policy].introduction(opening)
        : predecessorIntroduction(size.predecessor, opening);
    tellStory(`${introduction}\n`, terminal);
    return serve
      ? await serveSandbox(
          sandbox,
          { policy, churnMs, log: openLog(logOf(flags), terminal) },
          terminal,
          signal,
        )
      : await tourSandbox(sandbox, policy, terminal, signal);
  } finally {
    await sandbox.close();
  }
}

// The first three services are dealt a task each; the tour's lost records are of the first and the third.
const FEWEST_TASKS = 3;

/** Throws a `RunError` for a tour on a fleet that is too small for its end to be foretold. */
function checkTour({ serve = false, policy, tasks }: Flags): void {
  if (serve || policy === 'sync' || tasks === undefined || Number(tasks) >= FEWEST_TASKS) return;
  throw new RunError(
    'usage',
    `--tasks: ${tasks} are too few for the tour; write ${FEWEST_TASKS} or more, or add --serve`,
  );
}

/** How what happens is told, by options that were checked. */
function logOf({ logFormat, logLevel, quiet }: Flags): Settings['log'] {
  return {
    format: logFormat === 'json' ? 'json' : 'text',
    level: LOG_LEVELS.find((level) => level === logLevel) ?? (quiet === true ? 'warn' : 'info'),
  };
}

/** The options as they are written, which were checked; what is left out is the sample's own. */
function sizeOf(flags: Flags): SandboxSize & { readonly policy: Policy } {
  const { predecessor, policy, quotas } = flags;
  const numbers = (['seed', 'clusters', 'instances', 'tasks', 'port', 'latencyMs'] as const).flatMap((key) =>
    flags[key] === undefined ? [] : [[key, Number(flags[key])] as const],
  );
  return {
    ...Object.fromEntries(numbers),
    ...(flags.dns === undefined ? {} : { dnsPort: Number(flags.dns) }),
    policy: policy === 'sync' ? 'sync' : 'prune',
    quotas: quotas === 'current' || quotas === 'older' ? quotas : 'none',
    ...(predecessor === undefined ? {} : { predecessor: readPredecessor(predecessor) }),
  };
}

/** Tells of a port that cannot be had, and of a fleet that cannot be. */
async function openAt<T>(open: () => Promise<T>, flags: Flags): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof RangeError) throw new RunError('usage', `sandbox: ${error.message}`, error);
    const fault = portFault(error, flags);
    throw fault === undefined ? error : new RunError('usage', fault, error);
  }
}

const OF_A_MADE_UP_FLEET = ['churn', 'predecessor', 'seed', 'clusters', 'instances', 'tasks'] as const;

async function examples(flags: Flags, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const idle = OF_A_MADE_UP_FLEET.find((name) => flags[name] !== undefined);
  if (idle !== undefined)
    throw new RunError('usage', `--${idle}: --examples has a fleet of its own; leave one of them out`);
  const options = sizeOf(flags);
  const telling = logOf(flags);
  const log = openLog(telling, terminal);
  const failed = ({ name, fault }: ContainerProcess, exitCode: number) =>
    log.write('container failed', { container: name, exitCode, detail: fault });
  const opened = await openAt(() => openExamples({ ...options, failed }), flags);
  try {
    return await serveExamples(
      opened,
      {
        log,
        isQuiet: telling.level === 'warn' || telling.level === 'error',
        hasWorker: flags.withoutWorker !== true,
      },
      terminal,
      signal,
    );
  } finally {
    await opened.close();
  }
}

function readPredecessor(named: string): Predecessor {
  const known = PREDECESSOR_NAMES.find((name) => name === named);
  if (known !== undefined) return known;
  const names = PREDECESSOR_NAMES.join(', ');
  throw new RunError('usage', `--predecessor: ${JSON.stringify(named)} is not valid; write one of ${names}`);
}
