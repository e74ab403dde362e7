import { setMaxListeners } from 'node:events';
import process from 'node:process';
import { type AwsAccess, createAwsClients, type Pace } from './aws/aws-clients.ts';
import { explainAwsError } from './aws/explain-error.ts';
import { systemClock } from './aws/system-clock.ts';
import { type CheckResult, type CheckSelector, checkAddress, checkService } from './commands/check.ts';
import { type Adopted, adopt } from './commands/compare.ts';
import { type Explained, explainEntry } from './commands/explain.ts';
import { type RestoreOptions, restore } from './commands/restore.ts';
import { servicesMatching } from './config/service-patterns.ts';
import type { Settings } from './config/settings.ts';
import { createJournal } from './journal/create-journal.ts';
import type { Journal } from './journal/journal.ts';
import type { ParsedJournal } from './journal/parse-journal.ts';
import type { Clock } from './model/clock.ts';
import type { HealthCheck } from './model/health-check.ts';
import type { Absences } from './model/task-stop.ts';
import { wishesResolver } from './plan/desired/override-rules.ts';
import { checkResolver } from './plan/judge/check-resolver.ts';
import { createMemory } from './probe/memory/create-memory.ts';
import type { TroubleReport } from './probe/memory/health-memory.ts';
import { createProber } from './probe/prober.ts';
import { createAnnouncer } from './publish/create-publisher.ts';
import { type AdoptionReportOptions, buildAdoption } from './report/build-comparison.ts';
import { buildReport } from './report/build-report.ts';
import { buildRestoreReport } from './report/build-restore-report.ts';
import type { AdoptionReport } from './report/comparison-schema.ts';
import type { Report, RunMode } from './report/report-schema.ts';
import type { RestoreReport } from './report/restore-report-schema.ts';
import { route53Api } from './route53/route53-api.ts';
import { createZone } from './route53/zone-port.ts';
import type { Ports } from './run/ports.ts';
import { reconcile } from './run/reconcile.ts';
import type { RunOptions, RunResult } from './run/run.ts';
import { loadBalancersApi } from './sources/ecs/balancers-api.ts';
import { ec2Api } from './sources/ecs/ec2-api.ts';
import { ecsApi } from './sources/ecs/ecs-api.ts';
import { stopTaskApi } from './sources/ecs/stop-task-api.ts';
import { createInventory } from './sources/ecs/take-inventory.ts';
import type { DefinitionCache } from './sources/ecs/task-definitions.ts';
import { createTaskStopper, NO_STOPPER } from './sources/ecs/task-stopper.ts';

/** What one run needs beside the settings. */
export interface RunRequest extends Pick<RunOptions, 'approve' | 'progress' | 'signal' | 'deadline'> {
  readonly mode: RunMode;
  /** Lifts the removal budget and the panic threshold for this run. */
  readonly force: boolean;
  /** Lists live entries in the report too. */
  readonly all: boolean;
}

/** How removals are to be undone. */
export type RestoreRequest = Omit<RestoreOptions, 'removals'>;

/** A run's result beside its report. */
export interface RunRecord {
  readonly result: RunResult;
  readonly report: Report;
}

/** Which switch of settings is looked at: the worker's own settings are those to switch to. */
export interface AdoptRequest
  extends Pick<RunOptions, 'progress' | 'signal'>,
    Pick<AdoptionReportOptions, 'differences' | 'all'> {
  /** The settings in force. Zone, clusters and health checks are the worker's own, whatever these say. */
  readonly now: Settings;
}

/**
 * What every door runs. The clients, the task definitions and, where tasks may be stopped, since when they
 * have no records live from run to run; nothing else does.
 */
export interface Worker {
  /** One run. Throws a `RunError` for whatever a run cannot do without. */
  run(request: RunRequest): Promise<RunRecord>;
  /**
   * Explains the verdicts of the entries of a name or set identifier; changes and remembers nothing.
   * Throws a `RunError` for an entry that the zone does not have, and as `run` does.
   */
  explain(selector: string, conduct: Pick<RunOptions, 'progress' | 'signal'>): Promise<Explained>;
  /**
   * Tells what a run with the worker's settings would do other than one with those in force; changes and
   * remembers nothing. Throws a `RunError` as `run` does.
   */
  adopt(request: AdoptRequest): Promise<{ readonly adopted: Adopted; readonly report: AdoptionReport }>;
  /** Checks one address or one service now; reads the inventory only for a service, and changes nothing. */
  check(selector: CheckSelector, signal: AbortSignal | undefined): Promise<CheckResult>;
  /** Puts back what a journal says was removed. Throws a `RunError` before anything is changed. */
  restore(journal: ParsedJournal, request: RestoreRequest): Promise<RestoreReport>;
  /** Closes the connections to AWS that are kept alive. */
  close(): void;
}

/** What a worker may be given beside its settings. */
export interface WorkerOptions extends Pace {
  /** AWS is where the SDK finds it unless this says otherwise. */
  readonly access?: AwsAccess;
  /**
   * Makes the journal of one run, in place of the one that the setting `journal` describes. `report` is
   * told, in one line, of what goes wrong once the changes are sent.
   */
  readonly journal?: (report: TroubleReport) => Journal;
}

