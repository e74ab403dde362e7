import { expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { sourceMetadataOf } from '../../src/publish/source-metadata.ts';
import { container, DOCKER_ID, srv, TASK_ARN, TASK_ID } from './support.ts';

const EVIDENCE = { cluster: 'blue', task: TASK_ARN, container: 'orders', instance: 'i-1', attempts: 3 };
const SET = srv(['a']);

function judgement(reason: Judgement['reason'], evidence: Judgement['evidence']): Judgement {
  const entry = {
    recordSet: SET,
    name: SET.Name,
    type: SET.Type,
    setIdentifier: SET.SetIdentifier,
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
    told: { reason: 'timeout', containerId: DOCKER_ID, ...PLACE },
  },
  {
    what: 'evidence of another kind is left out',
    judgements: [judgement('task-gone', { cluster: 'blue', instance: 7 })],
    told: { reason: 'task-gone', containerId: DOCKER_ID, cluster: 'blue' },
  },
  {
    what: 'the container that has taken the place of a stale one is not its own',
    judgements: [judgement('superseded', EVIDENCE)],
    told: { reason: 'superseded', containerId: DOCKER_ID },
  },
  {
    what: 'nor that of another service',
    judgements: [judgement('port-reassigned', EVIDENCE)],
    told: { reason: 'port-reassigned', containerId: DOCKER_ID },
  },
  {
    what: 'a set that was not judged leads to the container that its identifier names',
    containers: [container({ id: undefined }), container()],
    told: { containerId: DOCKER_ID, ...PLACE },
  },
  {
    what: 'to a container without a host, too',
    containers: [container({ host: undefined })],
    told: { containerId: DOCKER_ID, cluster: 'blue', task: TASK_ARN, container: 'orders' },
  },
  { what: 'to nothing when that is not known', told: { containerId: DOCKER_ID } },
  {
    what: 'the address of a task leads to the task and none of its containers',
    set: address(`ecs-dns:us-east-1/123456789012/blue/${TASK_ID}`),
    containers: [container({ id: undefined })],
    told: { cluster: 'blue', task: TASK_ARN, instance: 'i-1' },
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
])('$what', ({ judgements = [], containers = [], set = SET, told }) => {
  expect(sourceMetadataOf({ judgements, containers })(set, 'a')).toEqual({ value: 'a', ...told });
});
