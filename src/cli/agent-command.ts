import process from 'node:process';
import { createHostPasses } from '../agent/host-passes.ts';
import { hostSettings } from '../agent/host-settings.ts';
import { createHostZone } from '../agent/host-zone.ts';
import { conductPass, runAgent } from '../agent/run-agent.ts';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { formatDuration } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
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
import type { WatchEvent } from '../watch/watch-event.ts';
import type { RunRecord } from '../worker.ts';
import { type Call, openWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { aboutOf, originOf, startStatus } from './serve-status.ts';
import { complain, inform, messagesOf, type Terminal, textOptions } from './terminal.ts';
import { onStop, readGrace } from './watch-command.ts';

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
  const worker = openWorker(settings, terminal, {
    inventory,
    narrowZone: zone.wrap,
    maxAttempts: MAX_ATTEMPTS,
  });
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
  const print = printer(settings, terminal, flags.sync === true ? '' : '; it is tried again');
  try {
    if (flags.sync === true) {
      const end = await conductPass({ names: undefined }, bounds);
      print(end.kind === 'reported' ? { ...end, ...NO_MEASURES } : end);
      return exitCodeOf(end);
    }
    await runFollowing();
  } finally {
    worker.close();
  }
  if (!deregisterOnExit) return EXIT.done;
  return exitCodeOf(await removeHost(identity, region, settings, terminal, new AbortController().signal));

  async function runFollowing(): Promise<void> {
    const schedule = `on events of the container engine, and over all every ${formatDuration(everyMs)}`;
    const { server, observers } = await startStatus(flags.listen, {
      stop,
      liveness,
      origin: originOf(settings, worker, everyMs),
      about: aboutOf(call, settings, 'agent', schedule),
    });
    const unbind = onStop(stop, bounds.graceMs, terminal);
    const place = server === undefined ? '' : `; status, metrics, healthz and readyz at port ${server.port}`;
    inform(`following the container engine of ${identity.hostName} at ${identity.address}${place}`, terminal);
    try {
      await runAgent({
        ...bounds,
        engine,
        everyMs,
        disconnected: (error) => {
          inventory.disconnected();
          if (error !== undefined) return;
          complain('the container engine has ended its events, and is asked for them again', terminal);
        },
        observe: (event) => {
          for (const observe of [print, ...observers]) observe(event);
        },
      });
    } finally {
      unbind();
      await server?.close();
    }
  }
}

const NO_MEASURES = { sinceMs: 0, allowedMs: 0, finishedAt: 0, freshUntil: 0 };

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
    printer(settings, terminal)(end.kind === 'reported' ? { ...end, ...NO_MEASURES } : end);
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

/** A report is printed where anything was done or went wrong; of other hosts nothing is told. `outlook` ends a failure. */
function printer(settings: Settings, terminal: Terminal, outlook = ''): (event: WatchEvent) => void {
  let last = '';
  // An outage is one line, however often what it keeps from being done is tried.
  const complainOnce = (texts: readonly string[]) => {
    const text = texts.join('\n');
    if (text !== last) complain(texts, terminal);
    last = text;
  };
  return (event) => {
    switch (event.kind) {
      case 'reported':
        if (isWorthTelling(event.run)) printReport(event.run, settings, terminal);
        complainOnce(event.warning === undefined ? [] : [`pass failed: ${event.warning}`]);
        break;
      case 'failed':
        complainOnce(messagesOf(event.error).map((message) => `pass failed: ${message}${outlook}`));
        break;
      case 'stopped':
        if (event.run !== undefined) printReport(event.run, settings, terminal);
        complain('the pass under way was stopped', terminal);
        break;
      case 'skipped':
        break;
    }
  };
}

function isWorthTelling({ report }: RunRecord): boolean {
  const { changes, heldBack, withheld, notices } = report;
  return [changes, heldBack, withheld, notices].some((list) => list.length > 0);
}

function printReport({ report }: RunRecord, { output }: Settings, terminal: Terminal): void {
  const own = { ...report, entries: report.entries.filter(({ verdict }) => verdict !== 'foreign') };
  const text =
    output === 'json'
      ? `${printable(JSON.stringify(own))}\n`
      : `${report.startedAt} ${renderText(report, textOptions(terminal.stdout, terminal))}\n`;
  terminal.stdout.write(text);
}
