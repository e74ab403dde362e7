import { describe, expect, it } from 'vitest';
import { type TargetHealth, targetHealthOf, targetWords } from '../../src/model/target-health.ts';

/** A state that a target group tells, as `state reason`. */
const told = (text: string) => {
  const [state = '', reason] = text.split(' ');
  return { group: 'web', state, reason };
};

describe('what target groups come to', () => {
  it.each<[states: readonly string[], health: TargetHealth | undefined]>([
    [[], undefined],
    [['healthy'], 'healthy'],
    [['unhealthy Target.Timeout'], 'unhealthy'],
    [['unhealthy Target.FailedHealthChecks'], 'unhealthy'],
    [['unhealthy Target.ResponseCodeMismatch'], 'unhealthy'],
    [['unhealthy'], undefined],
    [['unhealthy Elb.InternalError'], undefined],
    [['unhealthy Target.NotInUse'], undefined],
    [['unhealthy Target.InvalidState'], undefined],
    [['unhealthy Target.OfTheFuture'], undefined],
    [['unhealthy.draining Target.DeregistrationInProgress'], undefined],
    [['unhealthy.draining Target.Timeout'], undefined],
    [['initial Elb.RegistrationInProgress'], undefined],
    [['initial Elb.InitialHealthChecking'], undefined],
    [['unused Target.NotInUse'], undefined],
    [['draining Target.DeregistrationInProgress'], undefined],
    [['unavailable Elb.InternalError'], undefined],
    [['unavailable Target.HealthCheckDisabled'], undefined],
    [['of-the-future Target.Timeout'], undefined],
    [[''], undefined],
    [['healthy', 'unhealthy Target.Timeout'], 'disputed'],
    [['unhealthy Target.Timeout', 'draining'], 'unhealthy'],
    [['initial', 'healthy'], 'healthy'],
  ])('%j: %s', (states, health) => {
    expect(targetHealthOf(states.map(told))).toBe(health);
  });

  it('is told in words', () => {
    expect(targetWords([told('healthy'), told('unhealthy Target.Timeout')])).toBe(
      'web healthy, web unhealthy (Target.Timeout)',
    );
  });
});
