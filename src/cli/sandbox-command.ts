import { once } from 'node:events';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { renderText } from '../report/render-text.ts';
import type { Report, RunMode } from '../report/report-schema.ts';
import { checkExpectations } from '../sandbox/fleet/check-expectations.ts';
import { checkRegistered } from '../sandbox/fleet/unregistered.ts';
import { type OpenSandbox, openSandbox, type SandboxSize } from '../sandbox/open-sandbox.ts';
import { createWorker, type Worker } from '../worker.ts';
import { EXIT } from './exit-codes.ts';
import { complain, progressBar, type Terminal, wantsColor } from './terminal.ts';

/** The flags of `ecs-dns sandbox`. */
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
  const sandbox = await openSandbox({ ...flags, now: Date.now() });
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

const ZONE_WORDS = {
  prune: 'some of which tell lies',
  sync: "all of them other people's: nothing that runs is registered",
} as const;

function introduce({ fleet, url, listening }: OpenSandbox, policy: Policy, { stdout }: Terminal): void {
  const { world, zone } = fleet;
  const tasks = [...world.clusters.values()].reduce((sum, cluster) => sum + cluster.tasks.size, 0);
  stdout.write(
    [
      `A local look-alike of ECS, EC2 and Route 53 is listening at ${url}.`,
      `It has ${world.clusters.size} clusters, ${world.machines.size} container instances and ${tasks} tasks, of which ${listening} ports answer on 127.0.0.0/8,`,
      `and a hosted zone ${zone.name} with ${zone.list().length} record sets, ${ZONE_WORDS[policy]}.`,
      '',
      '',
    ].join('\n'),
  );
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
    ...(policy === 'sync' ? { ECS_DNS_POLICY: policy } : {}),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  stdout.write(`In another terminal:\n\n${lines.join('')}\nThen run: ecs-dns plan\nCtrl-C ends it.\n`);
  if (!signal.aborted) await once(signal, 'abort');
  return EXIT.done;
}

/** The main job, told to somebody who sees it for the first time. */
async function tour(
  sandbox: OpenSandbox,
  policy: Policy,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { world } = sandbox.fleet;
  const access: AwsAccess = { endpoint: sandbox.url, region: world.region, credentials: CREDENTIALS };
  const worker = createWorker(sandboxSettings(sandbox, policy), { access, paced: false });
  try {
    const run = (mode: RunMode) => runInSandbox(mode, worker, terminal, signal);
    return await tell(sandbox, policy, run, terminal);
  } finally {
    worker.close();
  }
}

const STORIES = {
  prune: [
    '1. `ecs-dns plan` compares the zone with what runs, probes every endpoint, and changes nothing:',
    '2. `ecs-dns apply` does the same and removes what is stale or unhealthy:',
    '3. `ecs-dns plan` again: the zone is true, except for what a guardrail holds.',
  ],
  sync: [
    '1. `ecs-dns plan --policy sync` probes every endpoint that has no record, and changes nothing:',
    '2. `ecs-dns apply --policy sync` does the same and registers what is healthy:',
    '3. `ecs-dns plan --policy sync` again: everything healthy has its record, and nothing is left to do.',
  ],
} as const;

async function tell(
  { fleet }: OpenSandbox,
  policy: Policy,
  run: (mode: RunMode) => Promise<Report>,
  terminal: Terminal,
): Promise<number> {
  const { stdout } = terminal;
  const { planted, registrable } = fleet;
  const [first, second, third] = STORIES[policy];

  stdout.write(`${first}\n\n`);
  const plan = await run('plan');
  print(plan, terminal);

  stdout.write(`\n${second}\n\n`);
  const applied = await run('apply');
  print(applied, terminal);

  stdout.write(`\n${third}\n\n`);
  const again = await run('plan');
  print(again, terminal);

  const surprises = [...checkExpectations(planted, plan), ...checkRegistered(registrable, again)];
  for (const surprise of surprises) complain(`unexpected: ${surprise}`, terminal);
  const good =
    surprises.length === 0 && applied.summary.applied === plan.changes.length && again.changes.length === 0;
  const done = policy === 'sync' ? `${plan.summary.registrations} records were registered. ` : '';
  stdout.write(
    good
      ? `\n${done}All ${planted.length} planted records were treated as they should be. Keep the sandbox with \`ecs-dns sandbox --serve\`.\n`
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
function sandboxSettings({ fleet, listening }: OpenSandbox, policy: Policy): Settings {
  const flags = {
    '--zone': fleet.zone.name,
    '--policy': policy,
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
