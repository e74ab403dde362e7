import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricTitle } from '../../src/lambda/publish-metrics.ts';
import { METRICS, type MetricName } from '../../src/report/metrics.ts';
import { generateFleet } from '../../src/sandbox/fleet/generate-fleet.ts';
import { addService, cliEnv, listen, newFleet, serve, without } from '../end-to-end/support.ts';
import { readZip } from '../lambda/read-zip.ts';
import {
  directiveOf,
  metricOf,
  type Printed,
  queueEvent,
  RULE_EVENT,
  readPrinted,
  SCHEDULER_EVENT,
  undocumentedFields,
  withMessage,
} from '../lambda/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { taskEvent } from '../triggers/event-shapes.ts';
import { deployedResource } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const AMPLE = 300_000;
const CHANGE = 'route53:ChangeResourceRecordSets';
const INVOKE = fileURLToPath(new URL('./invoke.mjs', import.meta.url));

/** Tests run on older Nodes than the function. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Health checks of containers on loopback, as quick as the sample fleet's behaviours allow. */
const QUICK = {
  ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
  ECS_DNS_HEALTH_TIMEOUT: '1s',
  ECS_DNS_HEALTH_INTERVAL: '1ms',
  ECS_DNS_HEALTH_ATTEMPTS: '2',
};
/** How many endpoints are asked at the same time. */
const CONCURRENCY = 8;
/** Health checks that only the end of the run's time ends, where a container does not answer. */
const ENDLESS = {
  ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
  ECS_DNS_HEALTH_TIMEOUT: '1h',
  ECS_DNS_HEALTH_BUDGET: '1h',
  ECS_DNS_HEALTH_CONCURRENCY: `${CONCURRENCY}`,
};
const UNPROBED = { ECS_DNS_HEALTH_ENABLED: 'false', ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100' };

let packaged: Packaged;
let handlerFile: string;

beforeAll(async () => {
  packaged = await packageClone();
  const task = join(packaged.folder, 'var-task');
  for (const [name, content] of readZip(packaged.zip)) {
    mkdirSync(dirname(join(task, name)), { recursive: true });
    writeFileSync(join(task, name), content);
  }
  handlerFile = join(task, 'src/lambda.cjs');
});

afterAll(() => packaged?.remove());

test('the bundle holds the schemas of the commands that are used, and no others', () => {
  const bundle = readFileSync(handlerFile, 'utf8');
  expect(bundle).toContain('DescribeInstancesRequest');
  expect(bundle).toContain('DescribeTasksRequest');
  expect(bundle).not.toContain('AcceptAddressTransferRequest');
  expect(bundle).not.toContain('RunInstancesRequest');
});

interface Invocation {
  readonly event: unknown;
  readonly remainingMs: number;
}

interface Conduct {
  /** Whether time passes for the function only when it sleeps. */
  readonly standsStill?: boolean;
  readonly started?: (child: ChildProcess) => void;
}

/** How an invocation ended: by an answer, by an error, or by Lambda. */
type Outcome =
  | {
      readonly kind: 'returned';
      readonly result: { readonly mode: string; readonly summary: Readonly<Record<string, number>> };
    }
  | { readonly kind: 'thrown'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'timed-out' };

/** Invokes the packaged function in a process of its own, whose AWS is the sandbox. */
async function invoke(
  server: TestServer,
  env: Readonly<Record<string, string>>,
  invocations: readonly Invocation[],
  { standsStill = false, started = () => {} }: Conduct = {},
): Promise<{ readonly outcomes: readonly Outcome[]; readonly printed: Printed }> {
  const child = fork(INVOKE, {
    env: { ...cliEnv(server.url), AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand', ...QUIET, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const outcomes = await new Promise<readonly Outcome[]>((resolve, reject) => {
    let received: readonly Outcome[] | undefined;
    child.once('message', (message) => {
      received = message as readonly Outcome[];
    });
    child.once('error', reject);
    child.once('close', () => (received ? resolve(received) : reject(new Error(`no outcomes:\n${text}`))));
    child.send({ file: handlerFile, invocations, standsStill });
    started(child);
  });
  return { outcomes, printed: readPrinted(text) };
}

describe('as the template deploys it', () => {
  /** The variables of a function that is deployed with these parameters, and what a test on loopback needs. */
  function variables(name: string, parameters: Readonly<Record<string, string>>) {
    const given = {
      State: 'none',
      Policy: 'sync',
      EventQueue: 'http://127.0.0.1:1/123456789012/events',
      ...parameters,
    };
    const properties = deployedResource(packaged.template, name, given);
    return { ...Object(properties?.['Environment']).Variables, ...UNPROBED };
  }

  test('first, nothing is changed, and the log says what would be; with Mode=apply it is', async () => {
    const fleet = newFleet();
    const { staleSets, service } = addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const started = fleet.run(service, { machine });
    const server = await serve(fleet.world);
    const before = fleet.zone.list();
    const run = (parameters: Readonly<Record<string, string>>) =>
      invoke(server, variables('ReconcileLambdaFunction', { ZoneId: fleet.zone.id, ...parameters }), [
        { event: SCHEDULER_EVENT, remainingMs: AMPLE },
      ]);
    const react = (parameters: Readonly<Record<string, string>>) => {
      const { taskArn, clusterArn, lastStatus, desiredStatus } = started.task;
      const event = queueEvent([taskEvent(taskArn, { clusterArn, lastStatus, desiredStatus })]);
      return invoke(server, variables('EventsLambdaFunction', { ZoneId: fleet.zone.id, ...parameters }), [
        { event, remainingMs: 60_000 },
      ]);
    };

    const [first, reacted] = [await run({}), await react({})];

    expect(fleet.zone.list()).toEqual(before);
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(first.outcomes).toMatchObject([{ kind: 'returned', result: { mode: 'plan' } }]);
    expect(withMessage(first.printed, 'run')).toMatchObject([{ mode: 'plan' }]);
    const planned = withMessage(first.printed, 'planned').map(({ recordSet }) => recordSet);
    expect(planned).toHaveLength(staleSets.length);
    expect(planned).toEqual(expect.arrayContaining([...staleSets]));
    expect(withMessage(first.printed, 'removing')).toEqual([]);
    expect(withMessage(reacted.printed, 'to register')).toMatchObject([{ status: 'planned' }]);

    const registered = await react({ Mode: 'apply' });
    const told = await run({ Mode: 'apply' });

    expect(withMessage(registered.printed, 'registered')).toHaveLength(1);
    expect(told.outcomes).toMatchObject([
      { kind: 'returned', result: { mode: 'apply', summary: { failed: 0 } } },
    ]);
    expect(withMessage(told.printed, 'removed')).toHaveLength(staleSets.length);
    const left = fleet.zone.list();
    expect(left).toEqual(expect.arrayContaining([...without(before, staleSets)]));
    for (const set of staleSets) expect(left).not.toContainEqual(set);
  });
});

describe('the packaged function, on the sample fleet', () => {
  test.each([
    { what: 'a rule', event: RULE_EVENT },
    { what: 'EventBridge Scheduler', event: SCHEDULER_EVENT },
  ])('started by $what: removes, and tells all of it', async ({ event }) => {
    const fleet = generateFleet({ block: OWN_BLOCK, now: Date.now() });
    await listen({ world: fleet.world, behaviours: new Map(fleet.behaviours) });
    const server = await serve(fleet.world);
    const going = fleet.planted.filter(
      ({ expected, heldBack }) => ['stale', 'unhealthy'].includes(expected) && heldBack === undefined,
    );

    const { outcomes, printed } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id, ...QUICK }, [
      { event, remainingMs: AMPLE },
    ]);

    expect(outcomes).toMatchObject([{ kind: 'returned', result: { summary: { removals: going.length } } }]);
    expect(await leftovers(server, fleet.zone.id)).toEqual([]);
    expect(undocumentedFields(printed)).toEqual([]);
    const removed = withMessage(printed, 'removed').map(({ recordSet }) => recordSet);
    expect(going.filter((entry) => !removed.some((set) => isSetOf(entry, set)))).toEqual([]);
    const names = printed.metrics.flatMap((line) => directiveOf(line).Metrics.map(({ Name }) => Name));
    const expected = (Object.keys(METRICS) as MetricName[]).map(metricTitle);
    expect([...new Set(names)].toSorted()).toEqual(expected.toSorted());
    expect(printed.metrics.map((line) => line['zone'])).toEqual(printed.metrics.map(() => fleet.zone.id));
  });

  /** What a second run would still remove. */
  async function leftovers(server: TestServer, zoneId: string) {
    const { printed } = await invoke(server, { ECS_DNS_ZONE: zoneId, ...QUICK }, [
      { event: { mode: 'plan' }, remainingMs: AMPLE },
    ]);
    return withMessage(printed, 'planned');
  }

  function isSetOf(entry: { name: string; type: string; setIdentifier?: string }, set: unknown): boolean {
    const { Name, Type, SetIdentifier } = set as { Name: string; Type: string; SetIdentifier?: string };
    return Name === entry.name && Type === entry.type && SetIdentifier === entry.setIdentifier;
  }
});

