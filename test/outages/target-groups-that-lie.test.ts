import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { FleetBuilder, FleetService, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Service } from '../../src/sandbox/world/ecs-shapes.ts';
import { runHere } from '../cli/support.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  type TestWorker,
  UNWAITING_CLOCK,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

interface TargetState {
  state: string;
}

const SICK = { state: 'unhealthy', reason: 'Target.ResponseCodeMismatch' };
const WELL = { state: 'healthy' };
const TRUST: FlagValues = { '--health-trust-target-groups': 'true' };

function ecsServiceOf(fleet: FleetBuilder, { definition: { family } }: FleetService): Service {
  const services = [...fleet.world.cluster('blue').services.values()];
  const found = services.find(({ serviceName }) => serviceName === family);
  if (found === undefined) throw new TypeError(`there is no service ${family}`);
  return found;
}

/** Puts a service behind a target group that says of its members, one after the other, what it is told to. */
function balance(
  fleet: FleetBuilder,
  service: FleetService,
  members: readonly Member[],
  states: readonly { readonly state: string; readonly reason?: string }[],
): void {
  const { world } = fleet;
  const { targetGroupArn } = world.addTargetGroup(undefined);
  const place = { containerName: 'app', containerPort: 8080 };
  ecsServiceOf(fleet, service).loadBalancers.push({ targetGroupArn, ...place });
  const group = world.targetGroups.get(targetGroupArn);
  const instances = world.cluster('blue').containerInstances;
  const idOf = ({ task }: Member) => instances.get(task.containerInstanceArn ?? '')?.ec2InstanceId ?? '';
  group?.targets.push(
    ...members.map((member, i) => ({ id: idOf(member), port: member.port, ...(states[i] ?? WELL) })),
  );
}

/** Containers that answer, behind a target group that says otherwise of the first of them. */
async function contradicted(states: Parameters<typeof balance>[3], count = 4, status = 200) {
  const fleet = newFleet();
  const { live, service } = addService(fleet, '_orders._tcp', { live: count });
  balance(fleet, service, live, states);
  const [first] = live;
  if (first === undefined) throw new TypeError('too few containers');
  fleet.behave(first, { kind: 'status', status });
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  const apply = (flags: FlagValues) => openWorker(server, { ...PROBING, ...flags }).apply();
  const entryOf = ({ entries }: Report) =>
    entries.find(({ setIdentifier }) => setIdentifier?.endsWith(first.containerId));
  const asked = () => containers.connections(first.address, first.port);
  return { fleet, server, service, live, first, apply, entryOf, asked };
}

const callsOf = ({ awsCalls }: Report) => ({
  services: awsCalls['ecs:DescribeServices'] ?? 0,
  targets: awsCalls['elasticloadbalancing:DescribeTargetHealth'] ?? 0,
});

