import type { AwsAccess } from '../aws/aws-clients.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { renderText } from '../report/render-text.ts';
import type { Report } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { wrap } from '../report/wrap.ts';
import type { OpenSandbox } from '../sandbox/open-sandbox.ts';
import { SANDBOX_STORIES } from '../sandbox/stories.ts';
import { CREDENTIALS, flagsOf, type Policy, surprisesOf } from '../sandbox/tour.ts';
import { createWorker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { complain, progressBar, type Terminal, textOptions } from './terminal.ts';

/** Runs the main job on a sandbox: plan, apply, and plan again; resolves with the exit code. */
export async function tourSandbox(
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
export function tellStory(text: string, terminal: Terminal): void {
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
