import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import { countRunning, leftOf, missingTasks, unexplained } from '../../src/model/running-tasks.ts';
import type { ServiceState } from '../../src/model/task-stop.ts';
import { BLUE, GREEN } from '../clusters.ts';
import { container, inventory } from '../plan/support.ts';

const API = `${BLUE.arn} api`;
const WEB = `${GREEN.arn} web`;
const ALL = inventory([]);

describe('the tasks of services that run', () => {
  const of = (containers: Inventory['containers'], over: Partial<Inventory> = {}) =>
    countRunning(inventory([], { containers, ...over }));

  it('count once each, and neither those that start or stop nor those of no service', () => {
    const api = { ecsService: 'api' };
    const containers = [
      container(1, api),
      container(1, { ...api, id: 'sidecar' }),
      container(2, api),
      container(3, { ...api, phase: 'stopping' }),
      container(4, { ...api, phase: 'starting' }),
      container(5),
    ];
    expect(of(containers)).toEqual(new Map([[API, 2]]));
  });

  it.each<[Inventory['incomplete'][number]['hides'], boolean]>([
    ['endpoints', false],
    ['service-names', true],
  ])('are known where %s could not be read: %s', (hides, isKnown) => {
    const incomplete = [{ scope: 'x', operation: 'ecs:ListTasks', error: 'no', hides }];
    expect(of([], { incomplete })).toEqual(isKnown ? new Map() : undefined);
  });
});

describe('missing tasks', () => {
  const ran = (api: number, web = 0) =>
    new Map([
      [API, api],
      [WEB, web],
    ]);

  it.each<[string, number, number]>([
    ['85 of 100 are enough', 100, 85],
    ['more than before are', 100, 120],
    ['of nine tasks none are too few', 9, 0],
  ])('%s', (_, then, now) => {
    expect(missingTasks(ran(then), new Map([[API, now]]), ALL)).toBeUndefined();
  });

  it('are those of services that have fewer than before, if fewer than 85 % are left in all', () => {
    const missing = missingTasks(
      ran(90, 10),
      new Map([
        [API, 74],
        [WEB, 30],
      ]),
      ALL,
    );
    expect(missing).toEqual({ before: 100, services: new Map([[API, { missing: 16, running: 74 }]]) });
    expect(missing && leftOf(missing)).toBe(84);
  });

  it('are not known without a run before, or a whole reading', () => {
    expect(missingTasks(undefined, new Map(), ALL)).toBeUndefined();
    expect(missingTasks(ran(100), undefined, ALL)).toBeUndefined();
  });

  it('are none of a cluster that is no longer configured; but of one that is no longer listed', () => {
    const clusters = [{ ...BLUE, complete: true }];
    const now = new Map([[API, 50]]);
    const configured = inventory([], { clusters, coverage: 'configured-clusters' });
    expect(missingTasks(ran(50, 50), now, configured)).toBeUndefined();
    expect(missingTasks(ran(50, 50), now, inventory([], { clusters }))?.services).toEqual(
      new Map([[WEB, { missing: 50, running: 0 }]]),
    );
  });
});

describe('what ECS explains', () => {
  const missing = { before: 100, services: new Map([[API, { missing: 40, running: 10 }]]) };
  const state = (over: Partial<ServiceState>): ServiceState => ({
    status: 'ACTIVE',
    runningCount: 50,
    desiredCount: 50,
    isDeploying: false,
    ...over,
  });

  it.each<[string, ServiceState | undefined, boolean]>([
    ['it counts more, and wants more', state({}), false],
    ['it could not be asked', undefined, false],
    ['it counts no more', state({ runningCount: 10 }), true],
    ['it wants no more', state({ desiredCount: 10 }), true],
    ['it is exchanging them', state({ isDeploying: true }), true],
  ])('%s: %s', (_, told, isExplained) => {
    const states = new Map(told === undefined ? [] : [[API, told]]);
    expect(unexplained(missing, states)).toEqual(isExplained ? undefined : missing);
  });
});
