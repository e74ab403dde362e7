import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import type { FaultRequest } from '../sandbox/faults.ts';
import { addService, answerFor, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

/**
 * A name with two containers. One fails its check; the other one's agent takes its set out right after the run has taken
 * the first one's. By then the first answers, or not.
 */
async function race({ recovers }: { readonly recovers: boolean }) {
  const fleet = newFleet();
  const [failing, ending] = addService(fleet, '_orders._tcp', { live: 2 }).live;
  if (failing === undefined || ending === undefined) throw new TypeError('two run');
  let status = 500;
  fleet.behave(failing, { kind: 'refuse' });
  const container = createServer((_, response) => void response.writeHead(status).end());
  await answerFor(failing, container);
  await listen(fleet);
  const server = await serve(fleet.world);
  server.addFault({
    operation: 'route53:ChangeResourceRecordSets',
    times: 1,
    effect: {
      kind: 'transform',
      transform: (output) => {
        for (const set of fleet.zone.list()) {
          if (set.SetIdentifier?.endsWith(ending.containerId)) fleet.zone.delete(set);
        }
        if (recovers) status = 200;
        return output;
      },
    },
  });
  return { fleet, server, failing };
}

const srvSets = ({ zone }: Awaited<ReturnType<typeof race>>['fleet']) =>
  zone.list().filter(({ Type }) => Type === 'SRV');

test('a name that another writer empties behind the run gets back at once what answers by now', async () => {
  const { fleet, server, failing } = await race({ recovers: true });
  const before = srvSets(fleet).filter(({ SetIdentifier }) => SetIdentifier?.endsWith(failing.containerId));

  const { changes, notices, summary } = await openWorker(server, PROBING).apply();

  expect(srvSets(fleet)).toEqual(before);
  expect(changes.map(({ action, kind, reasons, status }) => [action, kind, reasons, status])).toEqual([
    ['DELETE', 'removal', ['http-status'], 'applied'],
    ['CREATE', 'registration', ['put-back'], 'applied'],
  ]);
  expect(summary).toMatchObject({ removals: 1, registrations: 1, applied: 2 });
  expect(notices.map(({ detail }) => detail)).toContainEqual(
    'another look, run or tool took what this run had left of it: one set that answers by now is put back',
  );
  const again = await openWorker(server, PROBING).apply();
  expect(again.changes).toEqual([]);
});

test('what could not be put back is told as a change that failed, and in no notice', async () => {
  const { fleet, server } = await race({ recovers: true });
  const isPutBack = ({ input }: FaultRequest) => !JSON.stringify(input).includes('DELETE');
  const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
  server.addFault({ operation: 'route53:ChangeResourceRecordSets', when: isPutBack, effect });

  const { changes, notices } = await openWorker(server, PROBING).apply();

  expect(srvSets(fleet)).toEqual([]);
  expect(changes.map(({ reasons, status }) => [reasons, status])).toEqual([
    [['http-status'], 'applied'],
    [['put-back'], 'failed'],
  ]);
  expect(notices.map(({ detail }) => detail).join()).not.toContain('put back');
});

test('what still fails is not put back', async () => {
  const { fleet, server } = await race({ recovers: false });

  const { changes } = await openWorker(server, PROBING).apply();

  expect(srvSets(fleet).map(recordSetKey)).toEqual([]);
  expect(changes).toMatchObject([{ action: 'DELETE', status: 'applied' }]);
});

test('names of which only stale entries go are not read once more, and those that keep an answer are not asked', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
  const [failing] = addService(fleet, '_calc._tcp', { live: 2 }).live;
  if (failing === undefined) throw new TypeError('two run');
  fleet.behave(failing, { kind: 'status', status: 500 });
  const containers = await listen(fleet);
  const server = await serve(fleet.world);

  await openWorker(server, { ...PROBING, '--health-attempts': '1' }).apply();

  // All of the zone, the name before its entry goes for its health, and the name after it.
  expect(server.counts()).toMatchObject({ 'route53:ListResourceRecordSets': 3 });
  expect(containers.connections(failing.address, failing.port)).toBe(1);
});
