import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configFolder, linesOf, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const ZONE = { ECS_DNS_ZONE: 'example.com' };
const STATE = { ECS_DNS_STATE: 'state.json' };
const FAULT = 'needs state, which is not set';
const REMEDY =
  'set --state, ECS_DNS_STATE or state in a config file to the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY, or';

describe('a threshold of more than one run', () => {
  it.each([
    ['unhealthyThreshold', 'ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD', '--health-unhealthy-threshold'],
    ['healthyThreshold', 'ECS_DNS_HEALTH_HEALTHY_THRESHOLD', '--health-healthy-threshold'],
  ])('needs a state store: %s', (key, variable, flag) => {
    const file = files.writeValues({ health: { [key]: 3 } });
    const remedy = `${REMEDY} health.${key} to 1`;
    expect(linesOf({ file, env: {} })).toEqual([`FILE: health.${key}: 3 ${FAULT}; ${remedy}`]);
    expect(linesOf({ env: { ...ZONE, [variable]: '3' } })).toEqual([`${variable}: 3 ${FAULT}; ${remedy}`]);
    expect(linesOf({ env: ZONE, flags: { [flag]: '3' } })).toEqual([`${flag}: 3 ${FAULT}; ${remedy}`]);
  });

  it('is reported for each of the two', () => {
    const file = files.writeValues({ health: { unhealthyThreshold: 2, healthyThreshold: 10 } });
    expect(linesOf({ file, env: {} })).toEqual([
      `FILE: health.unhealthyThreshold: 2 ${FAULT}; ${REMEDY} health.unhealthyThreshold to 1`,
      `FILE: health.healthyThreshold: 10 ${FAULT}; ${REMEDY} health.healthyThreshold to 1`,
    ]);
  });

  it('is fine with one, wherever it is set', () => {
    const file = files.writeValues({ health: { unhealthyThreshold: 10, healthyThreshold: 2 } });
    expect(load({ file, env: STATE })).toMatchObject({
      health: { unhealthyThreshold: 10, healthyThreshold: 2 },
      state: { kind: 'file', path: 'state.json' },
    });
  });

  it('is fine where a stronger source says 1', () => {
    const file = files.writeValues({ health: { unhealthyThreshold: 3 } });
    const settings = load({ file, flags: { '--health-unhealthy-threshold': '1' } });
    expect(settings.health.unhealthyThreshold).toBe(1);
  });

  it('is named by the strongest source', () => {
    const file = files.writeValues({ health: { unhealthyThreshold: 3 } });
    expect(linesOf({ file, env: { ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: '4' } })).toEqual([
      `ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: 4 ${FAULT}; ${REMEDY} health.unhealthyThreshold to 1`,
    ]);
  });

  it('is reported as that alone when it is not valid', () => {
    expect(linesOf({ env: { ...ZONE, ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: '11' } })).toEqual([
      'ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: 11 is not valid; write a whole number from 1 to 10',
    ]);
  });

  it('does not miss a state store that is there but not valid', () => {
    const env = { ...ZONE, ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: '2', ECS_DNS_STATE: 'here' };
    expect(linesOf({ env })).toEqual([
      'ECS_DNS_STATE: "here" is not valid; write the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY',
    ]);
  });

  it('is not reported next to a file that could not be read and may set the state store', () => {
    const file = join(files.folder, 'none.yml');
    expect(linesOf({ file, env: { ECS_DNS_HEALTH_UNHEALTHY_THRESHOLD: '2' } })).toEqual([
      "FILE: can't be read (no such file); name a readable file with --config",
    ]);
  });
});
