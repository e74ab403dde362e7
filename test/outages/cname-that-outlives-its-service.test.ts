import { expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { newFleet, openWorker, serve, ZONE_NAME } from '../end-to-end/support.ts';

const CNAME = { '--policy': 'sync', '--cname': 'true' };
const SETTLED = { ...CNAME, '--guardrails-allow-empty': 'true' };

/** Services behind load balancers, with what the CNAME Lambda has written for each of them. */
function fleetOfLambda() {
  const fleet = newFleet();
  const cluster = fleet.world.cluster('blue');
  const balanced = ['web', 'shop'].map((serviceName) =>
    fleet.addBalancedService({ serviceName, cluster, kind: 'application' }),
  );
  const plain = balanced.map(({ service, balancer }): RecordSet => {
    const set = {
      Name: `${service.serviceName}.${ZONE_NAME}.`,
      Type: 'CNAME',
      TTL: 60,
      ResourceRecords: [{ Value: balancer.dnsName }],
    };
    fleet.zone.put(set);
    return set;
  });
  return { fleet, balanced, plain };
}

const cnames = ({ fleet }: ReturnType<typeof fleetOfLambda>) =>
  fleet.zone.list().filter(({ Type }) => Type === 'CNAME');

test('a plain CNAME of the Lambda stays without `correct`, which one notice says with the count', async () => {
  const lambda = fleetOfLambda();
  const worker = openWorker(await serve(lambda.fleet.world), CNAME);

  const first = await worker.apply();

  expect(first.changes).toEqual([]);
  expect(first.notices.filter(({ subject }) => subject === 'cname')).toEqual([
    { subject: 'cname', detail: expect.stringMatching(/^2 names have plain CNAMEs.*correct: true/) },
  ]);
  for (const { service } of lambda.balanced) lambda.fleet.world.removeService(service);
  expect((await worker.apply()).changes).toEqual([]);
  expect(cnames(lambda)).toHaveLength(2);
});

test('with `correct` it becomes the worker’s in one batch, and goes when its service does', async () => {
  const lambda = fleetOfLambda();
  const server = await serve(lambda.fleet.world);
  const worker = openWorker(server, { ...SETTLED, '--correct': 'true' });

  const { changes, notices } = await worker.apply();

  expect(changes.map(({ action, reasons }) => `${action} ${reasons.join()}`)).toEqual([
    'DELETE adopted',
    'CREATE adopted',
    'DELETE adopted',
    'CREATE adopted',
  ]);
  expect(notices.filter(({ subject }) => subject === 'cname')).toEqual([]);
  expect(server.counts()['route53:ChangeResourceRecordSets']).toBe(1);

  const [web] = lambda.balanced;
  if (web === undefined) throw new TypeError('no service');
  lambda.fleet.world.removeService(web.service);
  const { changes: next } = await worker.apply();
  expect(next).toMatchObject([{ action: 'DELETE', reasons: ['service-gone'], status: 'applied' }]);
  expect(cnames(lambda)).toMatchObject([{ Name: `shop.${ZONE_NAME}.` }]);
});
