import { setMaxListeners } from 'node:events';
import { type AwsAccess, createAwsClients } from './aws/aws-clients.ts';
import { explainAwsError } from './aws/explain-error.ts';
import type { Settings } from './config/settings.ts';
import { createMemory } from './health/memory/create-memory.ts';
import { createProber } from './health/prober.ts';
import { ec2Api } from './inventory/ec2-api.ts';
import { ecsApi } from './inventory/ecs-api.ts';
import { createInventory } from './inventory/take-inventory.ts';
import type { DefinitionCache } from './inventory/task-definitions.ts';
import type { Clock } from './model/clock.ts';
import { type Ports, type RunOptions, type RunResult, reconcile } from './reconcile.ts';
import { buildReport } from './report/build-report.ts';
import type { Report, RunMode } from './report/report-schema.ts';
import { systemClock } from './system-clock.ts';
import { route53Api } from './zone/route53-api.ts';
import { createZone } from './zone/zone-port.ts';

/** What one run needs beside the settings. */
export interface RunRequest extends Pick<RunOptions, 'approve' | 'progress' | 'signal'> {
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
  /** Closes the connections to AWS that are kept alive. */
  close(): void;
}

/** Builds the worker that the settings describe, on AWS as the SDK finds it, or on the given access. */
export function createWorker(
  settings: Settings,
  { access, clock = systemClock }: { readonly access?: AwsAccess; readonly clock?: Clock } = {},
): Worker {
  const clients = createAwsClients(access);
  // A revision is immutable: what was read once is right for as long as the worker lives.
  const definitions: DefinitionCache = new Map();
  return {
    async run(request) {
      // What a run that failed has sent is not this run's.
      clients.drainCalls();
      const region = await regionOf(clients.ecs.config.region);
      // Every request and probe under way listens for the abort; that many listeners are no leak.
      if (request.signal !== undefined) setMaxListeners(0, request.signal);
      const troubles: string[] = [];
      const ports: Ports = {
        zone: createZone(settings.zone, route53Api(clients.route53, clients.route53Changes), clock),
        inventory: createInventory({
          ecs: ecsApi(clients.ecs),
          ec2: ec2Api(clients.ec2),
          region,
          clusters: settings.clusters,
          definitions,
        }),
        prober: createProber(settings.health, clock),
        memory: await createMemory(settings.health.memory, clients, (detail) => troubles.push(detail)),
        clock,
      };
      const result = await reconcile(ports, runOptions(settings, request));
      const awsCalls = clients.drainCalls();
      const report = buildReport(result, { mode: request.mode, all: request.all, awsCalls, troubles });
      return { result, report };
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
  };
}
