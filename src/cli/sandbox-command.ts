import { once } from 'node:events';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { checkExpectations } from '../sandbox/fleet/check-expectations.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { createWorker, type Worker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { complain, progressBar, type Terminal, wantsColor } from './terminal.ts';

/** The flags of `ecs-dns sandbox`. */
export interface SandboxFlags extends SandboxSize {
  readonly serve: boolean;
}

/** Nothing of the sandbox may ever be mistaken for an account. */
const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** Opens the sandbox and runs the main job on it, or serves it until the signal; resolves with the exit code. */
export async function sandboxCommand(
  flags: SandboxFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const sandbox = await openSandbox({ ...flags, now: Date.now() });
  try {
    introduce(sandbox, terminal);
    return flags.serve ? await serve(sandbox, terminal, signal) : await tour(sandbox, terminal, signal);
  } finally {
    await sandbox.close();
  }
}

function introduce({ fleet, url, listening }: OpenSandbox, { stdout }: Terminal): void {
  const { world, zone } = fleet;
  const tasks = [...world.clusters.values()].reduce((sum, cluster) => sum + cluster.tasks.size, 0);
  stdout.write(
    [
      `A local look-alike of ECS, EC2 and Route 53 is listening at ${url}.`,
      `It has ${world.clusters.size} clusters, ${world.machines.size} container instances and ${tasks} tasks, of which ${listening} ports answer on 127.0.0.0/8,`,
      `and a hosted zone ${zone.name} with ${zone.list().length} record sets, some of which tell lies.`,
      '',
      '',
    ].join('\n'),
  );
}

async function serve(
  { fleet, url }: OpenSandbox,
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
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  stdout.write(`In another terminal:\n\n${lines.join('')}\nThen run: ecs-dns plan\nCtrl-C ends it.\n`);
  if (!signal.aborted) await once(signal, 'abort');
  return EXIT.done;
}

/** The main job, told to somebody who sees it for the first time. */
async function tour(sandbox: OpenSandbox, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { world } = sandbox.fleet;
  const access: AwsAccess = { endpoint: sandbox.url, region: world.region, credentials: CREDENTIALS };
  const worker = createWorker(sandboxSettings(sandbox), { access, paced: false });
  try {
    return await tell(sandbox, (mode) => runInSandbox(mode, worker, terminal, signal), terminal);
  } finally {
    worker.close();
  }
}

async function tell(
  { fleet }: OpenSandbox,
  run: (mode: RunMode) => Promise<Report>,
  terminal: Terminal,
): Promise<number> {
  const { stdout } = terminal;

  stdout.write(
    '1. `ecs-dns plan` compares the zone with what runs, probes every endpoint, and changes nothing:\n\n',
  );
  const plan = await run('plan');
  print(plan, terminal);
  const surprises = checkExpectations(fleet.planted, plan);

  stdout.write('\n2. `ecs-dns apply` does the same and removes what is stale or unhealthy:\n\n');
  const applied = await run('apply');
  print(applied, terminal);

  stdout.write('\n3. `ecs-dns plan` again: the zone is true, except for what a guardrail holds.\n\n');
  const again = await run('plan');
  print(again, terminal);

  for (const surprise of surprises) complain(`unexpected: ${surprise}`, terminal);
  const good =
    surprises.length === 0 && applied.summary.applied === plan.changes.length && again.changes.length === 0;
  stdout.write(
    good
      ? `\nAll ${fleet.planted.length} planted records were treated as they should be. Keep the sandbox with \`ecs-dns sandbox --serve\`.\n`
      : '\nThe sandbox did not end as it should have.\n',
  );
  return good ? EXIT.done : EXIT.error;
}

async function runInSandbox(
  mode: RunMode,
  worker: Worker,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Report> {
  const bar = progressBar(terminal);
  const request = {
    mode,
    force: false,
    all: true,
    approve: async () => mode === 'apply',
    progress: bar.show,
    signal,
  };
  const { report } = await worker.run(request).finally(bar.stop);
  return report;
}

/** The defaults, but for loopback addresses and for endpoints that hang: nobody wants to wait for those. */
function sandboxSettings({ fleet, listening }: OpenSandbox): Settings {
  const flags = {
    '--zone': fleet.zone.name,
    '--health-allow': '127.0.0.0/8',
    '--health-timeout': '1s',
    '--health-interval': '200ms',
    '--health-enabled': String(listening > 0),
    // What it removes is gone with it.
    '--journal': 'none',
  };
  return loadSettings({ env: {}, flags });
}

function print(report: Report, terminal: Terminal): void {
  terminal.stdout.write(renderText(report, { color: wantsColor(terminal.stdout, terminal) }));
}
