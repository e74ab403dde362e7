import type { AwsAccess } from '../aws/aws-clients.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Settings } from '../config/settings.ts';
import { LOG_LEVELS } from '../model/log-level.ts';
import { RunError } from '../model/run-error.ts';
import { renderText } from '../report/render-text.ts';
import type { Report } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { wrap } from '../report/wrap.ts';
import { openExamples } from '../sandbox/examples/open-examples.ts';
import { PREDECESSOR_NAMES, type Predecessor } from '../sandbox/fleet/predecessors.ts';
import type { ContainerProcess } from '../sandbox/fleet/process-containers.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { predecessorIntroduction, SANDBOX_STORIES } from '../sandbox/stories.ts';
import { CREDENTIALS, flagsOf, openingOf, type Policy, surprisesOf } from '../sandbox/tour.ts';
import { createWorker } from '../worker.ts';
import type { Call, Flags } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { openLog } from './open-log.ts';
import { portFault } from './port-fault.ts';
import { serveExamples } from './serve-examples.ts';
import { serveSandbox } from './serve-sandbox.ts';
import { complain, progressBar, type Terminal, textOptions } from './terminal.ts';

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
      : await tour(sandbox, policy, terminal, signal);
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

async function tour(
  sandbox: OpenSandbox,
  policy: Policy,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { fleet, url } = sandbox;
  const { steps, ending } = SANDBOX_STORIES[policy];
  const access: AwsAccess = { endpoint: url, region: fleet.world.region, credentials: CREDENTIALS };
  const recordSets = fleet.zone.list().length;
  const worker = createWorker(parseSettings({ env: {}, flags: flagsOf(sandbox, policy) }), {
    access,
    paced: false,
  });
  const tell = async (step: keyof typeof steps, first?: Report): Promise<Report> => {
    tellStory(`${first === undefined ? '' : '\n'}${steps[step]}\n`, terminal);
    const bar = progressBar(terminal);
    const isApply = step === 'apply';
    const request = {
      mode: isApply ? 'apply' : 'plan',
      force: false,
      all: true,
      approve: async () => isApply,
      progress: bar.show,
      signal,
    } as const;
    const { report } = await worker.run(request).finally(bar.stop);
    print(report, first, terminal);
    return report;
  };
  try {
    const plan = await tell('plan');
    const applied = await tell('apply', plan);
    const again = await tell('again', plan);
    const surprises = surprisesOf(fleet, policy, plan, again);
    for (const surprise of surprises) complain(`unexpected: ${surprise}`, terminal);
    const good =
      surprises.length === 0 && applied.summary.applied === plan.changes.length && again.changes.length === 0;
    const { registrations, withheld } = plan.summary;
    const counts = { planted: fleet.planted.length, recordSets, registrations, withheld };
    tellStory(good ? `\n${ending(counts)}` : '\nThe sandbox did not end as it should have.', terminal);
    return good ? EXIT.done : EXIT.error;
  } finally {
    worker.close();
  }
}

/** Prose, on lines that fit the terminal. */
function tellStory(text: string, terminal: Terminal): void {
  const { stdout } = terminal;
  const { width } = textOptions(stdout, terminal);
  stdout.write(
    `${text
      .split('\n')
      .flatMap((line) => wrap(line, width))
      .join('\n')}\n`,
  );
}

/**
 * What is in order is not listed, and what the plan had said is not said again after it was applied; nor, in the last
 * run, what is not registered for the same reasons.
 */
function print(report: Report, first: Report | undefined, terminal: Terminal): void {
  const { stdout } = terminal;
  const count = first?.withheld.length ?? 0;
  const isTold = first !== undefined && count > 0 && withholdings(first) === withholdings(report);
  const entries = report.entries.filter(({ verdict }) => verdict !== 'live');
  const shown = { ...report, entries, ...(isTold ? { withheld: [] } : {}) };
  const seen = report.mode === 'apply' ? first : undefined;
  stdout.write(renderText(shown, { ...textOptions(stdout, terminal), seen }));
  if (isTold) {
    stdout.write(`\nNot registered: the same ${plural(count, 'entry', 'entries')}, for the same reasons.\n`);
  }
}

function withholdings({ withheld }: Report): string {
  return JSON.stringify(withheld.map(({ name, type, value, reason }) => [name, type, value, reason]));
}
