import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { configFolder, linesOf, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const ZONE = { ECS_DNS_ZONE: 'example.com' };
const STOP = { ECS_DNS_STOP_UNHEALTHY_TASKS: 'true' };
const NO_CHECKS = { ECS_DNS_HEALTH_ENABLED: 'false' };
const PROBLEM =
  'needs health.enabled, health.trustEcs or health.trustTargetGroups, which are all off; set one of them to true, or stopUnhealthyTasks to false';

describe('stopping unhealthy tasks needs something that finds them', () => {
  it.each<[where: string, value: unknown, env: object, flags: FlagValues, line: string]>([
    ['in a file', true, NO_CHECKS, {}, 'FILE: stopUnhealthyTasks: true'],
    ['in a file, for some', ['batch-*'], NO_CHECKS, {}, 'FILE: stopUnhealthyTasks: ["batch-*"]'],
    ['in a variable', false, { ...STOP, ...NO_CHECKS }, {}, 'ECS_DNS_STOP_UNHEALTHY_TASKS: true'],
    [
      'as a flag',
      false,
      NO_CHECKS,
      { '--stop-unhealthy-tasks': ['a,b'] },
      '--stop-unhealthy-tasks: ["a","b"]',
    ],
    [
      'checks turned off by a flag',
      true,
      {},
      { '--health-enabled': false },
      'FILE: stopUnhealthyTasks: true',
    ],
  ])('%s', (_, value, env, flags, line) => {
    const file = files.writeValues({ stopUnhealthyTasks: value });
    expect(linesOf({ file, env: { ...env }, flags })).toEqual([`${line} ${PROBLEM}`]);
  });

  it.each([
    ['probes', { stopUnhealthyTasks: true }],
    [
      'target groups alone',
      { stopUnhealthyTasks: true, health: { enabled: false, trustTargetGroups: ['web-*'] } },
    ],
    ["ECS's own checks alone", { stopUnhealthyTasks: true, health: { enabled: false, trustEcs: true } }],
    ['nothing is stopped', { stopUnhealthyTasks: false, health: { enabled: false } }],
    ['nobody speaks of it', { health: { enabled: false } }],
  ])('fine: %s', (_, values) => {
    expect(linesOf({ file: files.writeValues(values), env: {} })).toEqual([]);
  });

  it('is not asked of a value that is not valid', () => {
    const env = { ...ZONE, ...NO_CHECKS, ECS_DNS_STOP_UNHEALTHY_TASKS: 'a b' };
    expect(linesOf({ env })).toEqual([
      'ECS_DNS_STOP_UNHEALTHY_TASKS: "a b" is not valid; write true, false, or name patterns such as orders or web-*',
    ]);
  });

  it('is not asked beside a file that could not be read and may turn the checks on', () => {
    expect(linesOf({ file: join(files.folder, 'none.yml'), env: { ...STOP, ...NO_CHECKS } })).toEqual([
      "FILE: can't be read (no such file); name a readable file with --config",
    ]);
  });
});

it('what counts under sync alone may stand beside prune, which a flag may have chosen', () => {
  const file = files.writeValues({
    policy: 'sync',
    records: { ttl: '60s', services: [{ match: '*', weight: 2 }] },
    addresses: 'public',
    cname: true,
    correct: true,
  });
  expect(load({ file, flags: { '--policy': 'prune' } })).toMatchObject({ policy: 'prune', cname: true });
});