/** Builds the worker that the settings describe. */
export function createWorker(
  settings: Settings,
  { access, clock = systemClock, paced = true, journal = journalOf(settings, clock) }: WorkerOptions = {},
): Worker {
  const clients = createAwsClients(access, { clock, paced });
  // A revision is immutable: what was read once is right for as long as the worker lives.
  const definitions: DefinitionCache = new Map();
  const stopsTasks = settings.stopUnhealthyTasks !== false;
  let absences: Absences = new Map();
  const createPorts = async (signal: AbortSignal | undefined, report: TroubleReport): Promise<Ports> => {
    // Every request and probe under way listens for the abort; that many listeners are no leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const { zone, clusters, health } = settings;
    const [ecs, ec2] = [ecsApi(clients.ecs), ec2Api(clients.ec2)];
    const region = await regionOf(clients.ecs.config.region);
    return {
      zone: createZone(zone, route53Api(clients.route53, clients.route53Changes), clock),
      inventory: createInventory({
        ecs,
        ec2,
        region,
        clusters,
        definitions,
        publicAddresses: settings.addresses === 'public',
        balancers: () => loadBalancersApi(clients),
      }),
      prober: createProber(health, clock),
      memory: await createMemory(health.memory, clients, report),
      journal: journal(report),
      announcer: await createAnnouncer(settings.eventBus, { clients, clock, report }),
      stopper: stopsTasks
        ? createTaskStopper(
            ecs,
            stopTaskApi(() => clients.ecsStops()),
          )
        : NO_STOPPER,
      clock,
    };
  };
  return {
    async run(request) {
      // What a run that failed has sent is not this run's.
      clients.drainCalls();
      const troubles: string[] = [];
      const ports = await createPorts(request.signal, (detail) => troubles.push(detail));
      const result = await reconcile(ports, runOptions(settings, request, absences));
      absences = result.absences;
      const { mode, all } = request;
      const report = buildReport(result, { mode, all, ...clients.drainCalls(), troubles });
      return { result, report };
    },
    async explain(selector, conduct) {
      const ports = await createPorts(conduct.signal, () => {});
      return explainEntry(selector, ports, lookingOptions(settings, conduct, absences));
    },
    async adopt({ now, differences, all, ...conduct }) {
      clients.drainCalls();
      const troubles: string[] = [];
      const ports = await createPorts(conduct.signal, (detail) => troubles.push(detail));
      const options = lookingOptions(settings, conduct, absences);
      const adopted = await adopt(ports, options, lookingOptions(now, conduct, absences));
      const report = buildAdoption(adopted, { differences, all, ...clients.drainCalls(), troubles });
      return { adopted, report };
    },
    async check(selector, signal) {
      const { health } = settings;
      if (selector.kind === 'address') {
        const check: HealthCheck = health.enabled ? health : { ...health, kind: 'none' };
        return checkAddress(selector, createProber(health, clock), check, signal);
      }
      const ports = await createPorts(signal, () => {});
      return checkService(selector, ports, checkResolver(health, health.services), signal);
    },
    async restore(parsed, request) {
      clients.drainCalls();
      if (request.signal !== undefined) setMaxListeners(0, request.signal);
      const zone = createZone(settings.zone, route53Api(clients.route53, clients.route53Changes), clock);
      const troubles: string[] = [];
      const report = (detail: string) => void troubles.push(detail);
      const announcer = await createAnnouncer(settings.eventBus, { clients, clock, report });
      const result = await restore({ zone, announcer, clock }, { ...request, removals: parsed.removals });
      return buildRestoreReport(result, {
        journal: parsed,
        dryRun: request.dryRun,
        ...clients.drainCalls(),
        troubles,
      });
    },
    close: () => clients.destroy(),
  };
}

/** The journal that the setting describes, with this process's variables and stderr. */
function journalOf({ journal }: Settings, clock: Clock): (report: TroubleReport) => Journal {
  const { env, stderr } = process;
  return (report) => createJournal(journal, { env, stderr, clock, report });
}

async function regionOf(region: () => Promise<string>): Promise<string> {
  try {
    return await region();
  } catch (error) {
    throw explainAwsError('the AWS region', error);
  }
}

/** For a run that changes and remembers nothing. */
function lookingOptions(
  settings: Settings,
  conduct: Pick<RunOptions, 'progress' | 'signal'>,
  absences: Absences,
): RunOptions {
  const request = { ...conduct, mode: 'plan', approve: async () => false, force: false, all: true } as const;
  return runOptions(settings, request, absences);
}

function runOptions(settings: Settings, request: RunRequest, absences: Absences): RunOptions {
  const { manage, health, guardrails, policy, records, addresses, correct, cname } = settings;
  const wishesOf = wishesResolver(records.services);
  return {
    manage,
    health,
    sync: policy === 'sync' ? { ...records, addresses, correct, cname, wishesOf } : undefined,
    stopping: stoppingPolicy(settings, absences),
    limits: { ...guardrails, force: request.force },
    dryRun: request.mode === 'plan',
    approve: request.approve,
    ...(request.progress === undefined ? {} : { progress: request.progress }),
    signal: request.signal,
    deadline: request.deadline,
  };
}

function stoppingPolicy(
  { stopUnhealthyTasks, stopLimit, records }: Settings,
  absences: Absences,
): RunOptions['stopping'] {
  const mayStop = servicesMatching(stopUnhealthyTasks);
  const wishesOf = wishesResolver(records.services);
  return mayStop && { mayStop, limit: stopLimit, ttl: records.ttl, wishesOf, absences };
}
