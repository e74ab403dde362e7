import { setMaxListeners } from 'node:events';
import process from 'node:process';
import { type AwsAccess, type AwsClients, createAwsClients } from '../aws/aws-clients.ts';
import { describeError } from '../aws/aws-error.ts';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { neededGrants } from '../iam/actions.ts';
import { policyNeeds } from '../iam/policy-needs.ts';
import type { Clock } from '../model/clock.ts';
import type { Inventory } from '../model/inventory.ts';
import type { DoctorReport } from '../report/doctor-schema.ts';
import { headOf } from '../report/document.ts';
import { route53Api } from '../route53/route53-api.ts';
import { ec2Api } from '../sources/ecs/ec2-api.ts';
import { ecsApi } from '../sources/ecs/ecs-api.ts';
import { servicesOf } from './aws-services.ts';
import { createCallRecord } from './call-record.ts';
import {
  examineCredentials,
  judgeCall,
  judgeCredentials,
  judgeEndpoint,
  judgeEventBus,
} from './examine-calls.ts';
import { examineClusters } from './examine-clusters.ts';
import { examineEndpoint } from './examine-endpoint.ts';
import { examineJournal } from './examine-journal.ts';
import { examineMemory } from './examine-memory.ts';
import { examineZone } from './examine-zone.ts';
import { type Finding, fail, ok, type Result, skip } from './finding.ts';

/** What an examination may be given; AWS is where the SDK finds it unless `access` says otherwise. */
export interface ExaminationOptions {
  readonly access?: AwsAccess;
  readonly clock?: Clock;
  /** How long one call may take before its endpoint counts as out of reach. */
  readonly callTimeoutMs?: number;
  /** Names the default place of the journal; the process's own variables unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Longer than the SDK's own attempts at an endpoint that refuses, shorter than anyone waits for one that is silent. */
const CALL_TIMEOUT_MS = 10_000;

/**
 * Looks at everything a run needs, with the calls that a run makes and first pages only, and changes
 * nothing. One finding a check, always the same checks in the same order.
 *
 * @example
 * const { findings } = await diagnose(settings, AbortSignal.timeout(60_000));
 * const isReady = findings.every(({ status }) => status !== 'fail');
 */
export async function diagnose(
  settings: Settings,
  signal: AbortSignal,
  {
    access,
    clock = systemClock,
    callTimeoutMs = CALL_TIMEOUT_MS,
    env = process.env,
  }: ExaminationOptions = {},
): Promise<DoctorReport> {
  setMaxListeners(0, signal);
  const startedAt = clock.now();
  const clients = createAwsClients(access);
  const document = ({ findings, incomplete, notices }: Examination): DoctorReport => ({
    ...headOf(
      {
        mode: 'doctor',
        startedAt,
        finishedAt: clock.now(),
        readings: { inventory: { incomplete } },
        notices,
      },
      { ...clients.drainCalls(), warnings: [] },
    ),
    findings: [...findings],
  });
  try {
    const region = await regionOf(clients);
    const credentials = await examineCredentials(() => clients.ecs.config.credentials());
    if (region.name === undefined || credentials.status === 'fail') {
      const findings = report(settings, { region: region.result, credentials }, () =>
        skip(region.name === undefined ? 'there is no region' : 'there are no credentials'),
      );
      return document({ findings, incomplete: [], notices: [] });
    }
    const named = { ...region, name: region.name };
    return document(await examine(settings, named, clients, { clock, callTimeoutMs, env }, signal));
  } finally {
    clients.destroy();
  }
}

/** What was found, and what the small inventory could not read or has to tell. */
interface Examination extends Pick<Inventory, 'incomplete' | 'notices'> {
  readonly findings: readonly Finding[];
}

interface Region {
  readonly name: string | undefined;
  readonly result: Result;
}

async function regionOf({ ecs }: AwsClients): Promise<Region> {
  try {
    const name = await ecs.config.region();
    return { name, result: ok(name) };
  } catch (error) {
    const remedy = 'set AWS_REGION or the region of the AWS profile';
    return { name: undefined, result: fail(describeError(error), remedy) };
  }
}

async function examine(
  settings: Settings,
  region: Region & { readonly name: string },
  clients: AwsClients,
  { clock, callTimeoutMs, env }: Required<Omit<ExaminationOptions, 'access'>>,
  signal: AbortSignal,
): Promise<Examination> {
  const record = createCallRecord(callTimeoutMs);
  const needed = neededActions(settings);
  const services = servicesOf(needed);
  const route53 = route53Api(clients.route53, clients.route53Changes);
  const sources = {
    ecs: ecsApi(clients.ecs),
    ec2: ec2Api(clients.ec2),
    region: region.name,
    clients,
    record,
    needed: new Set(needed),
  };
  const [zone, { result: clusters, endpoints, incomplete, notices }, memory, journal] = await Promise.all([
    examineZone(settings, route53, record, signal),
    examineClusters(settings, sources, signal),
    examineMemory(settings.health.memory, clients, callTimeoutMs, signal),
    examineJournal(settings.journal, env),
  ]);
  const endpoint = await examineEndpoint(endpoints, settings.health, clock, signal);
  const credentials = judgeCredentials(services, record);
  const known = {
    region: region.result,
    credentials,
    zone,
    clusters,
    memory,
    journal,
    'sample-endpoint': endpoint,
    ...(settings.eventBus === undefined ? {} : { 'events:PutEvents': judgeEventBus(settings.eventBus) }),
  };
  const findings = report(settings, known, (check) => {
    const service = services.find((one) => check === `endpoint-${one}`);
    return service === undefined ? judgeCall(check, record) : judgeEndpoint(service, record);
  });
  return { findings, incomplete, notices };
}

/** All checks in their order, each with its own result or, where none is known, with what `otherwise` says. */
function report(
  settings: Settings,
  known: Readonly<Record<string, Result>>,
  otherwise: (check: string) => Result,
): readonly Finding[] {
  const needed = neededActions(settings);
  const checks = [
    'region',
    'credentials',
    ...servicesOf(needed).map((service) => `endpoint-${service}`),
    'zone',
    // The memory's own line speaks for the calls to DynamoDB.
    ...needed.filter((action) => !action.startsWith('dynamodb:')),
    'clusters',
    'memory',
    'journal',
    'sample-endpoint',
  ];
  return checks.map((check) => ({ check, ...(known[check] ?? otherwise(check)) }));
}

function neededActions(settings: Settings): readonly string[] {
  const scope = { region: undefined, account: undefined };
  return neededGrants(policyNeeds(settings, '', { readOnly: false, scope })).map(({ action }) => action);
}
