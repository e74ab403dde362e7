import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { serveSandbox } from '../../src/cli/serve-sandbox.ts';
import { tourSandbox } from '../../src/cli/tour-sandbox.ts';
import type { Registrable } from '../../src/sandbox/fleet/registrable.ts';
import { openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { keptLog } from '../log/support.ts';
import { virtualTime } from '../watch/virtual-time.ts';
import { runHere, terminalOf } from './support.ts';

const NOWHERE = 'http://127.0.0.1:1';
// So few tasks that none of them hangs: the default fleet's take seconds to time out.
const SMALL = ['--clusters', '2', '--instances', '4', '--tasks', '24'];
const SYNC = ['sandbox', '--policy', 'sync', ...SMALL];

describe('ecs-dns sandbox', () => {
  test('tells the main job from plan to plan, ends well, and says so', async () => {
    const { code, stdout, stderr } = await runHere(['sandbox', ...SMALL], NOWHERE);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/All \d+ planted records were treated as they should be\./);
    expect(stdout).not.toContain('Not registered: ');
  });

  test('serves until it is stopped, and says how to reach it', async () => {
    const { code, stdout, stderr } = await served('prune');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toMatch(/export AWS_REGION=(\S+)\nexport AWS_DEFAULT_REGION=\1\n/);
    expect(stdout).toContain('\nThen run: ecs-dns plan\n');
    expect(stdout).not.toContain('ECS_DNS_POLICY');
    expect(stdout).not.toContain('ECS_DNS_CNAME');
    const [, url] = /export AWS_ENDPOINT_URL=(\S+)/.exec(stdout) ?? [];
    expect(stdout).toContain(`export QUEUE_URL=${url}/123456789012/ecs-events\n`);
    expect(stdout).toContain('\n  ecs-dns watch --events "$QUEUE_URL"\n');
    expect(stdout).not.toContain('DNS_SERVER');
  });

  test('says which name to ask for where names are answered, in lines that fit', async () => {
    const { code, stdout, stderr } = await served('prune', '--dns', '0');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, port] = /^export DNS_SERVER=127\.0\.0\.1:(\d+)$/m.exec(stdout) ?? [];
    expect(stdout).toContain(`\n  dig @127.0.0.1 -p ${port} SRV _`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    ['host-agent-1.0', 'instances and 9 tasks; 9 ports answer', 'one task was missed'],
    ['host-agent-1.4', 'instances and 9 tasks; 9 ports answer', 'has outlived its container'],
    ['clean-up-lambda', 'instances and 9 tasks; 9 ports answer', 'one cluster of two'],
    ['label-agent', 'instances and 7 tasks; 7 ports answer', 'one record has outlived its task'],
    ['cloud-map', 'instances and 10 tasks; 10 ports answer', 'Cloud Map has its own in the zone'],
    ['cname-lambda', 'instances and 4 load balancers. The hosted zone', 'one service was missed'],
    ['app-mesh', 'instances and 5 tasks; 19 ports answer', 'a placeholder for each name'],
  ])('serves a zone as %s has left it, and says so in lines that fit', async (system, runs, left) => {
    const { code, stdout } = await served('sync', '--predecessor', system);
    expect(code).toBe(0);
    const text = stdout.replaceAll('\n', ' ');
    expect(text).toContain(runs);
    expect(text).toContain(left);
    expect(text).not.toMatch(/\b0 \w/);
    expect(stdout).not.toContain('registered yet');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('knows which systems there are', async () => {
    const { code, stderr } = await runHere(['sandbox', '--serve', '--predecessor', 'registrator'], NOWHERE);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /--predecessor: "registrator" is not valid; write one of host-agent-1\.0, .*, app-mesh$/m,
    );
  });

  test('does not replace tasks under the tour’s feet', async () => {
    const { code, stderr } = await runHere(['sandbox', '--churn', '1', ...SMALL], NOWHERE);
    expect(code).toBe(1);
    expect(stderr).toContain('--churn and --predecessor need --serve');
  });

  test.each([
    [['--tasks', '2'], '--tasks: 2 are too few for the tour; write 3 or more, or add --serve'],
    [
      ['--instances', '1'],
      'sandbox: cluster payments has no machine: give it more instances, or fewer clusters',
    ],
    [['--clusters', '0'], '--clusters: "0" is not valid; write a whole number of 1 or more'],
    [['--examples', '--tasks', '5'], '--tasks: --examples has a fleet of its own; leave one of them out'],
    // From the sources nothing is bundled.
    [['--examples'], 'sandbox: the example time is not built; run npm run build'],
  ])('refuses a fleet that there cannot be: %s', async (args, says) => {
    const { code, stdout, stderr } = await runHere(['sandbox', ...args], NOWHERE);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `ecs-dns: ${says}\n` });
  });

  test.each([
    {
      flag: '--churn',
      value: '0',
      says: '--churn: "0" is not valid; write a whole number of 1 or more',
    },
    {
      flag: '--port',
      value: '65536',
      says: '--port: "65536" is not valid; write a whole number from 0 to 65535',
    },
  ])('refuses $flag $value before anything listens', async ({ flag, value, says }) => {
    const { code, stdout, stderr } = await served('prune', flag, value);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `ecs-dns: ${says}\n` });
  });

  test('serves what is to be registered with the settings that register it', async () => {
    const { code, stdout } = await served('sync');

    expect(code).toBe(0);
    expect(stdout).toContain('export ECS_DNS_POLICY=sync\nexport ECS_DNS_CNAME=true\n');
  });
});

