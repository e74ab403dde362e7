import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { labelAgentRecord } from '../../../src/sandbox/fleet/predecessors.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { beginSync } from './begin-sync.ts';
import { openPredecessor } from './predecessor.ts';
import { RUNS, walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

const NAMES = ['carts', 'prices', 'search', 'shop'].map((name) => ({ name, type: 'A', port: 8080 }));
const LIST = `TASK=$(aws ecs list-tasks --cluster storefront --service-name shop --query 'taskArns[0]' --output text)`;
const STOP = 'aws ecs stop-task --cluster storefront --task "$TASK"';

/** What the agent has left out or missed, and the worker has put right. */
const PUT_RIGHT: readonly Permitted[] = [
  { line: /^- search\..*\.99"/, why: 'its task has ended' },
  { line: '+ search.', times: 2, why: 'both tasks were missed' },
  { line: '+ shop.', times: 2, why: 'the last of the three tasks had hidden the others' },
];
const MOVED: Permitted = {
  line: /^~ (\w+\.servicediscovery\.internal\.) A \S+: SetIdentifier "\1" → "ecs-dns:us-east-1\/123456789012\/storefront\/[0-9a-f]{32}"$/,
  times: 3,
  why: 'each identifier becomes that of the task, and nothing else of a record changes',
};

test('every command of the page on the label agent, and back', async () => {
  stopsTasks();
  const opened = await openPredecessor('label-agent', NAMES);
  const { zone, world, running, look, expectAllLive, aws, goOn } = opened;
  const before = zone.list();
  let moved: readonly RecordSet[] = [];

  await walk(
    [
      ...beginSync(opened, PUT_RIGHT),
      ['ecs-dns watch --policy sync --events "$QUEUE_URL"', ({ prints }) => prints(RUNS)],
      [LIST, () => aws.listTasks(LIST)],
      [
        STOP,
        async ({ prints }) => {
          const removed = prints(/removed shop A/);
          const registered = prints(/registered shop A/);
          await aws.stopTask(STOP);
          await goOn();
          await removed;
          await registered;
          // One of the two that had been registered has gone, and its successor has come.
          expectDifferences(before, zone.list(), PUT_RIGHT);
        },
      ],
      ['aws ecs update-service --cluster storefront --service label-agent --desired-count 0', () => {}],
      ['ecs-dns plan --policy sync --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      ['export ECS_DNS_POLICY=sync', () => {}],
      ['ecs-dns compare --correct', () => expectDifferences(before, zone.list(), PUT_RIGHT)],
      [
        'ecs-dns apply --correct --yes',
        async () => {
          moved = zone.list();
          expectDifferences(before, moved, [...PUT_RIGHT, MOVED]);
          await expectAllLive();
        },
      ],
      ['aws ecs update-service --cluster storefront --service label-agent --desired-count 3', () => {}],
      ['export ECS_DNS_POLICY=prune', () => {}],
      [
        'ecs-dns plan --detailed-exitcode',
        ({ code }) => {
          expect(code).toBe(0);
          expect(zone.list()).toEqual(moved);
        },
      ],
    ],
    {
      page: 'docs/moving/label-agent.md',
      url: opened.url,
      variables: { QUEUE_URL: opened.queueUrl },
      look,
    },
  );

  // As the page says: the agent writes its set when a task starts, next to those of the worker.
  const [task] = running().filter(({ group }) => group === 'service:shop');
  const [endpoint] = task === undefined ? [] : endpointsOf(world, [task]);
  zone.put(labelAgentRecord(opened, 'shop', endpoint?.address ?? ''));
  expectDifferences(moved, zone.list(), [{ line: '+ shop.', why: 'the agent has written its set' }]);
  await expectAllLive();
});
