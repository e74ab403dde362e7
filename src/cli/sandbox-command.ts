import type { AwsAccess } from '../aws/aws-clients.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { RunError } from '../model/run-error.ts';
import { renderText } from '../report/render-text.ts';
import type { Report } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { PREDECESSOR_NAMES, type Predecessor } from '../sandbox/fleet/predecessors.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { SANDBOX_STORIES } from '../sandbox/stories.ts';
import { CREDENTIALS, flagsOf, openingOf, type Policy, surprisesOf } from '../sandbox/tour.ts';
import { createWorker } from '../worker.ts';
import type { Call, Flags } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { serveSandbox } from './serve-sandbox.ts';
import { complain, progressBar, type Terminal, wantsColor } from './terminal.ts';

/** Opens the sandbox and runs the main job on it, or serves it until the signal; resolves with the exit code. */
export async function sandboxCommand({ flags, terminal, signal }: Call): Promise<number> {
  const { serve = false, churn, predecessor: named } = flags;
  if (!serve && (churn ?? named) !== undefined)
    throw new RunError('usage', '--churn and --predecessor need --serve: the tour has a fleet of its own');
  const churnMs = churn === undefined ? undefined : Number(churn) * 1000;
  const { policy, ...size } = sizeOf(flags);
  const sandbox = await openAt({ policy, ...size }, flags.port);
  try {
    terminal.stdout.write(`${SANDBOX_STORIES[policy].introduction(openingOf(sandbox))}\n\n`);
    return serve
      ? await serveSandbox(sandbox, { policy, churnMs }, terminal, signal)
      : await tour(sandbox, policy, terminal, signal);
  } finally {
    await sandbox.close();
  }
}

/** The options as they are written, which were checked; what is left out is the sample's own. */
function sizeOf(flags: Flags): SandboxSize & { readonly policy: Policy } {
  const { predecessor, policy, quotas } = flags;
  const numbers = (['seed', 'clusters', 'instances', 'tasks', 'port', 'latencyMs'] as const).flatMap((key) =>
    flags[key] === undefined ? [] : [[key, Number(flags[key])] as const],
  );
  return {
    ...Object.fromEntries(numbers),
    policy: policy === 'sync' ? 'sync' : 'prune',
    quotas: quotas === 'current' || quotas === 'older' ? quotas : 'none',
    ...(predecessor === undefined ? {} : { predecessor: readPredecessor(predecessor) }),
  };
}

const PORT_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'it is taken'],
  ['EACCES', 'it may not be used by this user'],
]);

async function openAt(size: SandboxSize, port: string | undefined): Promise<OpenSandbox> {
  try {
    return await openSandbox(size);
  } catch (error) {
    const fault = PORT_FAULTS.get(Reflect.get(Object(error), 'code'));
    if (fault === undefined || port === undefined) throw error;
    throw new RunError(
      'usage',
      `--port: ${port} cannot be listened at (${fault}); give another, or none for any free one`,
      error,
    );
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
  const { stdout } = terminal;
  const { steps, ending } = SANDBOX_STORIES[policy];
  const access: AwsAccess = { endpoint: url, region: fleet.world.region, credentials: CREDENTIALS };
  const recordSets = fleet.zone.list().length;
  const worker = createWorker(parseSettings({ env: {}, flags: flagsOf(sandbox, policy) }), {
    access,
    paced: false,
  });
  const tell = async (step: keyof typeof steps, first?: Report): Promise<Report> => {
    stdout.write(`${first === undefined ? '' : '\n'}${steps[step]}\n\n`);
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
    stdout.write(good ? `\n${ending(counts)}\n` : '\nThe sandbox did not end as it should have.\n');
    return good ? EXIT.done : EXIT.error;
  } finally {
    worker.close();
  }
}

/** In a later run, what is not registered for the reasons of the first one is not told again. */
function print(report: Report, first: Report | undefined, terminal: Terminal): void {
  const { stdout } = terminal;
  const count = first?.withheld.length ?? 0;
  const isTold = first !== undefined && count > 0 && withholdings(first) === withholdings(report);
  const shown = isTold ? { ...report, withheld: [] } : report;
  stdout.write(renderText(shown, { color: wantsColor(stdout, terminal) }));
  if (isTold) {
    stdout.write(`\nNot registered: the same ${plural(count, 'record', 'records')}, for the same reasons.\n`);
  }
}

function withholdings({ withheld }: Report): string {
  return JSON.stringify(withheld.map(({ name, type, value, reason }) => [name, type, value, reason]));
}
