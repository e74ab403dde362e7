import { setMaxListeners } from 'node:events';
import process from 'node:process';
import { type AwsAccess, createAwsClients, type Pace } from './aws/aws-clients.ts';
import type { CallCounts } from './aws/call-counter.ts';
import { requireRegion } from './aws/explain-error.ts';
import { systemClock } from './aws/system-clock.ts';
import { type CheckSelector, checkAddress, checkService } from './commands/check.ts';
import { compare } from './commands/compare-policies.ts';
import { explainEntry } from './commands/explain-entry.ts';
import { type RestoreOptions, restore } from './commands/restore-removals.ts';
import type { Settings } from './config/settings.ts';
import { createJournal } from './journal/create-journal.ts';
import type { Journal } from './journal/journal.ts';
import type { Clock } from './model/clock.ts';
import type { HealthCheck } from './model/health-check.ts';
import { socketAddress } from './model/ip-address.ts';
import type { QuotaUse } from './model/quota.ts';
import type { ParsedJournal } from './model/removal.ts';
import { isElsewhere, type Scope } from './model/scope.ts';
import type { DeregisteredSince } from './model/task-stop.ts';
import { checkResolver, type Policy } from './plan/policy.ts';
import { ContinuingProber } from './probe/continuing-prober.ts';
import { createProber } from './probe/prober.ts';
import { createPublisher } from './publish/create-publisher.ts';
import { createNotifier } from './publish/notifier.ts';
import { buildCheck } from './report/build-check.ts';
import { buildComparison, type ComparisonReportOptions } from './report/build-comparison.ts';
import { buildExplanation } from './report/build-explanation.ts';
import { buildReport } from './report/build-report.ts';
import { buildRestoreReport } from './report/build-restore-report.ts';
import type { CheckReport } from './report/check-schema.ts';
import type { ComparisonReport } from './report/comparison-schema.ts';
import type { ExplanationReport } from './report/explanation-schema.ts';
import type { Report, RunMode } from './report/report-schema.ts';
import type { RestoreReport } from './report/restore-report-schema.ts';
import { route53Api } from './route53/route53-api.ts';
import { createZone, foundOnce, type ZonePort } from './route53/zone-port.ts';

import { createAnnouncer } from './run/announce.ts';
import type { Ports } from './run/ports.ts';
import { reconcile } from './run/reconcile.ts';
import { type Patience, reconcileScope, type ScopeResult, scopeFailure } from './run/reconcile-scope.ts';
import type { Compared, RunFailure, RunOptions, RunResult } from './run/run.ts';
import { tellingSteps } from './run/steps.ts';
import { loadCloudMap } from './sources/ecs/cloud-map-directory.ts';
import type { DefinitionCache } from './sources/ecs/definition-cache.ts';
import { ec2Api } from './sources/ecs/ec2-api.ts';
import { ecsApi } from './sources/ecs/ecs-api.ts';
import { KnownHosts } from './sources/ecs/known-hosts.ts';
import { loadBalancersApi } from './sources/ecs/resolve-balancers.ts';
import { createInventory } from './sources/ecs/take-inventory.ts';
import { createTaskStopper, NO_STOPPER, stopTaskApi } from './sources/ecs/task-stopper.ts';
import type { FleetPort, InventoryPort } from './sources/inventory-port.ts';
import { createStateStore } from './state/create-state-store.ts';
import type { WarningReport } from './state/state-store.ts';
import { type EventQueue, queueRegion } from './triggers/event-queue.ts';

/** How any work of the worker's is conducted. */
type WorkConduct = 'progress' | 'onStep' | 'signal' | 'deadline';

/** What one run needs in addition to the settings. */
export interface RunRequest
  extends Pick<RunOptions, 'approve' | 'approvedPlan' | 'inParts' | 'waitUntil' | WorkConduct> {
  readonly mode: RunMode;
  /** Lifts the removal budget, the panic threshold, the network self-test and `inventory-shrunk` for this run. */
  readonly force: boolean;
  /** Lists live entries in the report too. */
  readonly all: boolean;
  /** What gets no record in this run, although it has none: by `registrationKey`. */
  readonly except?: ReadonlySet<string> | undefined;
}

/** What a run of scopes needs in addition to the settings. */
export interface ScopeRequest extends Pick<RunOptions, 'onStep' | 'signal' | 'deadline'> {
  readonly mode: RunMode;
  /** How long what starts is waited for; 10 seconds unless given. */
  readonly patience?: Patience;
}

