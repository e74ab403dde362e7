import { type ChildProcess, spawn } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import type { Clock } from '../../src/model/clock.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Report, RunMode } from '../../src/report/report-schema.ts';
import type { RestoreReport } from '../../src/report/restore-report-schema.ts';
import type { Patience } from '../../src/run/reconcile-scope.ts';
import { agentSrvRecord } from '../../src/sandbox/fleet/agent-records.ts';
import { type ServedContainers, startContainers } from '../../src/sandbox/fleet/containers.ts';
import { FleetBuilder, type FleetService, type Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Expectation } from '../../src/sandbox/fleet/planted.ts';
import { createWorld, type World } from '../../src/sandbox/world/world.ts';
import { createWorker, type RunRequest, type ScopeRecord, type WorkerOptions } from '../../src/worker.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../sandbox/test-server.ts';

export const ZONE_NAME = 'servicediscovery.internal';
const CREDENTIALS = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };

/** Serves a world until the test is over. */
export async function serve(world: World, options?: TestServerOptions): Promise<TestServer> {
  const server = await startTestServer(world, options);
  onTestFinished(() => server.close());
  return server;
}

/** Lets a fleet's containers answer until the test is over. */
export async function listen(fleet: Parameters<typeof startContainers>[0]): Promise<ServedContainers> {
  const containers = await startContainers(fleet);
  onTestFinished(() => containers.close());
  return containers;
}

export interface FleetSize {
  readonly clusters?: readonly string[];
  /** In each cluster. */
  readonly machines?: number;
}

/** Clusters with machines, and an empty zone. */
export function newFleet({ clusters = ['blue'], machines = 2 }: FleetSize = {}): FleetBuilder {
  const world = createWorld();
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: ZONE_NAME, private: true }));
  for (const [index, name] of clusters.entries()) {
    const cluster = world.addCluster(name);
    const addresses = Array.from({ length: machines }, (_, i) => `127.${OWN_BLOCK}.${index}.${i + 1}`);
    fleet.machines.set(
      cluster,
      addresses.map((address) => world.addMachine({ cluster, address })),
    );
  }
  return fleet;
}

export interface Registrations {
  readonly service: FleetService;
  readonly live: readonly Member[];
  readonly liveSets: readonly RecordSet[];
  readonly staleSets: readonly RecordSet[];
}

const ANY: Expectation = { expected: 'live', reason: 'running' };

/** A bridge service with its registered containers, and entries of containers that are gone. */
export function addService(
  fleet: FleetBuilder,
  name: string,
  counts: { readonly cluster?: string; readonly live?: number; readonly stale?: number },
): Registrations {
  const cluster = fleet.world.cluster(counts.cluster ?? 'blue');
  const port = { containerPort: 8080, hostPort: 0 };
  const service = fleet.addService({ name, mode: 'bridge', cluster, portMappings: [port] });
  const live = Array.from({ length: counts.live ?? 1 }, (_, i) =>
    fleet.runAndRegister(service, { machine: fleet.machine(cluster, i) }, ANY),
  );
  const liveSets = live.map((member) => srvSet(fleet, name, member));
  return { service, live, liveSets, staleSets: addStale(fleet, name, counts.stale ?? 0, cluster.name) };
}

/** Entries of containers that are gone from machines that are still there. */
export function addStale(
  fleet: FleetBuilder,
  name: string,
  count: number,
  cluster = 'blue',
): readonly RecordSet[] {
  return Array.from({ length: count }, (_, i) => {
    const machine = fleet.machine(fleet.world.cluster(cluster), i);
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv(name, owner, [machine.takePorts()], ANY);
    return srvSet(fleet, name, owner);
  });
}

/**
 * 100 stale sets of 25 entries each, on hosts with short names: they go in three requests, of which two carry 40
 * sets, the 1,000 values that fill a request.
 */
export function fleetOfThreeBatches() {
  const fleet = newFleet({ machines: 20 });
  addService(fleet, '_orders._tcp', { live: 2 });
  const live = fleet.zone.list();
  const hosts = [...fleet.world.machines.values()].map(
    (machine) => machine.privateDnsName.split('.')[0] ?? '',
  );
  for (let i = 0; i < 100; i++) {
    const owner = { host: hosts[i % hosts.length] ?? '', containerId: fleet.deadContainerId() };
    const name = `_gone-${Math.floor(i / 90)}._tcp`;
    const ports = Array.from({ length: 25 }, (_, n) => 20_000 + 25 * i + n);
    fleet.zone.put(agentSrvRecord({ name, zoneName: fleet.zone.name, ...owner, ports }));
  }
  return { fleet, live, before: fleet.zone.list() };
}

