import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Clock } from '../../src/model/clock.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, UNWAITING_CLOCK } from './support.ts';

/** Four containers that answer, of which ECS finds one unhealthy; and what the worker makes of that one. */
async function contradicted(
  flags: FlagValues,
  options: { readonly essential?: boolean; readonly ageSeconds?: number } = {},
) {
  const fleet = newFleet();
  const { live, service } = addService(fleet, '_orders._tcp', { live: 4 });
  const [member] = live;
  const [container] = member?.task.containers ?? [];
  const [defined] = service.definition.containerDefinitions;
  if (member === undefined || container === undefined || defined === undefined) {
    throw new TypeError('too few containers');
  }
  container.healthStatus = 'UNHEALTHY';
  defined.essential = options.essential ?? true;
  if (options.ageSeconds !== undefined) member.task.startedAt = Date.now() / 1000 - options.ageSeconds;
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  const report = await openWorker(server, { ...PROBING, ...flags }).apply();
  return {
    report,
    entry: report.entries.find(({ setIdentifier }) => setIdentifier?.endsWith(member.containerId)),
    asked: containers.connections(member.address, member.port),
  };
}

describe("ECS's own health check", () => {
  test('that contradicts the probe is a notice, and no more', async () => {
    const { report, entry, asked } = await contradicted({});

    expect(entry).toMatchObject({ verdict: 'live', reason: 'healthy', evidence: { ecsHealth: 'UNHEALTHY' } });
    expect(report.notices).toEqual([
      {
        subject: expect.stringContaining('_orders._tcp'),
        detail: 'ECS calls the container UNHEALTHY, but the probe finds it healthy',
      },
    ]);
    expect(report.summary).toMatchObject({ live: 4, removals: 0 });
    expect(asked).toBe(1);
  });

  test('is believed without a probe with trustEcs', async () => {
    const { report, entry, asked } = await contradicted({ '--health-trust-ecs': true });

    expect(entry).toMatchObject({ verdict: 'unhealthy', reason: 'ecs-unhealthy' });
    expect(report.summary).toMatchObject({ live: 3, applied: 1 });
    expect(report.notices).toEqual([]);
    expect(asked).toBe(0);
  });

  test('is not believed of a container whose task would go on without it', async () => {
    const { report, entry, asked } = await contradicted({ '--health-trust-ecs': true }, { essential: false });

    expect(entry).toMatchObject({ verdict: 'live', reason: 'healthy' });
    expect(report.summary).toMatchObject({ removals: 0 });
    expect(asked).toBe(1);
  });

  test('is believed of no container in its grace period', async () => {
    const { report, entry } = await contradicted({ '--health-trust-ecs': true }, { ageSeconds: 5 });

    expect(entry).toMatchObject({
      verdict: 'unverified',
      reason: 'grace-period',
      evidence: { failure: 'ecs-unhealthy' },
    });
    expect(report.summary).toMatchObject({ removals: 0 });
  });

  test('that calls a failing container HEALTHY is a notice with the failure', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 4 });
    const [member] = live;
    if (member === undefined) throw new TypeError('too few containers');
    for (const { task } of live) for (const container of task.containers) container.healthStatus = 'HEALTHY';
    fleet.behave(member, { kind: 'status', status: 500 });
    await listen(fleet);
    const server = await serve(fleet.world);

    const { notices, summary } = await openWorker(server, PROBING).apply();

    expect(notices).toEqual([
      {
        subject: expect.stringContaining(member.host),
        detail: 'ECS calls the container HEALTHY, but the probe ends with http-status',
      },
    ]);
    expect(summary).toMatchObject({ live: 3, applied: 1 });
  });
});

/** Four containers that answer, of which ECS finds one unhealthy, and a question that stands for so long. */
async function condemned(
  flags: FlagValues,
  waitMs: number,
  meanwhile: (
    container: { healthStatus: string },
    server: Awaited<ReturnType<typeof serve>>,
  ) => void = () => {},
) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 4 });
  const [container] = live[0]?.task.containers ?? [];
  if (container === undefined) throw new TypeError('too few containers');
  for (const { task } of live) for (const one of task.containers) one.healthStatus = 'HEALTHY';
  container.healthStatus = 'UNHEALTHY';
  await listen(fleet);
  const server = await serve(fleet.world);
  let laterMs = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => UNWAITING_CLOCK.now() + laterMs };
  const isDescribing = ({ operation }: { readonly operation: string }) => operation === 'ecs:DescribeTasks';
  let before = 0;
  const approve = async () => {
    meanwhile(container, server);
    laterMs = waitMs;
    before = server.log.filter(isDescribing).length;
    return true;
  };
  const report = await openWorker(server, { ...PROBING, ...flags }, undefined, clock).apply({ approve });
  return {
    summary: report.summary,
    reasons: report.entries.flatMap(({ reason }) => (reason === 'apex' ? [] : [reason])).toSorted(),
    asked: server.log.filter(isDescribing).length - before,
  };
}

describe('what ECS has condemned', () => {
  const TRUSTED = { '--health-trust-ecs': true } as const;
  const BY_ECS = { '--health-kind': 'ecs' } as const;
  const recovers = (container: { healthStatus: string }) => {
    container.healthStatus = 'HEALTHY';
  };

  test.each([
    ['and is not probed, stays', BY_ECS, ['healthy', 'healthy', 'healthy', 'healthy']],
    [
      'and would be probed otherwise, is probed and stays',
      TRUSTED,
      ['healthy', 'healthy', 'healthy', 'recovered'],
    ],
  ])('and finds healthy while the question stands, %s', async (_, flags, reasons) => {
    const told = await condemned(flags, 10_000, recovers);
    expect(told).toMatchObject({ summary: { live: 4, applied: 0 }, reasons, asked: 1 });
  });

  test.each([TRUSTED, BY_ECS])('and condemns still, goes: %j', async (flags) => {
    const told = await condemned(flags, 10_000);
    expect(told).toMatchObject({ summary: { live: 3, applied: 1 }, asked: 1 });
  });

  test('stays, where ECS cannot be asked any more', async () => {
    const told = await condemned(BY_ECS, 10_000, (_, server) => {
      const effect = { kind: 'error', code: 'AccessDeniedException', message: 'no', status: 400 } as const;
      server.addFault({ operation: 'ecs:DescribeTasks', effect });
    });
    expect(told).toMatchObject({ summary: { live: 3, unverified: 1, applied: 0 } });
  });

  test('goes without another call where ECS was asked just now', async () => {
    expect(await condemned(BY_ECS, 0)).toMatchObject({ summary: { live: 3, applied: 1 }, asked: 0 });
  });
});
