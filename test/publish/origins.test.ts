import { expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { sourceMetadataOf } from '../../src/publish/source-metadata.ts';
import { BLUE, BLUE_ELSEWHERE } from '../clusters.ts';
import { container, DOCKER_ID, HOST, srv, TASK_ARN, TASK_ID } from './support.ts';

const EVIDENCE = { cluster: 'blue', task: TASK_ARN, container: 'orders', instance: 'i-1', attempts: 3 };
const SET = srv(['a']);
const FARGATE = srv(['a'], { SetIdentifier: `${HOST}:${TASK_ID}-1` });

function judgement(reason: Judgement['reason'], evidence: Judgement['evidence'], set = SET): Judgement {
  const entry = {
    recordSet: set,
    name: set.Name,
    type: set.Type,
    setIdentifier: set.SetIdentifier,
    value: 'a',
  };
  return { entry, evidence, verdict: 'stale', reason } as Judgement;
}

const PLACE = { cluster: 'blue', task: TASK_ARN, container: 'orders', instance: 'i-1' };
const address = (SetIdentifier: string): RecordSet => srv(['a'], { Type: 'A', SetIdentifier });

test.each([
  {
    what: 'a judged value has its reason, and the place that its evidence tells',
    judgements: [judgement('timeout', EVIDENCE)],
    told: { reason: 'timeout', containerId: DOCKER_ID, ...PLACE, host: HOST },
  },
  {
    what: 'evidence of another kind is left out',
    judgements: [judgement('task-gone', { cluster: 'blue', instance: 7 })],
    told: { reason: 'task-gone', containerId: DOCKER_ID, cluster: 'blue', host: HOST },
  },
  {
    what: 'the container that has taken the place of a stale one is not its own',
    judgements: [judgement('superseded', EVIDENCE)],
    told: { reason: 'superseded', containerId: DOCKER_ID, host: HOST },
  },
  {
    what: 'nor that of another service',
    judgements: [judgement('port-reassigned', EVIDENCE)],
    told: { reason: 'port-reassigned', containerId: DOCKER_ID, host: HOST },
  },
  {
    what: 'a set that was not judged leads to the container that its identifier names',
    containers: [container({ id: undefined }), container()],
    told: { containerId: DOCKER_ID, ...PLACE, host: HOST },
  },
  {
    what: 'to a container without a host, too',
    containers: [container({ host: undefined })],
    told: { containerId: DOCKER_ID, cluster: 'blue', task: TASK_ARN, container: 'orders', host: HOST },
  },
  { what: 'to its host alone when that is not known', told: { containerId: DOCKER_ID, host: HOST } },
  {
    what: 'what was removed leads to the container that its identifier names, where that is known still',
    judgements: [judgement('task-gone', { cluster: 'blue', instance: 'i-1' })],
    containers: [container({ phase: 'stopped' })],
    told: { reason: 'task-gone', containerId: DOCKER_ID, ...PLACE, host: HOST },
  },
  {
    what: 'a container without Docker tells its task, and the cluster its ARN',
    judgements: [judgement('task-gone', { cluster: 'blue' }, FARGATE)],
    set: FARGATE,
    told: {
      reason: 'task-gone',
      containerId: `${TASK_ID}-1`,
      cluster: 'blue',
      task: TASK_ARN.replace('us-east-1', BLUE.region).replace('123456789012', String(BLUE.account)),
      host: HOST,
    },
  },
  {
    what: 'a task of a cluster whose name two have is not told',
    judgements: [judgement('task-gone', { cluster: 'blue', task: TASK_ID })],
    clusters: [BLUE, BLUE_ELSEWHERE],
    told: { reason: 'task-gone', containerId: DOCKER_ID, cluster: 'blue', host: HOST },
  },
  {
    what: 'the target of an SRV record is its host, where the identifier names none',
    set: srv(['1 1 80 Node1.example.'], { SetIdentifier: DOCKER_ID }),
    value: '1 1 80 Node1.example.',
    told: { containerId: DOCKER_ID, host: 'node1.example' },
  },
  {
    what: 'the name of a task’s own address is that of no host',
    set: srv(['a'], { SetIdentifier: `${TASK_ID}.servicediscovery.internal:${DOCKER_ID}` }),
    told: { containerId: DOCKER_ID },
  },
  {
    what: 'nor is an address',
    set: srv(['a'], { SetIdentifier: `10.0.0.1:${DOCKER_ID}` }),
    told: { containerId: DOCKER_ID },
  },
  {
    what: 'the address of a host is of the host',
    set: srv(['10.0.1.2'], {
      Name: 'ip-10-0-1-2.servicediscovery.internal.',
      Type: 'A',
      SetIdentifier: HOST,
    }),
    told: { host: HOST },
  },
  {
    what: 'the address of a task leads to the task and none of its containers',
    set: address(`ecs-dns:us-east-1/123456789012/blue/${TASK_ID}`),
    containers: [container({ id: undefined })],
    told: { cluster: 'blue', task: TASK_ARN, instance: 'i-1', host: HOST },
  },
  {
    what: 'to nothing when the task is not known',
    set: address(`ecs-dns:us-east-1/123456789012/blue/${TASK_ID}`),
    told: {},
  },
  {
    what: 'any other identifier tells nothing',
    set: address('by-hand'),
    containers: [container()],
    told: {},
  },
])('$what', ({ judgements = [], containers = [], clusters = [BLUE], set = SET, value = 'a', told }) => {
  expect(sourceMetadataOf({ judgements, containers, clusters })(set, value)).toEqual({ value, ...told });
});
