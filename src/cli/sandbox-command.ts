import { once } from 'node:events';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { renderText } from '../report/render-text.ts';
import type { Report } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { SANDBOX_STORIES } from '../sandbox/stories.ts';
import { CREDENTIALS, flagsOf, openingOf, type Policy, surprisesOf, variablesOf } from '../sandbox/tour.ts';
import { createWorker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { complain, progressBar, type Terminal, wantsColor } from './terminal.ts';

export interface SandboxFlags extends SandboxSize {
  readonly serve: boolean;
}

/** Opens the sandbox and runs the main job on it, or serves it until the signal; resolves with the exit code. */
export async function sandboxCommand(
  flags: SandboxFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const sandbox = await openSandbox(flags);
  try {
    const { policy = 'prune' } = flags;
    terminal.stdout.write(`${SANDBOX_STORIES[policy].introduction(openingOf(sandbox))}\n\n`);
    return flags.serve
      ? await serve(sandbox, policy, terminal, signal)
      : await tour(sandbox, policy, terminal, signal);
  } finally {
    await sandbox.close();
  }
}

async function serve(
  sandbox: OpenSandbox,
  policy: Policy,
  { stdout }: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const variables = variablesOf(sandbox, policy);
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  stdout.write(`In another terminal:\n\n${lines.join('')}\nThen run: ecs-dns plan\nCtrl-C ends it.\n`);
  if (!signal.aborted) await once(signal, 'abort');
  return EXIT.done;
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
