import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { expect, onTestFinished, test } from 'vitest';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { accessTo } from '../../aws/support.ts';
import { callEvent } from '../../triggers/event-shapes.ts';
import { batchOfPage } from './page-commands.ts';
import { openPredecessor } from './predecessor.ts';
import { opening, RUNS, walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

const PAGE = 'docs/moving/cname-lambda.md';
const RULES = ['CREATE_SERVICE_RULE', 'DELETE_SERVICE_RULE'] as const;
/** Behind their balancers nothing listens here. */
const NAMES = ['web', 'shop', 'search'].map((name) => ({ name, type: 'A' }));

const MISSED: Permitted = { line: '+ search.', why: 'the Lambda has missed the service' };
const NEW: Permitted = { line: '+ checkout.', why: 'the service is new' };
const ADOPTED: readonly Permitted[] = [
  {
    line: /^~ (shop|web)\.\S+ CNAME \S+: SetIdentifier none → "ecs-dns:us-east-1\/123456789012\/storefront"$/,
    times: 2,
    why: 'the identifier is that of the worker',
  },
  { line: /^~ (shop|web)\.\S+ CNAME \S+: Weight none → 1$/, times: 2, why: 'so that it can have one' },
];

test('every command of the page on the CNAME Lambda, and back to the zone that it would have made', async () => {
  const opened = await openPredecessor('cname-lambda', NAMES);
  const { zone, world, url, tell, look, expectAllLive } = opened;
  const before = zone.list();
  const unchanged = () => expect(zone.list()).toEqual(before);
  const client = new Route53Client(accessTo(url));
  onTestFinished(() => client.destroy());

  await walk(
    [
      ...opening('--policy sync --cname --events "$QUEUE_URL"'),
      ['ecs-dns compare --cname', unchanged],
      ['ecs-dns plan --policy sync --cname', unchanged],
      [
        'ecs-dns apply --policy sync --cname --yes',
        async () => {
          expectDifferences(before, zone.list(), [MISSED]);
          await expectAllLive();
        },
      ],
      ['ecs-dns watch --policy sync --cname --events "$QUEUE_URL"', ({ prints }) => prints(RUNS)],
      [
        'aws ecs create-service --cluster storefront --service-name checkout --cli-input-json file://checkout.json',
        async ({ prints }) => {
          const taskDefinition = world.addTaskDefinition({ family: 'checkout', containers: [{}] });
          const service = world.addService({
            cluster: 'storefront',
            serviceName: 'checkout',
            taskDefinition,
          });
          world.balance(service, world.addLoadBalancer({ kind: 'application', name: 'checkout' }));
          const written = prints(/registered checkout CNAME/);
          tell(callEvent('CreateService', { cluster: 'storefront', serviceName: 'checkout' }));
          await written;
          expectDifferences(before, zone.list(), [MISSED, NEW]);
        },
      ],
      [`aws events disable-rule --name ${RULES[0]}`, () => {}],
      [`aws events disable-rule --name ${RULES[1]}`, () => {}],
      ['ecs-dns plan --policy sync --cname --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      ['export ECS_DNS_POLICY=sync', () => {}],
      ['ecs-dns compare --cname --correct', () => expectDifferences(before, zone.list(), [MISSED, NEW])],
      [
        'ecs-dns apply --cname --correct --yes',
        async () => {
          expectDifferences(before, zone.list(), [MISSED, NEW, ...ADOPTED]);
          await expectAllLive();
        },
      ],
      [`aws events enable-rule --name ${RULES[0]}`, () => {}],
      [`aws events enable-rule --name ${RULES[1]}`, () => {}],
      ['export ECS_DNS_POLICY=prune', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      [
        'aws route53 change-resource-record-sets --hosted-zone-id Z0123456789ABC --change-batch file://back.json',
        async () => {
          for (const set of zone.list().filter(isOfWorker)) {
            const ChangeBatch = backOf(set);
            await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch }));
          }
          // The very form that the Lambda gives to what it creates.
          const plain =
            /^\+ (search|checkout)\.\S+ CNAME \{"TTL":60,"ResourceRecords":\[\{"Value":"\S+"\}\]\}$/;
          expectDifferences(before, zone.list(), [
            { line: plain, times: 2, why: `${MISSED.why}, or ${NEW.why}` },
          ]);
        },
      ],
    ],
    { page: PAGE, url, variables: { QUEUE_URL: opened.queueUrl }, look },
  );
  await expectAllLive();
});

function isOfWorker({ Type, SetIdentifier = '' }: RecordSet): boolean {
  return Type === 'CNAME' && SetIdentifier.startsWith('ecs-dns:');
}

/** The batch of the page, which is for `web`, for any of the worker's sets. */
function backOf(set: RecordSet) {
  const text = JSON.stringify(batchOfPage(PAGE));
  const [, web = ''] = /"Value":"([^"]+)"/.exec(text) ?? [];
  const [value = ''] = valuesOf(set);
  const [name = ''] = set.Name.split('.');
  return JSON.parse(text.replaceAll(web, value).replaceAll('"web.', `"${name}.`));
}