test('a served sandbox replaces a task every so often where that is asked for, and says so in lines that fit', async () => {
  const sandbox = await openSandbox({ policy: 'sync', clusters: 2, instances: 4, tasks: 24 });
  const stop = new AbortController();
  const clock = virtualTime();
  const stdout = new PassThrough({ encoding: 'utf8' });
  const { log, lines: told } = keptLog({ format: 'text', columns: 80 });
  const terminal = { stdin: stdout, stdout, stderr: stdout, env: {} };
  const serving = serveSandbox(
    sandbox,
    { policy: 'sync', churnMs: 10_000, clock, log },
    terminal,
    stop.signal,
  );
  await clock.advance(10_000);
  await clock.advance(3_000);
  await expect
    .poll(told)
    .toEqual([
      expect.stringMatching(/ INFO +task told to stop \w+ [0-9a-f]{12}…$/),
      expect.stringMatching(/ INFO +task ended \w+ [0-9a-f]{12}…, and [0-9a-f]{12}… runs$/),
    ]);
  const lines = [...String(stdout.read() ?? '').split('\n'), ...told()];
  stop.abort();
  expect(await serving).toBe(0);
  await sandbox.close();
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

function served(policy: string, ...more: readonly string[]) {
  const stop = new AbortController();
  stop.abort(new Error('stopped by SIGINT'));
  const args = ['sandbox', '--serve', '--policy', policy, '--tasks', '0', ...more];
  return runHere(args, NOWHERE, { signal: stop.signal });
}

/** What the fleet is to expect wrongly, by the first label of a name. */
const WRONG: Readonly<Record<string, (one: Registrable) => Registrable>> = {
  alerts: (one) => ({ ...one, fate: 'withheld', reason: 'timeout' }),
  reports: ({ name, type, value }) => ({ name, type, value, fate: 'registered' }),
  status: (one) => ({ ...one, fate: 'withheld', reason: 'not-dns-name' }),
  shop: (one) =>
    one.fate === 'registered' && one.recordSet !== undefined
      ? { ...one, recordSet: { ...one.recordSet, TTL: 300 } }
      : one,
};

describe('ecs-dns sandbox --policy sync', () => {
  test('registers what runs, says why not all of it, and says it once', async () => {
    const { code, stdout, stderr } = await runHere(SYNC, NOWHERE);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ \d\d entries were registered; 7 withheld, each\n/);
    expect(stdout).toContain('the 10 record sets of other people are as before');
    expect(stdout.match(/^Not registered: 7 entries\.$/gm)).toHaveLength(1);
    expect(stdout.match(/^Not registered: the same 7 entries, for the same reasons\.$/gm)).toHaveLength(2);
    // However wide the columns are.
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim());
    for (const line of [
      /^! http-status reports A 127\.\d+\.250\.2 address .*, status 503/,
      /^! name-taken status CNAME \S+ /,
      /^! not-dns-name price_feed CNAME \S+ /,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(line));
    }
    // All but tables, and the line that sums up a report.
    const told = stdout
      .split('\n')
      .filter((line) => !/^ {2}[+!]|^ +[A-Z]+ {2}|^servicediscovery\.internal\. \(/.test(line));
    expect(told.filter((line) => line.length > 80)).toEqual([]);
  });

  test('fails where anything is not as the fleet expects it', async () => {
    const sandbox = await openSandbox({ policy: 'sync', clusters: 2, instances: 4, tasks: 24 });
    const registrable = sandbox.fleet.registrable.map((one) =>
      (WRONG[one.name.split('.')[0] ?? ''] ?? ((same) => same))(one),
    );
    const { terminal, printed } = terminalOf({});
    const expecting = { ...sandbox, fleet: { ...sandbox.fleet, registrable } };
    const code = await tourSandbox(expecting, 'sync', terminal, new AbortController().signal);
    await sandbox.close();

    expect(code).toBe(1);
    for (const complaint of [
      /unexpected: alerts\.\S+ A \S+: in the zone, not withheld \(timeout\)$/m,
      /unexpected: reports\.\S+ A \S+: withheld \(http-status\), although it can be registered$/m,
      /unexpected: status\.\S+ CNAME \S+: withheld \(name-taken\), not withheld \(not-dns-name\)$/m,
      /unexpected: shop\.\S+ CNAME \S+: in the zone as .*"TTL":60.* not as .*"TTL":300/m,
    ]) {
      expect(printed.stderr).toMatch(complaint);
    }
    expect(printed.stdout).toMatch(/The sandbox did not end as it should have\.\n$/);
  });
});
