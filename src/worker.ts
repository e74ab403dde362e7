import { setMaxListeners } from 'node:events';
import { type AwsAccess, createAwsClients, type Pace } from './aws/aws-clients.ts';
import { explainAwsError } from './aws/explain-error.ts';
import { type CheckResult, type CheckSelector, checkAddress, checkService } from './check-now.ts';
import type { Settings } from './config/settings.ts';
import { createMemory } from './health/memory/create-memory.ts';
import type { TroubleReport } from './health/memory/health-memory.ts';
import { createProber } from './health/prober.ts';
import { ec2Api } from './inventory/ec2-api.ts';
import { ecsApi } from './inventory/ecs-api.ts';
import { createInventory } from './inventory/take-inventory.ts';
import type { DefinitionCache } from './inventory/task-definitions.ts';
import type { HealthCheck } from './model/health-check.ts';
import { checkResolver } from './plan/health-checks.ts';
import type { Ports } from './ports.ts';
import { type RunOptions, type RunResult, reconcile } from './reconcile.ts';
import { buildReport } from './report/build-report.ts';
import type { Report, RunMode } from './report/report-schema.ts';
import { systemClock } from './system-clock.ts';
import { route53Api } from './zone/route53-api.ts';
import { createZone } from './zone/zone-port.ts';

/** What one run needs beside the settings. */
export interface RunRequest extends Pick<RunOptions, 'approve' | 'progress' | 'signal' | 'deadline'> {
  readonly mode: RunMode;
  /** Lifts the removal budget and the panic threshold for this run. */
  readonly force: boolean;
  /** Lists live entries in the report too. */
  readonly all: boolean;
}

/** A run's result beside its report. */
export interface RunRecord {
  readonly result: RunResult;
  readonly report: Report;
}

/** What every door runs. The clients and the task definitions live from run to run, nothing else does. */
export interface Worker {
  /** One run. Throws a `RunError` for whatever a run cannot do without. */
  run(request: RunRequest): Promise<RunRecord>;
  /** Checks one address or one service now; reads the inventory only for a service, and changes nothing. */
  check(selector: CheckSelector, signal: AbortSignal | undefined): Promise<CheckResult>;
  /** Closes the connections to AWS that are kept alive. */
  close(): void;
}

/** For those who bring their own world, or their own time. */
export interface WorkerOptions extends Pace {
  readonly access?: AwsAccess;
}

/** Builds the worker that the settings describe, on AWS as the SDK finds it, or on the given access. */
export function createWorker(
  settings: Settings,
  { access, clock = systemClock, paced = true }: WorkerOptions = {},
): Worker {
  const clients = createAwsClients(access, { clock, paced });
  // A revision is immutable: what was read once is right for as long as the worker lives.
  const definitions: DefinitionCache = new Map();
  const createPorts = async (signal: AbortSignal | undefined, report: TroubleReport): Promise<Ports> => {
    // Every request and probe under way listens for the abort; that many listeners are no leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const { zone, clusters, health } = settings;
    const [ecs, ec2] = [ecsApi(clients.ecs), ec2Api(clients.ec2)];
    const region = await regionOf(clients.ecs.config.region);
    return {
      zone: createZone(zone, route53Api(clients.route53, clients.route53Changes), clock),
      inventory: createInventory({ ecs, ec2, region, clusters, definitions }),
      prober: createProber(health, clock),
      memory: await createMemory(health.memory, clients, report),
      clock,
    };
  };
  return {
    async run(request) {
      // What a run that failed has sent is not this run's.
      clients.drainCalls();
      const troubles: string[] = [];
      const ports = await createPorts(request.signal, (detail) => troubles.push(detail));
      const result = await reconcile(ports, runOptions(settings, request));
      const { mode, all } = request;
      const report = buildReport(result, { mode, all, ...clients.drainCalls(), troubles });
      return { result, report };
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
    close: () => clients.destroy(),
  };
}

async function regionOf(region: () => Promise<string>): Promise<string> {
  try {
    return await region();
  } catch (error) {
    throw explainAwsError('the AWS region', error);
  }
}

function runOptions({ manage, health, guardrails }: Settings, request: RunRequest): RunOptions {
  return {
    manage,
    health,
    limits: { ...guardrails, force: request.force },
    dryRun: request.mode === 'plan',
    approve: request.approve,
    ...(request.progress === undefined ? {} : { progress: request.progress }),
    signal: request.signal,
    deadline: request.deadline,
  };
}