/** What came of a run of scopes. */
export interface ScopeRecord {
  /** One for each time that something was planned, in their order; their calls are those of all of them. */
  readonly runs: readonly RunRecord[];
  /** The tasks that are still starting, and those that stop as the last of their name: they are worth another look soon. */
  readonly waiting: readonly Scope[];
  /** What is of another account or region than the credentials: it is not looked at. */
  readonly elsewhere: readonly Scope[];
  /** Why not all was done; what named the scopes is to come again then. */
  readonly failure: RunFailure | undefined;
  readonly calls: CallCounts;
}

export type RestoreRequest = Omit<RestoreOptions, 'removals'> & Pick<RunOptions, 'onStep'>;

export interface RunRecord {
  readonly result: RunResult;
  readonly report: Report;
}

export interface CheckRequest extends Pick<RunOptions, 'signal' | 'onStep'> {
  /** What was asked for, as it was written; as the selector says it unless given. */
  readonly subject?: string;
}

/** Which switch of settings is looked at: the worker's own settings are those to switch to. */
export interface CompareRequest
  extends Pick<RunOptions, WorkConduct>,
    Pick<ComparisonReportOptions, 'differences' | 'all'> {
  /** The settings in force. Zone, clusters and health checks are the worker's own, whatever these say. */
  readonly now: Settings;
}

/**
 * What every door runs. The clients, the task definitions and, where tasks may be stopped, since when they
 * have no records live from run to run; nothing else does.
 */
export interface Worker {
  /**
   * One run. Throws a `RunError` for whatever a run cannot do without. It may go on next to looks; of two runs at once,
   * the one that ends last tells since when tasks have no records, so that where tasks may be stopped there is to be one.
   */
  run(request: RunRequest): Promise<RunRecord>;
  /**
   * A run of nothing but the given scopes, as events name them. What ends goes at once, what starts is registered
   * (under `sync`) as soon as it is healthy; all else is left to `run`. Throws as `run` does.
   */
  runScopes(scopes: readonly Scope[], request: ScopeRequest): Promise<ScopeRecord>;
  /** The queue that gets the events of ECS; throws where the settings name none. */
  eventQueue(): Promise<EventQueue>;
  /**
   * Explains the verdicts of the entries of a name or set identifier; changes and remembers nothing.
   * Throws a `RunError` for an entry that the zone does not have, and as `run` does.
   */
  explain(selector: string, conduct: Pick<RunOptions, WorkConduct>): Promise<ExplanationReport>;
  /**
   * Tells what a run with the worker's settings would do other than one with those in force; changes and
   * remembers nothing. Throws a `RunError` as `run` does.
   */
  compare(
    request: CompareRequest,
  ): Promise<{ readonly compared: Compared; readonly report: ComparisonReport }>;
  /** Checks one address or one service now; reads the inventory only for a service, and changes nothing. */
  check(selector: CheckSelector, request?: CheckRequest): Promise<CheckReport>;
  /** Puts back what a journal says was removed. Throws a `RunError` before anything is changed. */
  restore(journal: ParsedJournal, request: RestoreRequest): Promise<RestoreReport>;
  /**
   * Which account and region it reads, as `account/region`, the same before the first run and after it: the region alone
   * where the account is not told within three seconds, and `unknown` without a region.
   */
  source(): Promise<string>;
  /** What its clients know of the quotas of AWS that they have drawn on, sorted. */
  quotas(): readonly QuotaUse[];
  /** Closes the connections to AWS that are kept alive. */
  close(): void;
}

/** What a worker may be given in addition to its settings. */
export interface WorkerOptions extends Pace {
  /** AWS is where the SDK finds it unless this says otherwise. */
  readonly access?: AwsAccess;
  /**
   * Makes the journal of one run, in place of the one that the setting `journal` describes. `report` is
   * told, in one line, of what goes wrong once the changes are sent.
   */
  readonly journal?: (report: WarningReport) => Journal;
  /** The account that the credentials are for; unless given, a run that reads clusters finds it out. */
  readonly account?: string | undefined;
  /** What runs, in place of what ECS and EC2 tell. */
  readonly inventory?: InventoryPort;
  /** Narrows what runs read of the zone. */
  readonly narrowZone?: (zone: ZonePort) => ZonePort;
}