describe('a target group that calls unhealthy what answers', () => {
  test('changes nothing with the setting off, and is not asked', async () => {
    const { apply, entryOf, asked } = await contradicted([SICK]);

    const report = await apply({});

    expect(entryOf(report)).toMatchObject({ verdict: 'live', reason: 'healthy' });
    expect(entryOf(report)?.evidence).not.toHaveProperty('targets');
    expect(report.summary).toMatchObject({ live: 4, removals: 0 });
    expect(report.notices).toEqual([]);
    expect(callsOf(report)).toEqual({ services: 0, targets: 0 });
    expect(asked()).toBe(1);
  });

  test('is believed without a probe with trustTargetGroups, for two calls', async () => {
    const { apply, entryOf, asked } = await contradicted([SICK]);

    const report = await apply(TRUST);

    expect(entryOf(report)).toMatchObject({
      verdict: 'unhealthy',
      reason: 'target-unhealthy',
      evidence: { targetHealth: 'unhealthy', targets: expect.stringContaining(SICK.reason) },
    });
    expect(report.summary).toMatchObject({ live: 3, applied: 1 });
    expect(asked()).toBe(0);
    // One more of the services is for the grace period of what fails.
    expect(callsOf(report)).toEqual({ services: 2, targets: 1 });
  });

  test('costs a healthy fleet one call for ten services, and one for each target group', async () => {
    const { apply } = await contradicted([]);

    expect(callsOf(await apply(TRUST))).toEqual({ services: 1, targets: 1 });
  });

  test('is not asked for a service that no pattern has', async () => {
    const { apply, entryOf } = await contradicted([SICK]);

    const report = await apply({ '--health-trust-target-groups': 'carts,web-*' });

    expect(entryOf(report)).toMatchObject({ verdict: 'live', reason: 'healthy' });
    expect(callsOf(report)).toEqual({ services: 0, targets: 0 });
  });

  test('takes nothing once it says so of most: a wrong health path is no outage', async () => {
    const { apply, fleet } = await contradicted([SICK, SICK, SICK, SICK]);
    const before = fleet.zone.list();

    const { summary, heldBack } = await apply(TRUST);

    expect(summary).toMatchObject({ unhealthy: 4, removals: 0, heldBack: 4 });
    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['panic-threshold']));
    expect(fleet.zone.list()).toEqual(before);
  });

  test('does not take the last one of a name', async () => {
    const { apply } = await contradicted([SICK], 1);

    const { summary, heldBack } = await apply({ ...TRUST, '--guardrails-panic-percent': '100' });

    expect(summary).toMatchObject({ unhealthy: 1, removals: 0 });
    expect(heldBack).toMatchObject([{ reason: 'target-unhealthy', guardrail: 'min-endpoints' }]);
  });

  test('is believed of no container within the grace period of its service', async () => {
    const { apply, entryOf, fleet, service, first } = await contradicted([SICK]);
    Object.assign(ecsServiceOf(fleet, service), { healthCheckGracePeriodSeconds: 3600 });
    first.task.startedAt = Date.now() / 1000 - 600;

    const report = await apply(TRUST);

    expect(entryOf(report)).toMatchObject({
      verdict: 'unverified',
      reason: 'grace-period',
      evidence: { failure: 'target-unhealthy' },
    });
    expect(report.summary.removals).toBe(0);
  });

  test('has to say so in as many runs as a probe', async () => {
    const { apply, entryOf } = await contradicted([SICK]);
    const state = join(await temporaryDirectory(), 'state.json');
    const flags = { ...TRUST, '--state': state, '--health-unhealthy-threshold': '2' };

    const reports = [await apply(flags), await apply(flags)];

    expect(reports.map(entryOf)).toMatchObject([
      { reason: 'below-threshold', evidence: { failure: 'target-unhealthy', failingRuns: 1 } },
      { reason: 'target-unhealthy' },
    ]);
    expect(reports.map(({ summary }) => summary.applied)).toEqual([0, 1]);
  });

  test.each([
    ['it drains', { state: 'draining', reason: 'Target.DeregistrationInProgress' }],
    ['it drains and fails', { state: 'unhealthy.draining', reason: 'Target.DeregistrationInProgress' }],
    ['it is being registered', { state: 'initial', reason: 'Elb.RegistrationInProgress' }],
    ['it is not in use', { state: 'unused', reason: 'Target.NotInUse' }],
    ['health checks are off', { state: 'unavailable', reason: 'Target.HealthCheckDisabled' }],
    ['the balancer has trouble of its own', { state: 'unhealthy', reason: 'Elb.InternalError' }],
    ['it has a state that is not known', { state: 'hibernating', reason: 'Target.Timeout' }],
  ])('leaves it to the probe where %s', async (_, state) => {
    const { apply, entryOf, asked } = await contradicted([state]);

    const report = await apply(TRUST);

    expect(entryOf(report)).toMatchObject({ verdict: 'live', reason: 'healthy' });
    expect(entryOf(report)?.evidence).toMatchObject({ targets: expect.stringContaining(state.state) });
    expect(entryOf(report)?.evidence).not.toHaveProperty('targetHealth');
    expect([report.notices, asked()]).toEqual([[], 1]);
  });

  test('is contradicted by another target group: the probe decides, and a notice says so', async () => {
    const { apply, entryOf, fleet, service, live } = await contradicted([SICK]);
    balance(fleet, service, live, []);

    const report = await apply(TRUST);

    expect(entryOf(report)).toMatchObject({ verdict: 'live', evidence: { targetHealth: 'disputed' } });
    expect(report.notices.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^its target groups do not agree: tg-\w+ unhealthy \(.*\), tg-\w+ healthy$/),
    ]);
  });
});

test('a target group that calls healthy what fails does not save it, and a notice says so', async () => {
  const { apply, entryOf } = await contradicted([WELL], 4, 500);

  const report = await apply({ ...TRUST, '--health-attempts': '1' });

  expect(entryOf(report)).toMatchObject({ verdict: 'unhealthy', reason: 'http-status' });
  expect(report.notices.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^its target group says tg-\w+ healthy, but the probe ends with http-status$/),
  ]);
});

