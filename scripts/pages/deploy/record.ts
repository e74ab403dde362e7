// Plays a deployment of five tasks for real, against the built command, and writes what was seen of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/aws/system-clock.ts';
import type { LoggedRequest } from '../../../src/sandbox/answer.ts';
import { openNameServer } from '../../../src/sandbox/dns/open-name-server.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import { type DnsClient, newDnsClient } from '../../../test/end-to-end/deploy/dns-client.ts';
import {
  CREDENTIALS,
  openRollout,
  type Rollout,
  SERVICE_NAME,
  ZONE_NAME,
} from '../../../test/end-to-end/deploy/rollout.ts';
import { type ClientKind, type RecordedEvent, writeRecording } from './recording.ts';

const [, , COMMAND = '', FILE = ''] = process.argv;
const TASKS = 5;
const TTL_SECONDS = 5;
const DRAIN_SECONDS = 10;
/** EventBridge typically takes about half a second. */
const LAG_MS = 500;
const REQUEST_EVERY_MS = 500;
/** Images are pulled, and processes start, one after the other. */
const PULL_MS = 1_500;
const BOOT_MS = 800;
const BEFORE_MS = 2_000;
const AFTER_MS = 2_000;

/** What `node:http` publishes of each answer that one of its servers has sent. */
interface Finished {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function newRecorder(tasks: () => readonly Task[]) {
  const startedAt = performance.now();
  const events: RecordedEvent[] = [];
  const now = () => Math.round((performance.now() - startedAt) / 10) / 100;
  const indexOf = (isIt: (task: Task) => boolean) => tasks().findIndex(isIt);
  return { events, now, indexOf, add: (event: RecordedEvent) => void events.push(event) };
}

type Recorder = ReturnType<typeof newRecorder>;

/** What the worker has asked of containers; clients ask for another path. */
function recordProbes({ add, now, indexOf }: Recorder, { world }: Rollout): void {
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as Finished;
    if (request.url !== '/health') return;
    const { localAddress, localPort } = request.socket;
    const task = indexOf((one) =>
      endpointsOf(world, [one]).some(({ address, port }) => address === localAddress && port === localPort),
    );
    if (task >= 0) add({ at: now(), kind: 'probe', task, status: response.statusCode });
  });
}

/** The changes of records in a request to Route 53, with what it said. */
function recordChanges(
  { add, now, indexOf }: Recorder,
  { operation, input, errorCode }: LoggedRequest,
): void {
  if (operation !== 'route53:ChangeResourceRecordSets') return;
  const { Changes = [] } = input['ChangeBatch'] as { readonly Changes?: readonly Change[] };
  const ids = Changes.map(({ ResourceRecordSet }) => ResourceRecordSet.SetIdentifier);
  for (const { Action, ResourceRecordSet } of Changes) {
    const id = ResourceRecordSet.SetIdentifier;
    // What is deleted and created as it was only has to be there.
    if (ids.filter((one) => one === id).length > 1) continue;
    const task = indexOf(({ containers: [one] }) => id?.endsWith(`:${one?.runtimeId}`) === true);
    if (task >= 0) add({ at: now(), kind: 'record', task, change: Action, outcome: errorCode ?? 'applied' });
  }
}

interface Change {
  readonly Action: 'CREATE' | 'DELETE';
  readonly ResourceRecordSet: { readonly SetIdentifier?: string };
}

async function makeRequest(
  { add, now, indexOf }: Recorder,
  { world }: Rollout,
  client: ClientKind,
  dns: DnsClient,
): Promise<void> {
  const at = now();
  const [attempt] = await dns.request();
  const task = indexOf((one) =>
    endpointsOf(world, [one]).some(
      ({ address, port }) => address === attempt?.address && port === attempt.port,
    ),
  );
  add({ at, kind: 'request', client, task, ok: attempt?.ok === true });
}

function watch({ server, queueUrl }: Rollout): ChildProcess {
  const args = ['watch', '--zone', ZONE_NAME, '--policy', 'sync', '--events', queueUrl, '--grace', '0s'];
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    ECS_DNS_JOURNAL: 'none',
    ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
  };
  return spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

async function record(): Promise<string> {
  let recorder: Recorder | undefined;
  const began: Task[] = [];
  const pullMs = (task: Task) => {
    if (!began.includes(task)) began.push(task);
    return PULL_MS * (0.5 + began.indexOf(task));
  };
  const rollout = await openRollout({
    clock: systemClock,
    tasks: TASKS,
    ttlSeconds: TTL_SECONDS,
    lagMs: LAG_MS,
    drainMs: DRAIN_SECONDS * 1000,
    bootMs: BOOT_MS,
    startingMs: pullMs,
    observe: (does, task) => {
      const of = recorder?.indexOf((one) => one === task) ?? -1;
      recorder?.add({ at: recorder.now(), kind: 'process', task: of, does });
    },
    answered: (logged) => {
      if (recorder !== undefined) recordChanges(recorder, logged);
    },
  });
  const nameServer = await openNameServer({ world: rollout.world });
  const worker = watch(rollout);
  const old = rollout.tasks();
  while (!old.every(rollout.isRegistered)) await sleep(50);

  const own = newRecorder(rollout.tasks);
  recorder = own;
  recordProbes(own, rollout);
  rollout.world.taskListeners.add((task) => {
    own.add({
      at: own.now(),
      kind: 'task',
      task: own.indexOf((one) => one === task),
      status: task.lastStatus,
    });
  });
  const name = `${SERVICE_NAME}.${ZONE_NAME}`;
  const clients = (['anew', 'cached'] as const).map((kind) => {
    const client = newDnsClient({
      nameServer,
      name,
      clock: systemClock,
      caches: kind === 'cached',
      targets: 1,
    });
    return () => makeRequest(own, rollout, kind, client);
  });
  const asking = setInterval(() => {
    for (const ask of clients) void ask();
  }, REQUEST_EVERY_MS);
  await sleep(BEFORE_MS);
  own.add({ at: own.now(), kind: 'deploy' });
  await rollout.deploy();
  while (!old.every(({ lastStatus }) => lastStatus === 'STOPPED')) await sleep(50);
  await sleep(AFTER_MS);
  clearInterval(asking);
  await sleep(REQUEST_EVERY_MS);

  worker.kill('SIGTERM');
  await once(worker, 'exit');
  await nameServer.close();
  const tasks = rollout
    .tasks()
    .map((_, i) => ({ generation: i < TASKS ? ('old' as const) : ('new' as const) }));
  await rollout.close();
  const events = own.events.toSorted((a, b) => a.at - b.at);
  const seconds = Math.ceil(events.at(-1)?.at ?? 0);
  return writeRecording({
    ttlSeconds: TTL_SECONDS,
    drainSeconds: DRAIN_SECONDS,
    seconds,
    tasks,
    events,
  });
}

writeFileSync(FILE, await record());
