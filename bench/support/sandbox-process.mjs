// The sandbox in a process of its own: one fleet, served under the quotas and the latency asked for.
// It does what the messages say, keeps an account of its own time, and ends with its parent.
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';
import { PrebuiltAnswers } from '../built/bench/fleet/prebuilt-answers.js';
import { generateScaledFleet } from '../built/bench/fleet/scaled-fleet.js';
import { startSharedContainers } from '../built/bench/fleet/shared-containers.js';
import { startSandboxServer } from '../built/src/sandbox/server.js';
import { leastCalls } from './least-calls.mjs';

const WATCH_MS = 50;
const PORT_STEP = 700;

let fleet;
let whole;
let server;
let answers;
let containers;
let recorded = [];
let account = newAccount();

const COMMANDS = {
  /** Makes the fleet and starts its containers. */
  async fleet({ options, listen }) {
    const start = performance.now();
    await Promise.all([server?.close(), containers?.close()]);
    await makeFleet(options, listen);
    whole = fleet.zone.list();
    server = undefined;
    return {
      region: fleet.world.region,
      zone: fleet.zone.name,
      recordSets: whole.length,
      entries: fleet.planted.length,
      listening: containers?.listening ?? 0,
      reasons: countReasons(),
      least: leastCalls(fleet, { health: listen }),
      generatedMs: performance.now() - start,
    };
  },
  /** Serves the fleet anew: full buckets, nothing prebuilt, the zone whole again. */
  async serve({ quotas = 'none', latencyMs = 0 }) {
    await server?.close();
    for (const set of whole) if (fleet.zone.records.get(set) === undefined) fleet.zone.put(set);
    answers = new PrebuiltAnswers();
    const intercept = (request) => answers.answer(request);
    server = await startSandboxServer(fleet.world, { quotas, latencyMs, intercept, observe });
    account = newAccount();
    return { url: server.url };
  },
  /** Puts back what was removed from the zone. */
  async restore() {
    for (const set of whole) if (fleet.zone.records.get(set) === undefined) fleet.zone.put(set);
    answers.forgetAll();
  },
  /** What was asked of it since the last time, and what of the time that took it. */
  async account() {
    const { user, system } = process.cpuUsage(account.cpu);
    const wallMs = performance.now() - account.start;
    const cpuMs = (user + system) / 1000;
    const { calls, rejected, phases } = account;
    account = newAccount();
    return { cpuMs, wallMs, share: cpuMs / wallMs, calls, rejected, phases };
  },
  /** From now on requests are kept as they came; the ones kept before are given away. */
  async record() {
    const taken = recorded;
    recorded = [];
    recording = true;
    return taken;
  },
};
let recording = false;

setInterval(watchContainers, WATCH_MS).unref();

process.on('message', ({ id, command, argument }) => {
  COMMANDS[command](argument ?? {}).then(
    (value) => process.send({ id, value }),
    (error) => process.send({ id, error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));

/** Other fleets may listen on this machine: theirs are the ports that are taken. */
async function makeFleet(options, listen) {
  for (let portOffset = 0; ; portOffset += PORT_STEP) {
    fleet = generateScaledFleet({ ...options, portOffset });
    try {
      containers = listen ? await startSharedContainers(fleet) : undefined;
      return;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || portOffset >= 3 * PORT_STEP) throw error;
    }
  }
}

function newAccount() {
  return {
    start: performance.now(),
    cpu: process.cpuUsage(),
    calls: {},
    rejected: 0,
    phases: {},
    connections: containers?.counts().connections ?? 0,
  };
}

function observe({ operation, errorCode }, raw) {
  account.calls[operation] = (account.calls[operation] ?? 0) + 1;
  if (['ThrottlingException', 'RequestLimitExceeded', 'Throttling'].includes(errorCode))
    account.rejected += 1;
  note(operation);
  if (recording) recorded.push(recordOf(raw));
  server.clearLog();
}

/** The first and the last moment of something, in milliseconds since the account was opened. */
function note(what) {
  const now = performance.now() - account.start;
  const phase = account.phases[what];
  if (phase === undefined) account.phases[what] = { from: now, to: now };
  else phase.to = now;
}

function watchContainers() {
  const connections = containers?.counts().connections ?? 0;
  if (connections === account.connections) return;
  account.connections = connections;
  note('probes');
}

function recordOf({ method, path, query, headers, body }) {
  const search = query.toString();
  const kept = ['content-type', 'x-amz-target'].filter((name) => headers[name] !== undefined);
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    headers: Object.fromEntries(kept.map((name) => [name, headers[name]])),
    body,
  };
}

function countReasons() {
  const counts = {};
  for (const { expected, reason } of fleet.planted) {
    counts[expected] = (counts[expected] ?? 0) + 1;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
