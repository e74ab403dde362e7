import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { identifiers, openPredecessor } from './predecessor.ts';
import { opening, walk } from './walk.ts';

const BLOCK = 216;
const RULE = 'CLEAN_UP_RULE';

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

test('every command of the page on the clean-up Lambda, and back', async () => {
  stopsTasks();
  const opened = await openPredecessor('clean-up-lambda', BLOCK);
  const { zone, running, replaceOne } = opened;
  const before = zone.list();
  const own = () => zone.list().filter(isOfAgent);
  const runs = () => running().flatMap((task) => task.containers.map(({ runtimeId = '' }) => runtimeId));
  const registered = () => identifiers(own()).map((id) => id.slice(-64));
  const unchanged = () => expect(zone.list()).toEqual(before);

  await walk(
    [
      ...opening('--events "$QUEUE_URL"'),
      [
        'ecs-dns compare',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('would register 4 entries, remove none');
          unchanged();
        },
      ],
      [`aws events disable-rule --name ${RULE}`, () => {}],
      [
        'ecs-dns plan',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('To remove: 1 entry.');
          unchanged();
        },
      ],
      [
        'ecs-dns apply --yes',
        ({ code }) => {
          expect(code).toBe(0);
          expect(zone.list()).toHaveLength(before.length - 1);
          expect(runs()).toEqual(expect.arrayContaining(registered()));
        },
      ],
      [
        'ecs-dns apply --policy sync --yes',
        ({ code }) => {
          expect(code).toBe(0);
          expect(registered().toSorted()).toEqual(runs().toSorted());
        },
      ],
      [
        'ecs-dns watch --events "$QUEUE_URL"',
        async ({ prints }) => {
          await prints(/INFO {2}[0-9a-f]{8} run /);
        },
      ],
      [
        'aws ecs stop-task --cluster storefront --task 0123456789abcdef0123456789abcdef',
        async ({ prints }) => {
          const removed = prints(/removed _orders\._tcp SRV/);
          await replaceOne('orders');
          await removed;
          expect(runs()).toEqual(expect.arrayContaining(registered()));
        },
      ],
      [`aws events remove-targets --rule ${RULE} --ids 1`, () => {}],
      [`aws events delete-rule --name ${RULE}`, () => {}],
      ['aws lambda delete-function --function-name CLEAN_UP_FUNCTION', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      [
        `aws events enable-rule --name ${RULE}`,
        () => {
          const ofFirst = own().filter(({ Name }) => !Name.startsWith('_invoices'));
          const others = zone.list().filter((set) => !isOfAgent(set));
          cleanUp(opened);
          expect(own()).toEqual(ofFirst);
          expect(zone.list()).toEqual(expect.arrayContaining([...others]));
        },
      ],
    ],
    {
      page: 'docs/moving/clean-up-lambda.md',
      url: opened.url,
      variables: { QUEUE_URL: opened.queueUrl },
      block: BLOCK,
    },
  );
});
