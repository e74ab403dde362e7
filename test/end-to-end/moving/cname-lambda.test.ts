import { readFileSync } from 'node:fs';
import { type ChangeBatch, ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { expect, onTestFinished, test } from 'vitest';
import { valuesOf } from '../../../src/model/record-set.ts';
import { lambdaCname } from '../../../src/sandbox/fleet/predecessors.ts';
import { accessTo } from '../../aws/support.ts';
import { callEvent } from '../../triggers/event-shapes.ts';
import { answers, openPredecessor } from './predecessor.ts';
import { walk } from './walk.ts';

const BLOCK = 218;
const PAGE = 'docs/moving/cname-lambda.md';
const RULES = ['CREATE_SERVICE_RULE', 'DELETE_SERVICE_RULE'] as const;

/** The batch that the page has for the way back. */
function batchOfPage(): ChangeBatch {
  const [, batch = ''] = /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  return JSON.parse(batch);
}

test('every command of the page on the CNAME Lambda, and back', async () => {
  const opened = await openPredecessor('cname-lambda', BLOCK);
  const { zone, world, sets, url, tell } = opened;
  const before = zone.list();
  const own = () => sets('CNAME').filter((set) => valuesOf(set).some((value) => value.includes('.elb.')));
  const forms = () =>
    Object.fromEntries(
      own().map(({ Name, SetIdentifier = 'plain' }) => [Name.split('.')[0], SetIdentifier.split(':')[0]]),
    );
  const others = () => zone.list().filter((set) => !own().includes(set));
  const foreign = others();
  const answered = answers(own());
  const ofLambda = { retired: 'plain', shop: 'plain', web: 'plain' };
  const client = new Route53Client(accessTo(url));
  onTestFinished(() => client.destroy());

  await walk(
    [
      ['export ECS_DNS_ZONE=servicediscovery.internal', () => {}],
      ['export QUEUE_URL=https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events', () => {}],
      [
        'ecs-dns doctor --policy sync --cname --events "$QUEUE_URL"',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).not.toMatch(/^fail/m);
        },
      ],
      [
        'ecs-dns compare --cname',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('would register 1 entry and remove none');
          expect(stdout).toMatch(/CNAME Lambda {2}3 record sets/);
          expect(zone.list()).toEqual(before);
        },
      ],
      [
        'ecs-dns plan --policy sync --cname',
        ({ code }) => {
          expect(code).toBe(0);
          expect(zone.list()).toEqual(before);
        },
      ],
      [
        'ecs-dns apply --policy sync --cname --yes',
        ({ code }) => {
          expect(code).toBe(0);
          expect(forms()).toEqual({ ...ofLambda, search: 'ecs-dns' });
        },
      ],
      [
        'ecs-dns watch --policy sync --cname --events "$QUEUE_URL"',
        async ({ prints }) => {
          await prints(/INFO {2}[0-9a-f]{8} run /);
        },
      ],
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
          expect(forms()).toEqual({ ...ofLambda, search: 'ecs-dns', checkout: 'ecs-dns' });
        },
      ],
      [`aws events disable-rule --name ${RULES[0]}`, () => {}],
      [`aws events disable-rule --name ${RULES[1]}`, () => {}],
      ['ecs-dns plan --policy sync --cname --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      ['export ECS_DNS_POLICY=sync', () => {}],
      [
        'ecs-dns compare --cname --correct',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('Only with the switch, rewritten: 2 entries.');
        },
      ],
      [
        'ecs-dns apply --cname --correct --yes',
        ({ code }) => {
          expect(code).toBe(0);
          expect(forms()).toEqual({
            retired: 'plain',
            shop: 'ecs-dns',
            web: 'ecs-dns',
            search: 'ecs-dns',
            checkout: 'ecs-dns',
          });
          expect(answers(own())).toEqual(expect.arrayContaining([...answered]));
        },
      ],
      [`aws events enable-rule --name ${RULES[0]}`, () => {}],
      [`aws events enable-rule --name ${RULES[1]}`, () => {}],
      ['export ECS_DNS_POLICY=prune', () => {}],
      ['ecs-dns plan --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      [
        'aws route53 change-resource-record-sets --hosted-zone-id Z0123456789ABC --change-batch file://back.json',
        async () => {
          const ChangeBatch = batchOfPage();
          await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch }));
          const [web] = own().filter(({ Name }) => Name.startsWith('web.'));
          const [value = ''] = web === undefined ? [] : valuesOf(web);
          expect(web).toEqual(lambdaCname(opened, 'web', value));
          expect(before).toContainEqual(web);
        },
      ],
    ],
    { page: PAGE, url, variables: { QUEUE_URL: opened.queueUrl }, block: BLOCK },
  );
  expect(others()).toEqual(foreign);
});
