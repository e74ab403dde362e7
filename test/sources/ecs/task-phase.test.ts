import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/model/inventory.ts';
import { phaseOf } from '../../../src/sources/ecs/task-phase.ts';

describe('phaseOf', () => {
  it.each<[string, string | undefined, string | undefined, Phase]>([
    ['DEPROVISIONING', 'RUNNING', 'RUNNING', 'stopped'],
    ['STOPPED', 'STOPPED', 'STOPPED', 'stopped'],
    ['DELETED', 'STOPPED', 'STOPPED', 'stopped'],
    ['RUNNING', 'RUNNING', 'STOPPED', 'stopped'],
    ['STOPPING', 'STOPPED', 'STOPPED', 'stopped'],
    ['PENDING', 'RUNNING', 'STOPPED', 'stopped'],
    ['DEACTIVATING', 'RUNNING', 'RUNNING', 'stopping'],
    ['STOPPING', 'RUNNING', 'RUNNING', 'stopping'],
    ['RUNNING', 'STOPPED', 'RUNNING', 'stopping'],
    ['PENDING', 'STOPPED', 'PENDING', 'stopping'],
    ['PROVISIONING', 'RUNNING', undefined, 'starting'],
    ['PENDING', 'RUNNING', 'PENDING', 'starting'],
    ['ACTIVATING', 'RUNNING', 'RUNNING', 'starting'],
    ['RUNNING', 'RUNNING', 'PENDING', 'starting'],
    ['RUNNING', 'RUNNING', 'RUNNING', 'running'],
    ['RUNNING', 'RUNNING', undefined, 'running'],
    ['SOMETHING_NEW', 'RUNNING', 'RUNNING', 'running'],
  ])('task %s (desired %s), container %s: %s', (lastStatus, desiredStatus, containerStatus, phase) => {
    expect(phaseOf({ lastStatus, desiredStatus }, containerStatus)).toBe(phase);
  });

  it('takes a task without any state as running, so that nothing is removed for it', () => {
    expect(phaseOf({}, undefined)).toBe('running');
  });
});
