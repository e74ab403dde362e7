import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { expect, onTestFinished, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import { accessTo } from '../../aws/support.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { batchOfPage } from './page-commands.ts';
import { openPredecessor } from './predecessor.ts';
import { opening, RUNS, walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

const PAGE = 'docs/moving/app-mesh.md';
const SERVICES = ['shop', 'search'];
const NAMES = SERVICES.map((name) => ({ name, type: 'A', port: 8080 }));
const LIST = `TASK=$(aws ecs list-tasks --cluster storefront --service-name shop --query 'taskArns[0]' --output text)`;
const STOP = 'aws ecs stop-task --cluster storefront --task "$TASK"';
const CHANGE = 'aws route53 change-resource-record-sets --hosted-zone-id Z0123456789ABC --change-batch';

/** What is written down for the tasks that answer at the port of their own container. */
const REGISTERED: readonly Permitted[] = [
  { line: '+ shop.', times: 3, why: 'its three tasks answer' },
  { line: '+ search.', why: 'one of its two tasks answers' },
];
const WEIGHTED = (name: string): readonly Permitted[] => [
  { line: new RegExp(`^~ ${name}\\.\\S+ A 10.10.10.10: SetIdentifier none → "app-mesh"$`), why: 'by hand' },
  { line: new RegExp(`^~ ${name}\\.\\S+ A 10.10.10.10: Weight none → 0$`), why: 'by hand' },
  { line: new RegExp(`^~ ${name}\\.\\S+ A 10.10.10.10: TTL 300 → 5$`), why: 'by hand' },
];
const GONE: Permitted = { line: /^- (shop|search)\.\S+ A .*10\.10\.10\.10/, times: 2, why: 'by hand' };

test('every command of the page on App Mesh', async () => {
  stopsTasks();
  const opened = await openPredecessor('app-mesh', NAMES);
  const { zone, world, running, look, expectAllLive, aws, goOn, url } = opened;
  const before = zone.list();
  const unchanged = () => expect(zone.list()).toEqual(before);
  const client = new Route53Client(accessTo(url));
  onTestFinished(() => client.destroy());
  const [toDelete, toCreate] = batchOfPage(PAGE).Changes ?? [];
  const change = async (text: string) => {
    for (const name of SERVICES) {
      const ChangeBatch = JSON.parse(text.replaceAll('shop', name));
      await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch }));
    }
  };
  const weighted = SERVICES.flatMap(WEIGHTED);
  let moved: readonly RecordSet[] = [];

  await walk(
    [
      ...opening('--policy sync --events "$QUEUE_URL"'),
      ['ecs-dns compare', unchanged],
      ['ecs-dns explain shop --policy sync', unchanged],
      ['aws ecs register-task-definition --cli-input-json file://shop.json', () => {}],
      ['aws ecs update-service --cluster storefront --service shop --task-definition shop', () => {}],
      [
        `${CHANGE} file://weight.json`,
        async () => {
          await change(JSON.stringify({ Changes: [toDelete, toCreate] }));
          expectDifferences(before, zone.list(), weighted);
        },
      ],
      ['ecs-dns plan --policy sync', () => expectDifferences(before, zone.list(), weighted)],
      [
        'ecs-dns apply --policy sync --yes',
        async () => {
          expectDifferences(before, zone.list(), [...weighted, ...REGISTERED]);
          // The placeholder is not answered any more, and neither is a port of an Envoy.
          await expectAllLive();
          expect(zone.list().filter(({ Type }) => Type === 'SRV')).toEqual(
            before.filter(({ Type }) => Type === 'SRV'),
          );
        },
      ],
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
          expectDifferences(before, zone.list(), [...weighted, ...REGISTERED]);
        },
      ],
      [
        `${CHANGE} file://delete.json`,
        async () => {
          await change(JSON.stringify({ Changes: [{ ...toCreate, Action: 'DELETE' }] }));
          moved = zone.list();
          expectDifferences(before, moved, [GONE, ...REGISTERED]);
        },
      ],
      ['ecs-dns plan --policy sync --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      ['export ECS_DNS_POLICY=prune', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
    ],
    { page: PAGE, url, variables: { QUEUE_URL: opened.queueUrl }, look },
  );
  expect(zone.list()).toEqual(moved);
  await expectAllLive();
  // What is not registered answers at every port of its Envoy.
  const [silent] = running()
    .filter(({ group }) => group === 'service:search')
    .slice(1);
  const ports = silent === undefined ? [] : endpointsOf(world, [silent]).map(({ port }) => port);
  expect(ports).toEqual([8080, 9901, 15_000, 15_001]);
});
