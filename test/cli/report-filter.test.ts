import { expect, test } from 'vitest';
import { explanationSchema } from '../../src/report/explanation-schema.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { runHere } from './support.ts';

async function commandOnFleet() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  addService(fleet, '_users._tcp', { live: 1, stale: 1 });
  const server = await serve(fleet.world);
  const ecsDns = (...args: readonly string[]) =>
    runHere([...args, '--zone', ZONE_NAME, '--no-health-enabled'], server.url);
  return { server, ecsDns };
}

test('plan lists what is meant, in JSON and in text, live entries without --all, and counts everything', async () => {
  const { ecsDns } = await commandOnFleet();

  const json = await ecsDns('plan', '--only', 'live', '--name', '_orders*', '--output', 'json');
  const text = await ecsDns('plan', '--only', 'stale', '--detailed-exitcode');

  const { entries, changes, summary, filter } = reportSchema.parse(JSON.parse(json.stdout));
  expect(entries.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
    Array(2).fill(`_orders._tcp.${ZONE_NAME}. live`),
  );
  expect({ changes, filter }).toEqual({ changes: [], filter: { only: ['live'], name: '_orders*' } });
  expect(summary).toMatchObject({ stale: 2, removals: 2 });
  expect(text.code).toBe(2);
  expect(text.stdout).toContain('To remove: 2 entries.');
});

test('plan says where no entry has such a name, also where that is live and not listed', async () => {
  const { ecsDns } = await commandOnFleet();

  const none = await ecsDns('plan', '--name', '_order');
  const one = await ecsDns('plan', '--name', `_orders._tcp.${ZONE_NAME}`);

  expect(none.stderr).toBe(
    'ecs-dns: --name: the zone has no entry of a name like _order; * stands for any characters\n',
  );
  expect([none.code, one.stderr]).toEqual([0, '']);
});

test('explain takes a pattern and verdicts', async () => {
  const { ecsDns } = await commandOnFleet();

  const { code, stdout } = await ecsDns('explain', '_*', '--only', 'stale', '--output', 'json');
  const none = await ecsDns('explain', '_orders._tcp', '--only', 'unhealthy,draining');

  expect(code).toBe(0);
  const { entries } = explanationSchema.parse(JSON.parse(stdout));
  expect(entries.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
    ['_orders', '_users'].map((name) => `${name}._tcp.${ZONE_NAME}. stale`),
  );
  expect(none).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'ecs-dns: explain: of 3 entries of "_orders._tcp" none is unhealthy or draining; they are 2 live, 1 stale\n',
  });
});

test.each([
  [
    ['plan', '--only', 'stale,gone'],
    /^ecs-dns: .*--only.*"gone" is no verdict; write some of live, stale, .*\n$/,
  ],
  [['explain', 'x', '--only', ''], /^ecs-dns: .*--only.*"" is no verdict.*\n$/],
  [['plan', '--name', 'x', '--output', 'html'], /^ecs-dns: --name: --output html shows all of a run.*\n$/],
  [
    ['plan', '--name', 'x', '--out', 'p.json'],
    /^ecs-dns: --name: --out keeps all of a plan.*; leave out --name\n$/,
  ],
  [
    ['plan', '--only', 'live', '--out', 'p.json'],
    /^ecs-dns: --only: --out keeps all of a plan.*; leave out --only\n$/,
  ],
  [['apply', '--yes', '--only', 'stale'], /^ecs-dns: .*--only.*\n$/],
  [['apply', '--yes', '--name', 'x'], /^ecs-dns: .*--name.*\n$/],
])('%j is an error on one line, before any request', async (args, message) => {
  const { server, ecsDns } = await commandOnFleet();
  const { code, stdout, stderr } = await ecsDns(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(server.log).toEqual([]);
});
