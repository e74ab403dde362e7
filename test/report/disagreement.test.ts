import { describe, expect, it } from 'vitest';
import type { Evidence, Judgement } from '../../src/model/verdict.ts';
import { disagreement } from '../../src/report/disagreement.ts';

const ASKED = { attempts: 1 };
const ECS_SICK = { ecsHealth: 'UNHEALTHY' };
const ECS_WELL = { ecsHealth: 'HEALTHY' };
const GROUP_SICK = { targetHealth: 'unhealthy', targets: 'web unhealthy (Target.Timeout)' };
const GROUP_WELL = { targetHealth: 'healthy', targets: 'web healthy' };

function judgement(verdict: string, reason: string, evidence: Evidence): Judgement {
  const recordSet = { Name: '_web._tcp.zone.', Type: 'SRV' };
  const entry = { recordSet, name: '_web._tcp.zone', type: 'SRV', setIdentifier: 'a', value: '1 1 80 host' };
  return { verdict, reason, entry, evidence } as Judgement;
}

describe('what the checks of a container do not agree about', () => {
  it.each<[verdict: string, reason: string, evidence: Evidence, detail: string | undefined]>([
    ['live', 'healthy', ASKED, undefined],
    ['live', 'healthy', { ...ASKED, ...ECS_WELL, ...GROUP_WELL }, undefined],
    [
      'live',
      'healthy',
      { ...ASKED, ...ECS_SICK },
      'ECS calls the container UNHEALTHY, but the probe finds it healthy',
    ],
    [
      'live',
      'recovered',
      { ...ASKED, ...GROUP_SICK },
      'its target group says web unhealthy (Target.Timeout), but the probe finds it healthy',
    ],
    [
      'live',
      'healthy',
      { ...ASKED, ...ECS_SICK, ...GROUP_SICK },
      'ECS calls the container UNHEALTHY and its target group says web unhealthy (Target.Timeout), but the probe finds it healthy',
    ],
    [
      'live',
      'healthy',
      { ...ASKED, ...ECS_WELL, ...GROUP_SICK },
      'its target group says web unhealthy (Target.Timeout), but the probe finds it healthy',
    ],
    [
      'unhealthy',
      'timeout',
      { ...ASKED, ...GROUP_WELL },
      'its target group says web healthy, but the probe ends with timeout',
    ],
    [
      'unverified',
      'grace-period',
      { ...ASKED, ...GROUP_WELL, failure: 'timeout' },
      'its target group says web healthy, but the probe ends with timeout',
    ],
    ['unverified', 'checker-error', { ...ASKED, ...GROUP_WELL }, undefined],
    [
      'unverified',
      'checker-error',
      { ...ASKED, ...ECS_WELL, ...GROUP_SICK },
      'ECS calls the container HEALTHY, but its target group says web unhealthy (Target.Timeout)',
    ],
    ['unhealthy', 'target-unhealthy', GROUP_SICK, undefined],
    [
      'unhealthy',
      'target-unhealthy',
      { ...GROUP_SICK, ...ECS_WELL },
      'ECS calls the container HEALTHY, but its target group says web unhealthy (Target.Timeout)',
    ],
    ['live', 'healthy', { ...ASKED, targets: 'web initial' }, undefined],
    [
      'live',
      'healthy',
      { ...ASKED, targetHealth: 'disputed', targets: 'a healthy, b unhealthy (Target.Timeout)' },
      'its target groups do not agree: a healthy, b unhealthy (Target.Timeout)',
    ],
  ])('%s, %s, %j', (verdict, reason, evidence, detail) => {
    expect(disagreement(judgement(verdict, reason, evidence))?.detail).toBe(detail);
  });

  it('is said of the entry', () => {
    expect(disagreement(judgement('live', 'healthy', { ...ASKED, ...ECS_SICK }))?.subject).toBe(
      '_web._tcp.zone. 1 1 80 host',
    );
  });
});
