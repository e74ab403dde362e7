import { describe, expect, it, test } from 'vitest';
import type { ClusterServices } from '../../../src/model/balanced-service.ts';
import { serviceKey } from '../../../src/model/cluster.ts';
import type { Container } from '../../../src/model/inventory.ts';
import { planCnames } from '../../../src/plan/desired/desired-cnames.ts';
import { serviceConfirmationQuery } from '../../../src/plan/match/cname-status.ts';
import { BLUE, BLUE_ELSEWHERE, clusterNamed } from '../../clusters.ts';
import {
  ALB,
  changesOf,
  groupsOf,
  input,
  look,
  NLB,
  outline,
  ownSet,
  planOf,
  service,
  services,
  taskOf,
} from '../cname-worlds.ts';
import { ZONE } from '../support.ts';

const NONE = services('blue', []);
const ELSEWHERE = 'ecs-dns:us-west-2/111122223333/blue';
const UNBALANCED = services('blue', [service('web', { balancers: [] })]);

describe('a CNAME', () => {
  test.each<[string, readonly ClusterServices[], readonly Container[], string]>([
    ['whose service is not listed', [NONE], [], 'goes service-gone'],
    ['whose service has no balancer', [UNBALANCED], [], 'goes balancer-gone'],
    [
      'whose service has no balancer, under another spelling',
      [services('blue', [service('WEB', { balancers: [] })])],
      [],
      'goes balancer-gone',
    ],
    ['whose cluster was not read', [services('green', [])], [], 'stays cluster-not-read'],
    [
      'whose cluster may be any',
      [services('blue', [], { cluster: { ...clusterNamed('blue'), account: undefined } })],
      [],
      'stays cluster-not-read',
    ],
    [
      'whose cluster has its name in another region',
      [services('blue', [], { cluster: clusterNamed('blue', 'eu-west-2') })],
      [],
      'stays cluster-not-read',
    ],
    [
      'whose cluster has its name in another account',
      [services('blue', [], { cluster: clusterNamed('blue', 'eu-west-1', '444455556666') })],
      [],
      'stays cluster-not-read',
    ],
    [
      'whose cluster was read in part',
      [services('blue', [], { complete: false })],
      [],
      'stays cluster-incomplete',
    ],
    [
      'whose service was listed in a cluster that was read in part',
      [services('blue', [], { complete: false, listed: ['web'] })],
      [],
      'stays cluster-incomplete',
    ],
    ['whose tasks run', [NONE], [taskOf('Web', 'running')], 'stays tasks-running'],
    ['whose tasks start', [NONE], [taskOf('web', 'starting')], 'stays tasks-running'],
    [
      'whose tasks run, of a cluster of the same name elsewhere',
      [NONE],
      [{ ...taskOf('web', 'running'), cluster: BLUE_ELSEWHERE }],
      'goes service-gone',
    ],
    ['whose tasks stop', [NONE], [taskOf('web', 'stopping'), taskOf('web', 'stopped')], 'goes service-gone'],
    [
      'of whose cluster other tasks run',
      [NONE],
      [taskOf('api', 'running'), taskOf(undefined, 'running')],
      'goes service-gone',
    ],
    [
      'whose service has tasks but no balancer',
      [UNBALANCED],
      [taskOf('web', 'running')],
      'goes balancer-gone',
    ],
  ])('%s: %#', (_, clusters, containers, status) => {
    const plan = planOf(clusters, [ownSet()], { inventory: { containers } });
    expect(outline(plan)).toEqual([`blue/web ${status}`]);
    expect(changesOf(plan)).toEqual(status.startsWith('goes') ? [`DELETE blue 1/60 ${ALB}`] : []);
  });

  test.each([
    ['cluster-not-read', [], 'cluster eu-west-1/111122223333/blue is not among those that were read'],
    [
      'cluster-incomplete',
      [services('blue', [], { complete: false })],
      'the services of cluster blue could not all be read',
    ],
  ])('that stays says why: %s', (reason, clusters, detail) => {
    expect(planOf(clusters, [ownSet()]).kept).toMatchObject([{ reason, detail }]);
  });

  it('says of which service tasks run', () => {
    const inventory = { containers: [taskOf('web', 'running')] };
    const [kept] = planOf([NONE], [ownSet()], { inventory }).kept;
    expect(kept?.detail).toBe('tasks of service web run in cluster blue');
  });

  it('in a cluster read in part stays as it is where its service is known', () => {
    const plan = planOf([services('blue', [service('web')], { complete: false })], [ownSet({ to: NLB })]);
    expect(outline(plan)).toEqual(['blue/web replace']);
  });
});