describe('the packaged function, when things are not as they should be', () => {
  test('time that runs out while endpoints hang: what was not probed stays, what is stale goes', async () => {
    const fleet = newFleet();
    const hanging = addService(fleet, '_hangs._tcp', { live: 24 });
    for (const member of hanging.live) fleet.behave(member, { kind: 'hang' });
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const before = fleet.zone.list();
    const asked = () =>
      hanging.live.filter(({ address, port }) => containers.connections(address, port) > 0).length;

    const { outcomes, printed } = await invoke(
      server,
      { ECS_DNS_ZONE: fleet.zone.id, ...ENDLESS },
      [{ event: SCHEDULER_EVENT, remainingMs: AMPLE }],
      {
        standsStill: true,
        started: (child) =>
          void expect
            .poll(asked)
            .toBe(CONCURRENCY)
            .then(() => child.send('wake')),
      },
    );

    expect(asked()).toBe(CONCURRENCY);
    expect(outcomes).toMatchObject([{ kind: 'returned', result: { summary: { applied: 3, failed: 0 } } }]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    const held = withMessage(printed, 'held back').filter(({ guardrail }) => guardrail === 'deadline');
    const heldIds = new Set(held.map(({ setIdentifier }) => setIdentifier));
    expect(hanging.liveSets.filter(({ SetIdentifier }) => !heldIds.has(SetIdentifier))).toEqual([]);
    expect(metricOf(printed, 'HeldBack', { guardrail: 'deadline' })).toBe(held.length);
  });

  test('a Route 53 that throttles: all is read and removed, and the throttling counted', async () => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const server = await serve(fleet.world);
    for (const operation of ['route53:ListResourceRecordSets', CHANGE]) {
      server.addFault({ operation, times: 2, effect: { kind: 'throttle' } });
    }
    const before = fleet.zone.list();

    const { outcomes, printed } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id, ...UNPROBED }, [
      { event: RULE_EVENT, remainingMs: AMPLE },
    ]);

    expect(outcomes).toMatchObject([{ kind: 'returned', result: { summary: { applied: 3 } } }]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    expect(metricOf(printed, 'AwsThrottled')).toBe(4);
    expect(metricOf(printed, 'AwsCalls', { operation: CHANGE })).toBe(3);
  });

  test('an ECS that cannot be read: the invocation fails, and nothing is removed', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:*', effect: { kind: 'error', code: 'AccessDeniedException' } });
    const before = fleet.zone.list();

    const { outcomes, printed } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id, ...UNPROBED }, [
      { event: SCHEDULER_EVENT, remainingMs: AMPLE },
    ]);

    expect(outcomes).toMatchObject([{ kind: 'thrown', errorType: 'InvocationError' }]);
    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed, 'run failed')).toMatchObject([{ level: 'ERROR', code: 'unreadable' }]);
  });

  test('an ECS that throttles without end: the run is given up before Lambda would end it', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:*', effect: { kind: 'throttle' } });
    const before = fleet.zone.list();

    const { outcomes } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id, ...UNPROBED }, [
      { event: SCHEDULER_EVENT, remainingMs: 1_000 },
    ]);

    expect(outcomes).toMatchObject([
      { kind: 'thrown', errorMessage: expect.stringContaining('was given up') },
    ]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('twice in one process: task definitions are kept, and nothing else', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 4, stale: 3 });
    const server = await serve(fleet.world);
    const twice = [1, 2].map(() => ({ event: SCHEDULER_EVENT, remainingMs: AMPLE }));

    const { outcomes, printed } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id, ...UNPROBED }, twice);

    expect(outcomes).toMatchObject([
      { kind: 'returned', result: { summary: { stale: 3, applied: 3 } } },
      { kind: 'returned', result: { summary: { stale: 0, applied: 0 } } },
    ]);
    const {
      'ecs:DescribeTaskDefinition': reads,
      'route53:ListResourceRecordSetProtections': protections,
      [CHANGE]: changes,
      ...everyTime
    } = server.counts();
    expect({ reads, protections, changes }).toEqual({ reads: 1, protections: 1, changes: 1 });
    const [first, second] = withMessage(printed, 'run');
    expect(first).toMatchObject({ cold_start: true });
    expect(second).toMatchObject({ cold_start: false });
    // Only the first run removes anything, and looks twice at what it leads to.
    const {
      'ecs:ListTasks': lists = 0,
      'ecs:DescribeContainerInstances': describes = 0,
      'ec2:DescribeInstances': instances = 0,
      'route53:GetHostedZone': zones = 0,
      'ec2:DescribeVpcs': networks = 0,
      ...others
    } = everyTime;
    expect(networks).toBe(1);
    const withoutConfirmation = {
      ...others,
      'ecs:ListTasks': lists - 2,
      'ecs:DescribeContainerInstances': describes - 1,
      'ec2:DescribeInstances': instances - 1,
      'route53:GetHostedZone': zones - 1,
    };
    expect(second?.['awsCalls']).toEqual(halved(withoutConfirmation));
  });

  test('by an event that starts no run: it says so, and asks AWS nothing', async () => {
    const fleet = newFleet();
    const server = await serve(fleet.world);

    const { outcomes } = await invoke(server, { ECS_DNS_ZONE: fleet.zone.id }, [
      { event: { key1: 'value1' }, remainingMs: AMPLE },
    ]);

    expect(outcomes).toMatchObject([
      { kind: 'thrown', errorMessage: expect.stringContaining('an object of ["key1"]') },
    ]);
    expect(server.log).toEqual([]);
  });
});

function halved(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([operation, count]) => [operation, count / 2]));
}
