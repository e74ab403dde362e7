import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { NAMES } from './host-agents.ts';
import { openPredecessor } from './predecessor.ts';
import { opening, RUNS, walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

const RULE = 'CLEAN_UP_RULE';
const LIST = `TASK=$(aws ecs list-tasks --cluster storefront --service-name orders --query 'taskArns[0]' --output text)`;
const STOP = 'aws ecs stop-task --cluster storefront --task "$TASK"';

type Opened = Awaited<ReturnType<typeof openPredecessor>>;

/** What the Lambda does: whatever is of no task of the first cluster goes. */
function cleanUp({ world, zone }: Opened): void {
  const [first] = [...world.clusters.values()];
  const tasks = [...(first?.tasks.values() ?? [])].filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const runs = new Set(tasks.flatMap(({ containers }) => containers.map(({ runtimeId }) => runtimeId)));
  for (const set of zone.list().filter(isOfAgent))
    if (!runs.has(set.SetIdentifier?.split(':')[1])) zone.records.delete(set);
}

function isOfAgent({ Type, SetIdentifier = '' }: RecordSet): boolean {
  return Type === 'SRV' && /:[0-9a-f]{64}$/.test(SetIdentifier);
}

const GONE: Permitted = { line: '- _orders._tcp', why: 'the record has outlived its container' };
const MISSED: Permitted = { line: '+ _orders._tcp', why: 'the agent has missed the container' };
const LOST: Permitted = {
  line: '+ _invoices._tcp',
  times: 3,
  why: 'the Lambda had taken out the second cluster',
};
const STOPPED: Permitted = { ...GONE, times: 2, why: `${GONE.why}, and a task was stopped` };

test('every command of the page on the clean-up Lambda, and back', async () => {
  stopsTasks();
  const opened = await openPredecessor('clean-up-lambda', NAMES);
  const { zone, look, expectAllLive, aws, goOn } = opened;
  const before = zone.list();
  const unchanged = () => expect(zone.list()).toEqual(before);
  // What the Lambda takes out wrongly on the way back is not the worker's doing.
  let isBack = false;

  await walk(
    [
      ...opening('--events "$QUEUE_URL"'),
      ['ecs-dns compare', unchanged],
      [`aws events disable-rule --name ${RULE}`, () => {}],
      ['ecs-dns plan', unchanged],
      ['ecs-dns apply --yes', () => expectDifferences(before, zone.list(), [GONE])],
      [
        'ecs-dns apply --policy sync --yes',
        async () => {
          expectDifferences(before, zone.list(), [GONE, MISSED, LOST]);
          await expectAllLive();
        },
      ],
      ['ecs-dns watch --events "$QUEUE_URL"', ({ prints }) => prints(RUNS)],
      [LIST, () => aws.listTasks(LIST)],
      [
        STOP,
        async ({ prints }) => {
          const removed = prints(/removed _orders\._tcp SRV/);
          await aws.stopTask(STOP);
          await removed;
          await goOn();
          expectDifferences(before, zone.list(), [STOPPED, MISSED, LOST]);
        },
      ],
      [`aws events remove-targets --rule ${RULE} --ids 1`, () => {}],
      [`aws events delete-rule --name ${RULE}`, () => {}],
      ['aws lambda delete-function --function-name CLEAN_UP_FUNCTION', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      [
        `aws events enable-rule --name ${RULE}`,
        () => {
          isBack = true;
          cleanUp(opened);
          expectDifferences(before, zone.list(), [STOPPED, MISSED]);
        },
      ],
    ],
    {
      page: 'docs/moving/clean-up-lambda.md',
      url: opened.url,
      variables: { QUEUE_URL: opened.queueUrl },
      look: async () => {
        if (!isBack) await look();
      },
    },
  );
});