describe('two clusters of one name', () => {
  const elsewhere = services('blue', [], { cluster: BLUE_ELSEWHERE });
  const asked = input([NONE, elsewhere], [ownSet(), ownSet({ SetIdentifier: ELSEWHERE })]);

  test('are asked apart', () => {
    expect(serviceConfirmationQuery(planCnames(asked).removals)).toEqual([
      { cluster: BLUE, labels: ['web'] },
      { cluster: BLUE_ELSEWHERE, labels: ['web'] },
    ]);
  });

  test('are told apart in what was seen', () => {
    const sights = new Map([
      [serviceKey(BLUE, 'web'), 'gone'],
      [serviceKey(BLUE_ELSEWHERE, 'web'), 'balanced'],
    ] as const);
    const { removals, kept } = planCnames({ ...asked, look: { sights, incomplete: [] } });
    expect(removals.map(({ cluster }) => cluster)).toEqual([BLUE]);
    expect(kept.map(({ own }) => own.recordSet.SetIdentifier)).toEqual([ELSEWHERE]);
  });
});

describe('the confirmation', () => {
  test.each<[string, ClusterServices, Parameters<typeof look>, string, string | undefined]>([
    ['does not find it', NONE, ['gone'], 'goes service-gone', undefined],
    [
      'finds it',
      NONE,
      ['balanced'],
      'stays not-confirmed',
      'service web of cluster blue has a load balancer after all',
    ],
    [
      'finds it without a balancer',
      NONE,
      ['unbalanced'],
      'stays not-confirmed',
      'ECS has service web of cluster blue after all',
    ],
    ['does not find it, where it had no balancer', UNBALANCED, ['gone'], 'goes balancer-gone', undefined],
    ['finds no balancer', UNBALANCED, ['unbalanced'], 'goes balancer-gone', undefined],
    [
      'finds a balancer',
      UNBALANCED,
      ['balanced'],
      'stays not-confirmed',
      'service web of cluster blue has a load balancer after all',
    ],
    [
      'has no answer',
      NONE,
      [undefined],
      'stays not-confirmed',
      'service web of cluster blue could not be confirmed',
    ],
    [
      'fails',
      NONE,
      [undefined, 'Throttling: slow down'],
      'stays not-confirmed',
      'service web of cluster blue could not be confirmed: ecs:ListServices Throttling: slow down',
    ],
  ])('%s: %#', (_, services_, seen, status, detail) => {
    const plan = planOf([services_], [ownSet()], { look: look(...seen) });
    expect(outline(plan)).toEqual([`blue/web ${status}`]);
    expect(plan.kept[0]?.detail).toBe(detail);
    expect(groupsOf(plan)).toHaveLength(detail === undefined ? 1 : 0);
  });

  it('that finds a service leaves it its name, whoever else wants it', () => {
    const green = services('green', [service('web')]);
    const asked = input([NONE, green], [ownSet()]);
    expect(outline(planCnames(asked))).toEqual(['green/web create', 'blue/web goes service-gone']);
    expect(outline(planCnames({ ...asked, look: look('balanced') }))).toEqual([
      'green/web withheld service-ambiguous',
      'blue/web stays not-confirmed',
    ]);
  });

  it('changes nothing for what is not about to go', () => {
    const asked = input([services('blue', [service('web')])], [ownSet({ to: NLB })]);
    expect(planCnames({ ...asked, look: look(undefined) })).toEqual(planCnames(asked));
  });

  it('asks for the labels of each cluster once', () => {
    const sets = [ownSet(), ownSet({ Name: `api.${ZONE}.` }), ownSet({}, 'green')];
    const { removals } = planOf([NONE, services('green', [])], sets);
    expect(serviceConfirmationQuery(removals)).toEqual([
      { cluster: clusterNamed('blue'), labels: ['api', 'web'] },
      { cluster: clusterNamed('green'), labels: ['web'] },
    ]);
    expect(serviceConfirmationQuery([])).toEqual([]);
  });
});
