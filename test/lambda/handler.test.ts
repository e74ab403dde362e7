import { describe, expect, test } from 'vitest';
import { createHandler } from '../../src/lambda/handler.ts';
import type { Clock } from '../../src/model/clock.ts';
import { addService, listen, newFleet, serve, without } from '../end-to-end/support.ts';
import {
  capture,
  contextWith,
  metricOf,
  movableClock,
  openHandler,
  PROBING_ENV,
  RULE_EVENT,
  SCHEDULER_EVENT,
  withMessage,
} from './support.ts';

const AMPLE = 300_000;
const CHANGE = 'route53:ChangeResourceRecordSets';
const PLANS = { ECS_DNS_MODE: 'plan', ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100' };
const LIFTED = { ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100' };

interface FleetOptions {
  readonly live?: number;
  readonly stale?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** Live and stale entries of one service, and the handler on them. */
async function openFleet(options: FleetOptions = {}) {
  const { live = 4, stale = 2, env = LIFTED, clock } = options;
  const fleet = newFleet();
  const { staleSets, liveSets } = addService(fleet, '_orders._tcp', { live, stale });
  const server = await serve(fleet.world);
  const handler = openHandler(server, fleet.zone.id, env, clock);
  return { fleet, server, handler, staleSets, liveSets, before: fleet.zone.list(), printed: capture() };
}

describe('a run that comes to its end', () => {
  test('planned by hand changes nothing, and says what would go', async () => {
    const { fleet, handler, staleSets, before, printed } = await openFleet();

    const result = await handler({ mode: 'plan' }, contextWith(AMPLE));

    expect(result).toMatchObject({ mode: 'plan', zone: { id: fleet.zone.id }, summary: { removals: 2 } });
    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'removed')).toEqual([]);
    expect(withMessage(printed(), 'planned')).toEqual(
      staleSets.map((recordSet) => expect.objectContaining({ level: 'INFO', recordSet, status: 'planned' })),
    );
  });

  test.each([
    { what: 'a rule', event: RULE_EVENT },
    { what: 'EventBridge Scheduler', event: SCHEDULER_EVENT },
    { what: 'hand', event: { mode: 'apply' } },
  ])('started by $what removes, with one record for each removal', async ({ event }) => {
    const { fleet, handler, staleSets, before, printed } = await openFleet();

    const result = await handler(event, contextWith(AMPLE));

    expect(result.summary).toMatchObject({ removals: 2, applied: 2, failed: 0 });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    expect(withMessage(printed(), 'removed')).toEqual(
      staleSets.map((recordSet) =>
        expect.objectContaining({
          level: 'INFO',
          zone: fleet.zone.id,
          recordSet,
          reasons: ['task-gone'],
          status: 'applied',
        }),
      ),
    );
  });

  test.each([
    { what: 'a rule', event: RULE_EVENT },
    { what: 'EventBridge Scheduler', event: SCHEDULER_EVENT },
  ])('started by $what in a function that only plans changes nothing, and says so', async ({ event }) => {
    const { fleet, handler, staleSets, before, printed } = await openFleet({ env: PLANS });

    const result = await handler(event, contextWith(AMPLE));

    expect(result).toMatchObject({ mode: 'plan', summary: { removals: 2, applied: 0 } });
    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'run')).toMatchObject([{ mode: 'plan' }]);
    expect(withMessage(printed(), 'planned')).toHaveLength(staleSets.length);
  });

  test('has the time that is left once the function is warm', async () => {
    const { fleet, server, printed } = await openFleet();
    const clock = movableClock();
    const start = clock.now();
    const settings = { ECS_DNS_ZONE: fleet.zone.id, ECS_DNS_HEALTH_ENABLED: 'false', ...LIFTED };
    let isCold = true;
    // Warming up reads the variables, and takes 200 seconds here.
    const env = new Proxy<Readonly<Record<string, string>>>(settings, {
      ownKeys: (target) => {
        if (isCold) clock.moveOn(200_000);
        isCold = false;
        return Reflect.ownKeys(target);
      },
    });
    const access = {
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
    };
    const remaining = () => AMPLE - (clock.now() - start);

    await createHandler({ env, access, clock })(RULE_EVENT, {
      ...contextWith(AMPLE),
      getRemainingTimeInMillis: remaining,
    });

    const [run] = withMessage(printed(), 'run');
    expect(isCold).toBe(false);
    expect(run?.['allowedMs']).toBeLessThanOrEqual(95_000);
  });

  test('writes one record of itself', async () => {
    const { fleet, server, handler, printed } = await openFleet();

    await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    const runs = withMessage(printed(), 'run');
    expect(runs).toEqual([
      expect.objectContaining({
        level: 'INFO',
        service: 'ecs-dns',
        function_name: 'ecs-dns-test-reconcile',
        function_request_id: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
        mode: 'apply',
        zone: fleet.zone.id,
        zoneName: 'servicediscovery.internal.',
        awsCalls: server.counts(),
        awsThrottled: 0,
        incomplete: [],
        notices: 0,
      }),
    ]);
  });

  test('with held-back entries is no failure', async () => {
    const { fleet, handler, before, printed } = await openFleet({ live: 4, stale: 8, env: {} });

    const { summary } = await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(summary).toMatchObject({ heldBack: 8, applied: 0 });
    expect(fleet.zone.list()).toEqual(before);
    const held = withMessage(printed(), 'held back');
    expect(held).toHaveLength(8);
    expect(held[0]).toMatchObject({ level: 'INFO', guardrail: 'removal-budget', verdict: 'stale' });
    expect(metricOf(printed(), 'HeldBack', { guardrail: 'removal-budget' })).toBe(8);
  });

  test('with a conflict is no failure either', async () => {
    const NEW = [{ Value: '1 1 20999 ip-127-60-0-1.ec2.internal' }];
    const { fleet, server, handler, staleSets, printed } = await openFleet();
    const [first] = staleSets;
    server.addFault({
      operation: CHANGE,
      times: 1,
      effect: { kind: 'before', before: () => first && fleet.zone.put({ ...first, ResourceRecords: NEW }) },
    });

    const { summary } = await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(summary).toMatchObject({ applied: 1, conflicts: 1, failed: 0 });
    expect(withMessage(printed(), 'not removed')).toEqual([
      expect.objectContaining({ level: 'WARN', recordSet: first, status: 'conflict' }),
    ]);
    expect(metricOf(printed(), 'Changes', { status: 'conflict' })).toBe(1);
  });

  test('has metrics in the namespace that the environment names', async () => {
    const { handler, printed } = await openFleet({
      env: { ...LIFTED, POWERTOOLS_METRICS_NAMESPACE: 'Platform/Dns' },
    });

    await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(printed().text).toContain('"Namespace":"Platform/Dns"');
    expect(printed().text).not.toContain('"Namespace":"EcsDns"');
  });

  test('never prints what the settings keep secret', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
    await listen(fleet);
    const server = await serve(fleet.world);
    const printed = capture();
    const handler = openHandler(server, fleet.zone.id, {
      ...PROBING_ENV,
      ECS_DNS_HEALTH_HEADERS: 'X-Token: open-sesame-1',
      ECS_DNS_HEALTH_BASIC_AUTH: 'health:open-sesame-2',
    });

    const { summary } = await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(summary).toMatchObject({ live: 2, applied: 1 });
    expect(printed().text).not.toContain('open-sesame');
  });
});