describe('what is about to go because its target group says so', () => {
  /** Applies with a question that stands for ten seconds, in which `meanwhile` happens. */
  async function answerLate(meanwhile: (server: TestServer, target: TargetState) => void) {
    const { fleet, server, entryOf, asked } = await contradicted([SICK]);
    const [group] = [...fleet.world.targetGroups.values()];
    const target = group?.targets[0];
    if (target === undefined) throw new TypeError('there is no target');
    let laterMs = 0;
    const clock: Clock = { ...UNWAITING_CLOCK, now: () => UNWAITING_CLOCK.now() + laterMs };
    const approve = async () => {
      meanwhile(server, target);
      laterMs = 10_000;
      return true;
    };
    const report = await openWorker(server, { ...PROBING, ...TRUST }, undefined, clock).apply({ approve });
    return { report, entry: entryOf(report), asked };
  }

  test('stays, where it has recovered while the question stood, and answers', async () => {
    const { report, entry, asked } = await answerLate((_, target) => {
      target.state = 'healthy';
    });

    expect(entry).toMatchObject({ verdict: 'live', reason: 'recovered' });
    expect(report.summary).toMatchObject({ unhealthy: 0, applied: 0 });
    expect(asked()).toBe(1);
  });

  test('stays, where its target group cannot be asked any more, and it answers', async () => {
    const { report, entry } = await answerLate((server) => {
      const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not you' } as const;
      server.addFault({ operation: 'elbv2:DescribeTargetHealth', effect });
    });

    expect(entry).toMatchObject({ verdict: 'live', reason: 'recovered' });
    expect(report.summary.applied).toBe(0);
  });

  test('goes, where its target group still says so', async () => {
    const { report, entry, asked } = await answerLate(() => {});

    expect(entry).toMatchObject({ verdict: 'unhealthy', reason: 'target-unhealthy' });
    expect(report.summary.applied).toBe(1);
    expect(callsOf(report).targets).toBe(2);
    expect(asked()).toBe(0);
  });
});

describe('target groups that cannot be asked', () => {
  test.each([
    ['elbv2:DescribeTargetHealth', 'AccessDenied', 'elasticloadbalancing:DescribeTargetHealth'],
    ['ecs:DescribeServices', 'AccessDeniedException', 'ecs:DescribeServices'],
  ])('take nothing and hold nothing: %s is denied', async (operation, code, told) => {
    const { apply, entryOf, server, fleet } = await contradicted([SICK]);
    server.addFault({ operation, effect: { kind: 'error', code, status: 403, message: 'not you' } });
    const before = fleet.zone.list();

    const report = await apply(TRUST);

    expect(entryOf(report)).toMatchObject({ verdict: 'live', reason: 'healthy' });
    expect(report.incomplete).toMatchObject([{ operation: told, error: `${code}: not you` }]);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('explain', () => {
  const explain = async (url: string, ...flags: readonly string[]) => {
    const args = ['explain', '_orders._tcp', '--zone', ZONE_NAME, '--health-allow', '127.0.0.0/8', ...flags];
    return runHere(args, url);
  };

  test('asks whether they are believed or not, of the entries that are meant', async () => {
    const { server, fleet } = await contradicted([SICK]);
    const other = addService(fleet, '_carts._tcp', { live: 1 });
    balance(fleet, other.service, other.live, [SICK]);

    const { code, stdout } = await explain(server.url);

    expect(code).toBe(0);
    expect(stdout).toMatch(/Target group +tg-\w+ unhealthy \(Target.ResponseCodeMismatch\)/);
    expect(stdout).toMatch(
      /! _orders\S+ .*: its target group says tg-\w+ unhealthy \(.*\), but the probe finds/,
    );
    expect(server.log.filter(({ operation }) => operation === 'elbv2:DescribeTargetHealth')).toHaveLength(1);
  });

  test('says what it could not ask', async () => {
    const { server } = await contradicted([SICK]);
    const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not you' } as const;
    server.addFault({ operation: 'elbv2:DescribeTargetHealth', effect });

    const { code, stdout } = await explain(server.url);

    expect(code).toBe(0);
    expect(stdout).toContain('elasticloadbalancing:DescribeTargetHealth: AccessDenied: not you');
  });
});

test.each([
  [SICK, 0],
  [WELL, 1],
])(
  'what runs and has no record: %j registers %i of it, by runs and by events alike',
  async (state, count) => {
    const run = async (work: (worker: TestWorker, scope: Scope) => Promise<unknown>) => {
      const fleet = newFleet();
      const { service } = addService(fleet, '_orders._tcp', { live: 3 });
      const machine = fleet.machine(fleet.world.cluster('blue'), 0);
      const missing = fleet.run(service, { machine });
      balance(fleet, service, [missing], [state]);
      const containers = await listen(fleet);
      const server = await serve(fleet.world);
      const worker = openWorker(server, { ...PROBING, ...TRUST, '--policy': 'sync' });
      const { taskArn } = missing.task;
      await work(worker, { kind: 'task', cluster: service.cluster.arn, taskArn });
      const isThere = fleet.zone
        .list()
        .some(({ SetIdentifier = '' }) => SetIdentifier.endsWith(missing.containerId));
      await containers.close();
      return isThere ? 1 : 0;
    };

    const found = [
      await run((worker) => worker.apply()),
      await run((worker, scope) => worker.runScopes([scope])),
    ];

    expect(found).toEqual([count, count]);
  },
);