/**
 * Builds the worker that the settings describe.
 *
 * @example
 * const worker = createWorker(parseSettings({ zone: 'servicediscovery.internal' }));
 * const approve = async () => false;
 * const { report } = await worker.run({ mode: 'plan', force: false, all: false, approve });
 * worker.close();
 */
export function createWorker(
  settings: Settings,
  { inventory, account: told, narrowZone = (zone) => zone, ...given }: WorkerOptions = {},
): Worker {
  const { access, clock = systemClock, journal = journalOf(settings, clock), ...pace } = given;
  const clients = createAwsClients(access, { clock, ...pace });
  // A revision is immutable: what was read once is right for as long as the worker lives.
  const definitions: DefinitionCache = new Map();
  const hosts = new KnownHosts(clock);
  let deregisteredSince: DeregisteredSince = new Map();
  let account = told;
  const prober = new ContinuingProber(createProber(settings.health, clock), clock);
  const policyFor = (its: Settings, force = false, except?: ReadonlySet<string>) =>
    policyOf(its, force, deregisteredSince, except);
  const createZonePort = () =>
    narrowZone(createZone(settings.zone, route53Api(clients.route53, clients.route53Changes), clock));
  const scopeZone = foundOnce(createZonePort(), clock);
  const createPorts = async (report: WarningReport, onStep: RunOptions['onStep']) => {
    const { clusters } = settings;
    const [ecs, ec2] = [ecsApi(clients.ecs), ec2Api(clients.ec2)];
    const region = await requireRegion(clients);
    const publicAddresses = settings.addresses === 'public';
    const balancers = () => loadBalancersApi(clients);
    const stopsTasks = settings.stopUnhealthyTasks !== false;
    const stops = stopTaskApi(() => clients.ecsStops());
    const fleet = createInventory({
      ecs,
      ec2,
      region,
      clusters,
      hostDomains: settings.hosts.domains,
      definitions,
      hosts,
      publicAddresses,
      balancers,
      cloudMap: () => loadCloudMap(clients),
      names: { order: settings.names, namespace: settings.namespace, ipv6: settings.records.ipv6 },
    });
    const ports: Ports & { readonly fleet: FleetPort } = {
      fleet,
      zone: createZonePort(),
      inventory: inventory ?? fleet,
      prober,
      state: await createStateStore(settings.state, clients, report),
      journal: journal(report),
      publisher: await createPublisher(settings, { clients, clock, report }),
      stopper: stopsTasks ? createTaskStopper(ecs, stops) : NO_STOPPER,
      clock,
    };
    return tellingSteps(ports, onStep);
  };
  const announce = createAnnouncer(clock);
  /** A run of which people are told; of one that looks at a single host the runs over the fleet tell. */
  const announced = (run: () => Promise<RunResult>, report: WarningReport, options: RunOptions) => {
    const { notices, zone } = settings;
    const { on, ...targets } = notices;
    if (inventory !== undefined) return run();
    const about = { ...options, on, zone: zone.kind === 'id' ? zone.id : zone.name };
    return announce(run, createNotifier(targets, { clients, clock, report }), about);
  };
  /** Begins one piece of work: `report` is told what goes wrong in it, and `made` is what its document says of that. */
  const begin = (signal: AbortSignal | undefined) => {
    const calls = clients.countCalls();
    // Every request and probe under way listens for the abort; that many listeners are no leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const warnings: string[] = [];
    return {
      report: (detail: string) => void warnings.push(detail),
      made: () => ({ ...calls(), warnings }),
    };
  };
  return {
    async run({ mode, all, force, except, ...conduct }) {
      const { report, made } = begin(conduct.signal);
      const ports = await createPorts(report, conduct.onStep);
      const options = { ...conduct, ...policyFor(settings, force, except), dryRun: mode === 'plan' };
      const run = () => reconcile(ports, options);
      const result = await announced(run, report, options);
      if (result.cutShort !== undefined) report(result.cutShort);
      deregisteredSince = result.deregisteredSince;
      account ??= result.inventory.clusters.find(({ complete }) => complete)?.account;
      return {
        result,
        report: buildReport(result, { mode, all, isSync: settings.policy === 'sync', ...made() }),
      };
    },
    async runScopes(scopes, { mode, patience, onStep, ...conduct }) {
      const { report, made } = begin(conduct.signal);
      const all = await createPorts(report, onStep);
      const ports = { ...all, inventory: all.fleet, zone: scopeZone };
      const approve = async () => true;
      const options = { ...conduct, ...policyFor(settings), approve, dryRun: mode === 'plan' };
      const home = { account, region: await requireRegion(clients) };
      const elsewhere = scopes.filter((scope) => isElsewhere(scope, home));
      const here = scopes.filter((scope) => !elsewhere.includes(scope));
      const result = here.length === 0 ? NOTHING_HERE : await reconcileScope(here, ports, options, patience);
      const { results, waiting } = result;
      const { warnings, ...calls } = made();
      const runs = results.map((one) => ({
        result: one,
        report: buildReport(one, { mode, all: false, warnings, ...calls }),
      }));
      return { runs, waiting, elsewhere, failure: scopeFailure(result), calls };
    },
    async eventQueue() {
      const { events: url } = settings;
      if (url === undefined) throw new TypeError('the settings name no queue');
      const { sqsQueue } = await import('./triggers/queue.ts');
      return sqsQueue(await clients.sqs(queueRegion(url)), url);
    },
    async explain(selector, conduct) {
      const { report, made } = begin(conduct.signal);
      const ports = await createPorts(report, conduct.onStep);
      return buildExplanation(await explainEntry(selector, ports, policyFor(settings), conduct), made());
    },
    async compare({ now, differences, all, ...conduct }) {
      const { report, made } = begin(conduct.signal);
      const ports = await createPorts(report, conduct.onStep);
      const compared = await compare(ports, policyFor(now), policyFor(settings), conduct);
      return { compared, report: buildComparison(compared, { differences, all, ...made() }) };
    },
    async check(selector, { subject = subjectOf(selector), signal, onStep } = {}) {
      const { report, made } = begin(signal);
      const { health } = settings;
      const startedAt = clock.now();
      const examine = async () => {
        if (selector.kind === 'service') {
          const ports = await createPorts(report, onStep);
          return checkService(selector, ports, checkResolver(health, health.services), signal);
        }
        const check: HealthCheck = health.enabled ? health : { ...health, kind: 'none' };
        const telling = tellingSteps({ prober }, onStep);
        return checkAddress(selector, telling.prober, check, signal);
      };
      const result = await examine();
      return buildCheck(result, { subject, startedAt, finishedAt: clock.now(), ...made() });
    },
    async restore(parsed, request) {
      const { report, made } = begin(request.signal);
      await requireRegion(clients);
      const publisher = await createPublisher(settings, { clients, clock, report });
      const ports = tellingSteps({ zone: createZonePort(), publisher, clock }, request.onStep);
      const result = await restore(ports, { ...request, removals: parsed.removals });
      return buildRestoreReport(result, { journal: parsed, dryRun: request.dryRun, ...made() });
    },
    async source() {
      const region = await clients.region();
      const asked = new AbortController();
      const inTime = clock.sleep(SOURCE_LIMIT_MS, asked.signal).catch(() => undefined);
      // What a run finds out later must not change what was told.
      const owner = told ?? (await Promise.race([clients.account(), inTime]));
      asked.abort();
      return [owner, typeof region === 'string' ? region : 'unknown'].filter((part) => part).join('/');
    },
    quotas: () => clients.quotas(),
    close: () => {
      prober.close();
      clients.destroy();
    },
  };
}

