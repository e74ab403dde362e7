import { setMaxListeners } from 'node:events';
import process from 'node:process';
import { type AwsAccess, type AwsClients, createAwsClients } from '../aws/aws-clients.ts';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { neededGrants } from '../iam/actions.ts';
import { policyNeeds } from '../iam/policy-needs.ts';
import type { Clock } from '../model/clock.ts';
import type { Inventory } from '../model/inventory.ts';
import type { DoctorReport } from '../report/doctor-schema.ts';
import { headOf } from '../report/document.ts';
import { route53Api } from '../route53/route53-api.ts';
import { createCallRecord } from './call-record.ts';
import {
  examineCredentials,
  judgeCall,
  judgeCredentials,
  judgeEndpoint,
  judgeEventBus,
  judgeQueue,
  servicesOf,
} from './examine-calls.ts';
import { examineClusters, judgeRegistries } from './examine-clusters.ts';
import { examineEndpoint } from './examine-endpoint.ts';
import { examineQueue } from './examine-queue.ts';
import { examineJournal, examineState } from './examine-storage.ts';
import { examineWebhook } from './examine-webhook.ts';
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
  const calls = clients.countCalls();
  try {
    const examination = await examine(settings, clients, { clock, callTimeoutMs, env }, signal);
    const { findings, incomplete = [], notices = [] } = examination;
    const finishedAt = clock.now();
    const facts = { startedAt, finishedAt, readings: { inventory: { incomplete } }, notices };
    const head = headOf({ mode: 'doctor', ...facts }, { ...calls(), warnings: [] });
    return { ...head, findings };
  } finally {
    clients.destroy();
  }
}

interface Examination extends Partial<Pick<Inventory, 'incomplete' | 'notices'>> {
  readonly findings: Finding[];
}

async function examine(
  settings: Settings,
  clients: AwsClients,
  { clock, callTimeoutMs, env }: Required<Omit<ExaminationOptions, 'access'>>,
  signal: AbortSignal,
): Promise<Examination> {
  const needed = neededActions(settings);
  const services = servicesOf(needed);
  const checks = [
    'region',
    'credentials',
    ...services.map((service) => `endpoint-${service}`),
    'zone',
    ...(settings.events === undefined ? [] : ['queue']),
    // The state's own line speaks for the calls to DynamoDB.
    ...needed.filter((action) => !action.startsWith('dynamodb:')),
    'clusters',
    ...(settings.names.includes('registries') ? ['registries'] : []),
    'state',
    'journal',
    ...(settings.notices.webhook === undefined ? [] : ['notices-webhook']),
    'sample-endpoint',
  ];
  /** All checks in their order, each with its own result or, where none is known, with what `otherwise` says. */
  const report = (known: Readonly<Record<string, Result>>, otherwise: (check: string) => Result) =>
    checks.map((check) => ({ check, ...(known[check] ?? otherwise(check)) }));

  const region = await clients.region();
  const credentials = await examineCredentials(() => clients.ecs.config.credentials());
  if (typeof region !== 'string') {
    const noRegion = fail(region.detail, region.remedy);
    return { findings: report({ region: noRegion, credentials }, () => skip('there is no region')) };
  }
  if (credentials.status === 'fail') {
    return { findings: report({ region: ok(region), credentials }, () => skip('there are no credentials')) };
  }
  const record = createCallRecord(callTimeoutMs);
  const route53 = route53Api(clients.route53, clients.route53Changes);
  const [zone, { result: clusters, endpoints, incomplete, notices }, state, journal] = await Promise.all([
    examineZone(settings, route53, record, signal),
    examineClusters(settings, { clients, region, record, needed }, signal),
    examineState(settings.state, clients, callTimeoutMs, signal),
    examineJournal(settings.journal, env),
    examineQueue(settings.events, clients, record, signal),
  ]);
  const known = {
    region: ok(region),
    credentials: judgeCredentials(services, record),
    zone,
    ...(settings.events === undefined ? {} : { queue: judgeQueue(settings.events, record) }),
    clusters,
    ...(settings.names.includes('registries') ? { registries: judgeRegistries(incomplete) } : {}),
    state,
    journal,
    ...(await webhookFinding(settings, callTimeoutMs, signal)),
    'sample-endpoint': await examineEndpoint(endpoints, settings.health, clock, signal),
    ...(settings.eventBus === undefined ? {} : { 'events:PutEvents': judgeEventBus(settings.eventBus) }),
    ...Object.fromEntries(services.map((one) => [`endpoint-${one}`, judgeEndpoint(one, record)])),
  };
  return { findings: report(known, (action) => judgeCall(action, record)), incomplete, notices };
}

async function webhookFinding(
  { notices: { webhook } }: Settings,
  callTimeoutMs: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, Result>>> {
  if (webhook === undefined) return {};
  return { 'notices-webhook': await examineWebhook(webhook, callTimeoutMs, signal) };
}

function neededActions(settings: Settings): readonly string[] {
  const scope = { region: undefined, account: undefined };
  return neededGrants(policyNeeds(settings, '', { readOnly: false, scope })).map(({ action }) => action);
}
