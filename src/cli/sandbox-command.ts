import { once } from 'node:events';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Settings } from '../config/settings.ts';
import { renderText } from '../report/render-text.ts';
import type { Report } from '../report/report-schema.ts';
import { plural } from '../report/sections.ts';
import { checkExpectations } from '../sandbox/fleet/check-expectations.ts';
import { checkRegistered } from '../sandbox/fleet/check-registered.ts';
import type { Fleet } from '../sandbox/fleet/generate-fleet.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { SANDBOX_STORIES } from '../sandbox/stories.ts';
import { createWorker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { complain, progressBar, type Terminal, wantsColor } from './terminal.ts';

export interface SandboxFlags extends SandboxSize {
  readonly serve: boolean;
}

type Policy = Settings['policy'];

/** Nothing of the sandbox may ever be mistaken for an account. */
const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** Opens the sandbox and runs the main job on it, or serves it until the signal; resolves with the exit code. */
export async function sandboxCommand(
  flags: SandboxFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const sandbox = await openSandbox(flags);
  try {
    const { policy = 'prune' } = flags;
    introduce(sandbox, policy, terminal);
    return flags.serve
      ? await serve(sandbox, policy, terminal, signal)
      : await tour(sandbox, policy, terminal, signal);
  } finally {
    await sandbox.close();
  }
}

function introduce({ fleet, url, listening }: OpenSandbox, policy: Policy, { stdout }: Terminal): void {
  const { world, zone } = fleet;
  const counts = {
    url,
    listening,
    clusters: world.clusters.size,
    instances: world.machines.size,
    tasks: [...world.clusters.values()].reduce((sum, cluster) => sum + cluster.tasks.size, 0),
    balancers: world.loadBalancers.size,
    zone: zone.name,
    recordSets: zone.list().length,
  };
  stdout.write(`${SANDBOX_STORIES[policy].introduction(counts)}\n\n`);
}

async function serve(
  { fleet, url }: OpenSandbox,
  policy: Policy,
  { stdout }: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: fleet.world.region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    ECS_DNS_ZONE: fleet.zone.name.replace(/\.$/, ''),
    ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
    ...(policy === 'sync' ? { ECS_DNS_POLICY: policy, ECS_DNS_CNAME: 'true' } : {}),
  };
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
  const worker = createWorker(sandboxSettings(sandbox, policy), { access, paced: false });
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

/** What was found otherwise than the fleet knows it to be, a line each. */
function surprisesOf(fleet: Fleet, policy: Policy, plan: Report, again: Report): readonly string[] {
  const found = checkExpectations(fleet.planted, plan);
  if (policy === 'prune') return found;
  // Of what other people keep, nothing may have changed.
  return [...found, ...checkExpectations(fleet.planted, again), ...checkRegistered(fleet, again)];
}

/** The defaults, but for loopback addresses and for endpoints that hang, which would only make the sample wait. */
function sandboxSettings({ fleet, listening }: OpenSandbox, policy: Policy): Settings {
  const flags = {
    '--zone': fleet.zone.name,
    ...(policy === 'sync' ? { '--policy': policy, '--cname': 'true' } : {}),
    '--health-allow': '127.0.0.0/8',
    '--health-timeout': '1s',
    '--health-interval': '200ms',
    '--health-enabled': String(listening > 0),
    // What it removes is gone with it.
    '--journal': 'none',
  };
  return parseSettings({ env: {}, flags });
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