/** What waits for the name of the source does not wait long. */
const SOURCE_LIMIT_MS = 3_000;

/** What came of scopes none of which is here. */
const NOTHING_HERE: ScopeResult = { results: [], waiting: [] };

function subjectOf(selector: CheckSelector): string {
  return selector.kind === 'service' ? selector.serviceName : socketAddress(selector.address, selector.port);
}

/** The journal that the setting describes, with this process's variables and stderr. */
function journalOf({ journal }: Settings, clock: Clock): (report: WarningReport) => Journal {
  const { env, stderr } = process;
  return (report) => createJournal(journal, { env, stderr, clock, report });
}

function policyOf(
  settings: Settings,
  force: boolean,
  deregisteredSince: DeregisteredSince,
  except: ReadonlySet<string> | undefined,
): Policy {
  const { manage, health, guardrails, policy, records, hosts, addresses, correct, cname } = settings;
  const { stopUnhealthyTasks: ecsServices, stopLimit: limit } = settings;
  const { ttl, services } = records;
  return {
    manage,
    health,
    sync:
      policy === 'sync'
        ? { ...records, hostNames: hosts.name, addresses, correct, cname, except }
        : undefined,
    stopping: ecsServices === false ? undefined : { ecsServices, limit, ttl, services, deregisteredSince },
    limits: { ...guardrails, force },
  };
}
