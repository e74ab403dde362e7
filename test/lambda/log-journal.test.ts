import { describe, expect, test } from 'vitest';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import { functionLog } from '../../src/lambda/function-log.ts';
import { logJournal } from '../../src/lambda/log-journal.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';
import { groupOf, srv, ZONE } from '../journal/support.ts';
import {
  capture,
  contextWith,
  openHandler,
  SCHEDULER_EVENT,
  undocumentedFields,
  withMessage,
} from './support.ts';

const AMPLE = 300_000;
const CHANGE = 'route53:ChangeResourceRecordSets';
const LIFTED = { ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100' };

async function openFleet(env: Readonly<Record<string, string>> = {}) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  const handler = openHandler(server, fleet.zone.id, { ...LIFTED, ...env });
  return { fleet, server, handler, staleSets, before: fleet.zone.list(), printed: capture() };
}

test('a record for each removal, with what stays of a set', async () => {
  const printed = capture();
  const journal = logJournal({ kind: 'default' }, functionLog('ecs-dns'));
  const two = srv('two', ['1 1 1 a', '1 1 2 b']);

  await journal.write(ZONE, [groupOf(srv('one')), groupOf(two, ['1 1 2 b'])]);
  await journal.settle(new Map());

  const common = {
    level: 'INFO',
    message: 'removing',
    zone: 'Z1',
    zoneName: 'zone.test.',
    reasons: ['task-gone'],
  };
  expect(printed().records).toEqual([
    expect.objectContaining({ ...common, recordSet: srv('one') }),
    expect.objectContaining({ ...common, recordSet: two, replacedBy: srv('two', ['1 1 2 b']) }),
  ]);
  expect(undocumentedFields(printed())).toEqual([]);
});

describe('a run of the function', () => {
  test('has written down what it removes when the change arrives', async () => {
    const { server, handler, staleSets, printed } = await openFleet();
    let writtenBefore: readonly unknown[] = [];
    const look = () => {
      writtenBefore = withMessage(printed(), 'removing').map(({ recordSet }) => recordSet);
    };
    server.addFault({ operation: CHANGE, effect: { kind: 'before', before: look } });

    await handler(SCHEDULER_EVENT, contextWith(AMPLE));

    expect(writtenBefore).toEqual(staleSets);
  });

  test('can be undone with its log', async () => {
    const { fleet, server, handler, staleSets, before, printed } = await openFleet();
    await handler(SCHEDULER_EVENT, contextWith(AMPLE));
    const { text } = printed();
    expect(fleet.zone.list()).toEqual(without(before, staleSets));

    const report = await openWorker(server, { '--zone': fleet.zone.id }).restore(text);

    expect(report.summary).toMatchObject({ sets: 2, restored: 2 });
    expect(report.sets.map(({ removal }) => removal)).toEqual([{ status: 'applied' }, { status: 'applied' }]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('that is lost once the change is sent can be undone as well', async () => {
    const { fleet, server, handler, before, printed } = await openFleet();
    let lost = '';
    const lose = () => {
      lost = printed().text;
    };
    server.addFault({ operation: CHANGE, effect: { kind: 'before', before: lose } });
    await handler(SCHEDULER_EVENT, contextWith(AMPLE));
    expect(parseJournal(lost, 'log').outcomes.size).toBe(0);

    await openWorker(server, { '--zone': fleet.zone.id }).restore(lost);

    expect(fleet.zone.list()).toEqual(before);
  });

  test('that only plans writes none, and neither does one that is told so', async () => {
    const { handler, printed } = await openFleet({ ECS_DNS_JOURNAL: 'none' });

    await handler({ mode: 'plan' }, contextWith(AMPLE));
    await handler({ mode: 'apply' }, contextWith(AMPLE));

    expect(withMessage(printed(), 'removing')).toEqual([]);
    expect(withMessage(printed(), 'removed')).toHaveLength(2);
  });

  test.each(['/tmp/journal', 'stderr'])(
    'with its journal at %s ends before anything is read',
    async (place) => {
      const { server, handler, printed } = await openFleet({ ECS_DNS_JOURNAL: place });

      await expect(handler(SCHEDULER_EVENT, contextWith(AMPLE))).rejects.toThrow(
        /^ECS_DNS_JOURNAL: ".*" is no place for a function, which writes to its log: leave it out, or set it to none$/,
      );
      expect(server.log).toEqual([]);
      expect(withMessage(printed(), 'run failed')).toMatchObject([{ code: 'journal' }]);
    },
  );
});
