import process from 'node:process';
import { createHostPasses } from '../agent/host-passes.ts';
import { hostSettings } from '../agent/host-settings.ts';
import { createHostZone } from '../agent/host-zone.ts';
import { conductPass, runAgent } from '../agent/run-agent.ts';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { formatDuration } from '../model/duration.ts';
import { RunError } from '../model/run-error.ts';
import { renderText } from '../report/render-text.ts';
import { dockerEngine } from '../sources/docker/docker-engine.ts';
import { createDockerInventory, departingHost } from '../sources/docker/docker-inventory.ts';
import {
  findHostIdentity,
  type HostIdentity,
  instanceMetadata,
  type MetadataService,
} from '../sources/docker/host-identity.ts';
import type { RunEnd } from '../watch/conduct-run.ts';
import { keepLiveness } from '../watch/liveness.ts';
import type { RunRecord } from '../worker.ts';
import { type Call, openWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { openZoneLog, placeOfJournal } from './open-log.ts';
import { runTeller } from './run-teller.ts';
import { aboutOf, originOf, startStatus } from './serve-status.ts';
import { complain, messagesOf, type Terminal, textOptions } from './terminal.ts';
import { onStop, readGrace, reportPrinter, runOf } from './watch-command.ts';

/** What tries a request again is the next pass, which sees the world as it is by then. */
const MAX_ATTEMPTS = 2;
/** Taking the host out must end before whatever stops the process loses its patience. */
const REMOVAL_LIMIT_MS = 20_000;

/** `ecs-dns agent`: follows the container engine of this host until the signal. */
export async function agentCommand(call: Call): Promise<number> {
  const { flags, settings: load, terminal, signal } = call;
  const given = load();
  if (flags.sync === true && flags.remove === true)
    throw new RunError('usage', 'agent: --sync and --remove exclude each other: give one of them');
  const metadata = instanceMetadata(process.env);
  const identity = await findHostIdentity(given.agent, metadata, signal);
  const region = await findRegion(metadata, signal);
  const settings = hostSettings(given, identity.hostName);
  if (flags.remove === true)
    return exitCodeOf(await removeHost(identity, region, settings, terminal, signal));
  return follow({ ...call, given, settings, identity, region });
}

interface Followed extends Call {
  readonly given: Settings;
}

type AgentCall = Omit<Followed, 'settings'> & {
  readonly settings: Settings;
  readonly identity: HostIdentity;
  readonly region: string;
};

async function follow(call: AgentCall): Promise<number> {
  const { given, settings, identity, region, flags, terminal, signal: stop } = call;
  const { socket, waitForHealthy, deregisterOnExit } = given.agent;
  const engine = await dockerEngine(socket);
  const inventory = createDockerInventory({
    engine,
    identity,
    region,
    waitForHealthy,
    introspection: introspectionOf(given, identity),
    clock: systemClock,
  });
  const zone = createHostZone(identity.hostName);
  // A pass that is asked for ends with a report; what goes on tells its log.
  const log = flags.sync === true ? undefined : openZoneLog(settings, terminal);
  const options = { inventory, narrowZone: zone.wrap, maxAttempts: MAX_ATTEMPTS };
  const worker = openWorker(settings, terminal, options, log);
  const passes = createHostPasses({ worker, zone, inventory, settings: given, clock: systemClock });
  const liveness = keepLiveness();
  const { timeoutMs, everyMs } = settings;
  const bounds = {
    clock: systemClock,
    stop,
    graceMs: readGrace(flags.grace ?? ''),
    timeoutMs,
    liveness,
    passes,
  };
  try {
    if (log === undefined) {
      const end = await conductPass({ names: undefined }, bounds);
      printEnd(end, settings, terminal);
      return exitCodeOf(end);
    }
    await runFollowing(log);
  } finally {
    worker.close();
  }
  if (!deregisterOnExit) return EXIT.done;
  return exitCodeOf(await removeHost(identity, region, settings, terminal, new AbortController().signal));

  async function runFollowing(its: Log): Promise<void> {
    const tell = runTeller(its, { uneventful: 'debug', isTerse: true });
    const print = reportPrinter(settings, terminal);
    const schedule = `on events of the container engine, and over all every ${formatDuration(everyMs)}`;
    const { server, observers } = await startStatus(flags.listen, {
      stop,
      liveness,
      origin: originOf(settings, worker, everyMs),
      about: aboutOf(call, settings, 'agent', schedule),
      worker,
    });
    const unbind = onStop(stop, bounds.graceMs, its);
    its.write('following', {
      host: identity.hostName,
      address: identity.address,
      port: server?.port,
      journal: placeOfJournal(settings, terminal),
    });
    try {
      await runAgent({
        ...bounds,
        engine,
        everyMs,
        disconnected: (error) => {
          inventory.disconnected();
          if (error !== undefined) return;
          its.write('engine silent', { detail: 'it has ended its events, and is asked for them again' });
        },
        observe: (event) => {
          const run = runOf(event);
          if (run !== undefined && isWorthTelling(run)) print(ownOf(run));
          for (const observe of [tell, ...observers]) observe(event);
        },
      });
    } finally {
      unbind();
      await server?.close();
    }
  }
}

async function removeHost(
  identity: HostIdentity,
  region: string,
  settings: Settings,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<RunEnd> {
  const worker = openWorker(settings, terminal, { inventory: departingHost(identity, region) });
  const timeoutMs = Math.min(settings.timeoutMs, REMOVAL_LIMIT_MS);
  const bounds = { clock: systemClock, stop, graceMs: REMOVAL_LIMIT_MS, timeoutMs, liveness: keepLiveness() };
  const passes = { run: (_: unknown, request: Parameters<typeof worker.run>[0]) => worker.run(request) };
  try {
    const end = await conductPass({ names: undefined }, { ...bounds, passes });
    printEnd(end, settings, terminal);
    return end;
  } finally {
    worker.close();
  }
}

/** As `apply` has them. */
function exitCodeOf(end: RunEnd): number {
  if (end.kind !== 'reported') return EXIT.error;
  const { conflicts } = end.run.report.summary;
  return end.warning !== undefined || conflicts > 0 ? EXIT.partial : EXIT.done;
}

/** Where the ECS agent of the host may answer, seen from the host's network or from a container's. */
function introspectionOf({ agent }: Settings, { address }: HostIdentity): readonly string[] {
  if (agent.introspection !== undefined) return [agent.introspection];
  return [`http://127.0.0.1:51678`, `http://${address}:51678`];
}

/** Route 53 is of no region, but the SDK wants one. */
async function findRegion(metadata: MetadataService, signal: AbortSignal): Promise<string> {
  const { env } = process;
  const set = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (set) return set;
  const region = await metadata('placement/region', signal).catch(() => '');
  signal.throwIfAborted();
  if (region !== '') env['AWS_REGION'] = region;
  return region;
}

/** What came of a pass that was asked for: its report, where anything was done, and why it failed. */
function printEnd(end: RunEnd, settings: Settings, terminal: Terminal): void {
  const run = runOf(end);
  if (run !== undefined && isWorthTelling(run)) {
    const { report } = ownOf(run);
    if (settings.output === 'json') reportPrinter(settings, terminal)(ownOf(run));
    else terminal.stdout.write(renderText(report, textOptions(terminal.stdout, terminal)));
  }
  if (end.kind === 'stopped') complain('the pass under way was stopped', terminal);
  if (end.kind === 'failed')
    complain(
      messagesOf(end.error).map((message) => `pass failed: ${message}`),
      terminal,
    );
  if (end.kind === 'reported' && end.warning !== undefined) complain(`pass failed: ${end.warning}`, terminal);
}

/** Of other hosts nothing is told. */
function ownOf(run: RunRecord): RunRecord {
  const entries = run.report.entries.filter(({ verdict }) => verdict !== 'foreign');
  return { ...run, report: { ...run.report, entries } };
}

function isWorthTelling({ report }: RunRecord): boolean {
  const { changes, heldBack, withheld, notices } = report;
  return [changes, heldBack, withheld, notices].some((list) => list.length > 0);
}
