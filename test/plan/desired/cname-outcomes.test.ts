import { expect, it } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { type PlannedCname, plainCnameNotices } from '../../../src/plan/desired/cname-outcomes.ts';
import { BLUE } from '../../clusters.ts';
import { service } from '../cname-worlds.ts';

function present(name: string, SetIdentifier?: string): PlannedCname {
  const recordSet: RecordSet = { Name: `${name}.`, Type: 'CNAME', SetIdentifier };
  return {
    kind: 'present',
    desired: { service: service('web'), cluster: BLUE, key: 'key', name },
    recordSet,
  };
}

it.each<[string, readonly PlannedCname[], readonly string[]]>([
  ['none', [], []],
  ['the worker’s own', [present('web', 'ecs-dns:x')], []],
  [
    'a plain one',
    [present('web'), present('api', 'ecs-dns:x')],
    [
      '1 name has a plain CNAME to the balancer of its service, which stays when that ends: with correct: true this worker makes it its own, and takes it out then',
    ],
  ],
  [
    'several, two services of which share one',
    [present('web'), present('web'), present('shop')],
    [
      '2 names have plain CNAMEs to the balancers of their services, which stay when those end: with correct: true this worker makes them its own, and takes them out then',
    ],
  ],
])('what is said of CNAMEs that stay: %s', (_, planned, details) => {
  expect(plainCnameNotices(planned).map(({ detail }) => detail)).toEqual(details);
});
