import { describe, expect, test } from 'vitest';
import type { FaultRule } from '../sandbox/faults.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

const DESCRIBE = 'ecs:DescribeServices';
const MINUTE = 60;

/** A name with four old containers and one that refuses connections and has started `age` seconds ago. */
async function fleetWithYoung(age: number) {
  const fleet = newFleet();
  const { service } = addService(fleet, '_orders._tcp', { live: 4 });
  const machine = fleet.machine(service.cluster, 0);
  const young = fleet.runAndRegister(
    service,
    { machine, startedAt: Date.now() / 1000 - age },
    { expected: 'unhealthy', reason: 'connection-refused' },
  );
  fleet.behave(young, { kind: 'refuse' });
  await listen(fleet);
  const server = await serve(fleet.world);
  return { fleet, server, before: fleet.zone.list() };
}

/** What ECS says of the service that started the container. */
function withGrace(seconds: number | undefined): FaultRule {
  return {
    operation: DESCRIBE,
    effect: {
      kind: 'transform',
      transform: (output) => ({
        ...output,
        services: [output['services']].flat().map((service) => ({
          ...(service as object),
          ...(seconds === undefined ? {} : { healthCheckGracePeriodSeconds: seconds }),
        })),
      }),
    },
  };
}

describe('the health check grace period of an ECS service', () => {
  test.each([
    { age: 4 * MINUTE, grace: 5 * MINUTE, stays: true },
    { age: 6 * MINUTE, grace: 5 * MINUTE, stays: false },
    { age: 4 * MINUTE, grace: undefined, stays: false },
    { age: 4 * MINUTE, grace: 0, stays: false },
    { age: 30, grace: 10, stays: true },
  ])('of $grace s: a container that is $age s old stays: $stays', async ({ age, grace, stays }) => {
    const { fleet, server, before } = await fleetWithYoung(age);
    server.addFault(withGrace(grace));

    const { summary, heldBack } = await openWorker(server, PROBING).apply();

    expect(summary).toMatchObject({ live: 4, applied: stays ? 0 : 1 });
    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(stays ? ['grace-period'] : []);
    expect(fleet.zone.list()).toHaveLength(before.length - (stays ? 0 : 1));
  });

  test.each([
    { age: 59 * MINUTE, stays: true },
    { age: 61 * MINUTE, stays: false },
  ])('that cannot be read counts as an hour: $age s old stays: $stays', async ({ age, stays }) => {
    const { fleet, server, before } = await fleetWithYoung(age);
    server.addFault({ operation: DESCRIBE, effect: { kind: 'error', code: 'AccessDeniedException' } });

    const { summary, incomplete } = await openWorker(server, PROBING).apply();

    expect(incomplete).toMatchObject([{ scope: 'services/blue/orders', operation: DESCRIBE }]);
    expect(summary).toMatchObject({ live: 4, applied: stays ? 0 : 1 });
    expect(fleet.zone.list()).toHaveLength(before.length - (stays ? 0 : 1));
  });

  test('is not asked for when nothing fails', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 4 });
    await listen(fleet);
    const server = await serve(fleet.world);

    await openWorker(server, PROBING).apply();

    expect(server.counts()).not.toHaveProperty(DESCRIBE);
  });

  test('is asked for ten services at a time, and only for those that fail', async () => {
    const fleet = newFleet();
    for (let n = 0; n < 30; n++) {
      const { live } = addService(fleet, `_s${n}._tcp`, { live: 2 });
      for (const member of n < 12 ? live.slice(0, 1) : []) fleet.behave(member, { kind: 'refuse' });
    }
    await listen(fleet);
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server, PROBING).plan();

    expect(server.counts()).toMatchObject({ [DESCRIBE]: 2 });
    expect(summary).toMatchObject({ live: 48, unhealthy: 12 });
  });
});