/** The set that an agent has registered for a container. */
export function srvSet(
  { zone }: FleetBuilder,
  name: string,
  { host, containerId }: { readonly host: string; readonly containerId: string },
): RecordSet {
  const SetIdentifier = `${host}:${containerId}`;
  const set = zone.records.get({ Name: `${name}.${zone.name}`, Type: 'SRV', SetIdentifier });
  if (set === undefined) throw new TypeError(`the zone has no set ${SetIdentifier} of ${name}`);
  return set;
}

/** What stays of a zone when some of its sets go. */
export function without(sets: readonly RecordSet[], gone: readonly RecordSet[]): readonly RecordSet[] {
  const keys = new Set(gone.map(recordSetKey));
  return sets.filter((set) => !keys.has(recordSetKey(set)));
}

/** What sleeps shorter than this is a pause. */
export const SHORTEST_DEADLINE_MS = 60_000;

/** The pauses between attempts pass at once; deadlines are real, and so far away that no test meets them. */
export const UNWAITING_CLOCK: Clock = {
  ...systemClock,
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    if (ms >= SHORTEST_DEADLINE_MS) await systemClock.sleep(ms, signal);
  },
};

/** Health checks of containers on loopback; generous, because the machine that runs the tests is busy. */
export const PROBING: FlagValues = {
  '--health-enabled': 'true',
  '--health-allow': '127.0.0.0/8',
  '--health-timeout': '5s',
};

/** Lets a server of the test's own stand in for a container that would not answer, until the test is over. */
export async function answerFor(
  { address, port }: Pick<Member, 'address' | 'port'>,
  server: Server,
): Promise<void> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  });
}

/** No health checks; and no test asks anything beyond loopback before it goes as stale. */
const UNCHECKED: FlagValues = { '--health-enabled': 'false', '--health-allow': '127.0.0.0/8' };

/** It asks once, for as long as a busy machine may need. */
const UNHURRIED: Patience = { patienceMs: 0, everyMs: 1_000, roundMs: 2 * SHORTEST_DEADLINE_MS };

export interface TestWorker {
  plan(request?: Partial<RunRequest>): Promise<Report>;
  apply(request?: Partial<RunRequest>): Promise<Report>;
  /** A run of scopes, which does not wait for what starts unless it is told to. */
  runScopes(scopes: readonly Scope[], patience?: Patience): Promise<ScopeRecord>;
  /** Puts back all that a journal holds. */
  restore(journal: string): Promise<RestoreReport>;
}

/**
 * A real worker on a sandbox, health checks off unless the flags say otherwise; reports list live entries.
 * `file` is a config file; a clock of the test's own must not wait either. `requestLimitMs` is for answers that
 * never end.
 */
export function openWorker(
  server: TestServer,
  flags: FlagValues = {},
  file?: string,
  clock: Clock = UNWAITING_CLOCK,
  limits: Pick<WorkerOptions, 'requestLimitMs'> = {},
): TestWorker {
  const settings = parseSettings({
    ...(file === undefined ? {} : { file }),
    env: {},
    flags: { '--zone': ZONE_NAME, '--journal': 'none', ...UNCHECKED, ...flags },
  });
  const access = { endpoint: server.url, region: 'us-east-1', credentials: CREDENTIALS };
  // A clock that does not wait cannot pace anything, either.
  const worker = createWorker(settings, { access, clock, paced: false, ...limits });
  onTestFinished(() => worker.close());
  const run = async (mode: RunMode, request: Partial<RunRequest> = {}) => {
    const approve = async () => mode === 'apply';
    return (await worker.run({ mode, force: false, all: true, approve, ...request })).report;
  };
  return {
    plan: (request) => run('plan', request),
    apply: (request) => run('apply', request),
    runScopes: (scopes, patience = UNHURRIED) => worker.runScopes(scopes, { mode: 'apply', patience }),
    restore: (journal) =>
      worker.restore(parseJournal(journal, 'journal'), { dryRun: false, approve: async () => true }),
  };
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The variables of a command that finds its AWS in a sandbox, and nothing of this machine's own. */
export function cliEnv(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    HOME: '/nonexistent',
  };
}

/** Tests whose matter it is say otherwise. */
export const WITHOUT_JOURNAL = { ECS_DNS_JOURNAL: 'none', ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8' };

/**
 * Runs the built command in a process of its own, without a terminal; `started` is given that process. What goes
 * to a file descriptor of the test's own is not in the result.
 */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  started: (child: ChildProcess) => void = () => {},
  to: { readonly stdout?: number; readonly stderr?: number } = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...WITHOUT_JOURNAL, ...env },
      stdio: ['ignore', to.stdout ?? 'pipe', to.stderr ?? 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    started(child);
  });
}