describe('an invocation that fails', () => {
  test('by an event that starts no run, without a single request', async () => {
    const { server, handler, printed } = await openFleet();

    await expect(handler({ key1: 'value1' }, contextWith(AMPLE))).rejects.toMatchObject({
      code: 'unknown-event',
    });

    expect(server.log).toEqual([]);
    expect(withMessage(printed(), 'run failed')).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        code: 'unknown-event',
        detail: expect.stringContaining('key1'),
      }),
    ]);
  });

  test('where a function that only plans is asked to apply, without a single request', async () => {
    const { server, handler, printed } = await openFleet({ env: PLANS });

    await expect(handler({ mode: 'apply' }, contextWith(AMPLE))).rejects.toMatchObject({
      code: 'only-plans',
    });

    expect(server.log).toEqual([]);
    expect(withMessage(printed(), 'run failed')).toMatchObject([
      { code: 'only-plans', detail: expect.stringContaining('ECS_DNS_MODE is plan') },
    ]);
  });

  test.each(['', 'Plan', 'true'])('by a mode that is none: %j', async (mode) => {
    const { server, handler } = await openFleet({ env: { ECS_DNS_MODE: mode } });

    await expect(handler(RULE_EVENT, contextWith(AMPLE))).rejects.toMatchObject({
      code: 'invalid-settings',
      message: `ECS_DNS_MODE: ${JSON.stringify(mode)} is not valid; use plan or apply`,
    });
    expect(server.log).toEqual([]);
  });

  test('by its settings, every time anew and without their values', async () => {
    const { server, handler, printed } = await openFleet({
      env: { ECS_DNS_HEALTH_BASIC_AUTH: 'open-sesame' },
    });

    for (const _ of [1, 2]) {
      await expect(handler(RULE_EVENT, contextWith(AMPLE))).rejects.toMatchObject({
        code: 'invalid-settings',
      });
    }

    expect(server.log).toEqual([]);
    expect(withMessage(printed(), 'run failed')).toHaveLength(2);
    expect(printed().text).toContain('ECS_DNS_HEALTH_BASIC_AUTH');
    expect(printed().text).not.toContain('open-sesame');
  });

  test('by a zone that is not there', async () => {
    const { server, printed } = await openFleet();

    const handler = openHandler(server, 'Z00000000000000GONE');
    await expect(handler(RULE_EVENT, contextWith(AMPLE))).rejects.toMatchObject({ code: 'zone-not-found' });

    expect(withMessage(printed(), 'run failed')[0]).toMatchObject({ code: 'zone-not-found' });
  });

  test('when ECS cannot be read, with its records and metrics, and nothing removed', async () => {
    const { fleet, server, handler, before, printed } = await openFleet();
    server.addFault({ operation: 'ecs:*', effect: { kind: 'error', code: 'AccessDeniedException' } });

    await expect(handler(RULE_EVENT, contextWith(AMPLE))).rejects.toMatchObject({
      name: 'InvocationError',
      code: 'unreadable',
      message: expect.stringContaining('ecs:ListClusters'),
    });

    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'run')[0]).toMatchObject({
      incomplete: [{ scope: 'clusters', operation: 'ecs:ListClusters' }],
    });
    expect(withMessage(printed(), 'run failed')[0]).toMatchObject({ code: 'unreadable' });
    expect(metricOf(printed(), 'IncompleteScopes')).toBe(1);
  });

  test('when a change failed, with a record for it', async () => {
    const { fleet, server, handler, before, staleSets, printed } = await openFleet();
    server.addFault({ operation: CHANGE, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    await expect(handler(RULE_EVENT, contextWith(AMPLE))).rejects.toMatchObject({ code: 'changes-failed' });

    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'not removed')).toEqual(
      staleSets.map((recordSet) =>
        expect.objectContaining({
          level: 'WARN',
          recordSet,
          status: 'failed',
          detail: expect.stringContaining('AccessDenied'),
        }),
      ),
    );
    expect(metricOf(printed(), 'Changes', { status: 'failed' })).toBe(2);
  });
});

