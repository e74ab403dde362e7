import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

/** Four containers that answer, of which ECS finds one unhealthy; and what the worker makes of that one. */
async function contradicted(
  flags: FlagValues,
  options: { readonly essential?: boolean; readonly ageSeconds?: number } = {},
) {
  const fleet = newFleet({ block: 92 });
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
    const fleet = newFleet({ block: 92 });
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
