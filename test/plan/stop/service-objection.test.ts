import { expect, test } from 'vitest';
import type { ServiceState } from '../../../src/model/task-stop.ts';
import { serviceObjection } from '../../../src/plan/stop/service-objection.ts';

const FINE: ServiceState = { status: 'ACTIVE', runningCount: 3, desiredCount: 2, isDeploying: false };

test.each<[string, ServiceState | undefined, number, string | undefined]>([
  ['runs more than are stopped', FINE, 2, undefined],
  ['runs just as many', FINE, 3, 'its service runs 3, and the last one is never stopped'],
  ['runs one', { ...FINE, runningCount: 1 }, 1, 'its service runs 1, and the last one is never stopped'],
  ['is being deployed', { ...FINE, isDeploying: true }, 1, 'a deployment of its service is in progress'],
  ['is on its way out', { ...FINE, status: 'DRAINING' }, 1, 'its service is DRAINING, not ACTIVE'],
  ['has no status', { ...FINE, status: undefined }, 1, 'its service is in no known state, not ACTIVE'],
  ['is not described', undefined, 1, 'ECS does not describe its service'],
])('a service that %s', (_, state, stopping, objection) => {
  expect(serviceObjection(state, stopping)).toBe(objection);
});