describe('time that runs out', () => {
  test.each([
    { what: 'ECS hangs', effect: { kind: 'hang' } },
    { what: 'ECS throttles on and on, and the SDK sits it out', effect: { kind: 'throttle' } },
  ] as const)('while $what: the run is given up, and the next one is well', async ({ effect }) => {
    const { fleet, server, handler, before, staleSets, printed } = await openFleet();
    const takeBack = server.addFault({ operation: 'ecs:*', effect });

    await expect(handler(RULE_EVENT, contextWith(500))).rejects.toMatchObject({ code: 'out-of-time' });
    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'run failed')[0]).toMatchObject({ code: 'out-of-time' });

    takeBack();
    await handler(RULE_EVENT, contextWith(AMPLE));
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('before anything was sent: it stays planned, held back by the deadline', async () => {
    const clock = movableClock();
    const { fleet, server, handler, before, printed } = await openFleet({ clock });
    const when = () => {
      clock.moveOn(AMPLE);
      return true;
    };
    server.addFault({ operation: CHANGE, effect: { kind: 'throttle' }, when });

    const { summary } = await handler(RULE_EVENT, contextWith(AMPLE));

    expect(summary).toMatchObject({ applied: 0, failed: 0, heldBack: 2 });
    expect(fleet.zone.list()).toEqual(before);
    expect(withMessage(printed(), 'planned')).toHaveLength(2);
    expect(metricOf(printed(), 'HeldBack', { guardrail: 'deadline' })).toBe(2);
  });
});

describe('a warm process', () => {
  test('keeps the task definitions, and sees everything else anew', async () => {
    const { fleet, server, handler, staleSets, before, printed } = await openFleet();
    const reads = () => server.counts()['ecs:DescribeTaskDefinition'];

    await handler(SCHEDULER_EVENT, contextWith(AMPLE));
    expect(reads()).toBe(1);
    const more = addService(fleet, '_orders._tcp', { live: 0, stale: 1 });
    await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(reads()).toBe(1);
    expect(withMessage(printed(), 'removed').map(({ recordSet }) => recordSet)).toEqual([
      ...staleSets,
      ...more.staleSets,
    ]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    const [first, second] = withMessage(printed(), 'run');
    expect(first).toMatchObject({ awsCalls: { 'ecs:DescribeTaskDefinition': 1 } });
    expect(second?.['awsCalls']).not.toHaveProperty('ecs:DescribeTaskDefinition');
  });
});
