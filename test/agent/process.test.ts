import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { cliEnv, runCli, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { promtool, testWithPromtool } from '../promtool.ts';
import { startFakeEngine } from './fake-engine.ts';
import { dockerId, rows } from './support.ts';

const HOST = 'ip-10-0-1-11.ec2.internal';
const ONE = dockerId(1);
const SOCKET = '--agent-socket';
const SETS = [
  `_web._tcp | SRV | ${HOST}:${ONE} | 1 | 0 | 1 1 32768 ${HOST}`,
  `ip-10-0-1-11 | A | ${HOST} | 1 | 0 | 10.0.1.11`,
];

async function open() {
  const world = createWorld({ seed: 1 });
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const server = await serve(world);
  const engine = await startFakeEngine();
  engine.run(ONE, { env: { SERVICE_NAME: '_web._tcp' }, ports: { '80/tcp': 32_768 } });
  const flags = ['--zone', ZONE_NAME, '--hostname', HOST, '--agent-address', '10.0.1.11'];
  const agent = (args: readonly string[], started?: (child: ChildProcess) => void) =>
    runCli(
      ['agent', ...flags, ...(args.includes(SOCKET) ? [] : [SOCKET, engine.socketPath]), ...args],
      cliEnv(server.url),
      started,
    );
  return { zone, engine, agent };
}

/** Follows with a server, and stops once the visit to it, which begins when the host is registered, has ended. */
async function visitWhileFollowing(
  { zone, agent }: Awaited<ReturnType<typeof open>>,
  visit: (url: string) => Promise<void>,
): Promise<number | null> {
  const { code } = await agent(['--listen', ':0'], (child) => {
    let told = '';
    child.stderr?.on('data', (chunk: string) => {
      told += chunk;
    });
    const visiting = async () => {
      await expect.poll(() => rows(zone).length).toBe(2);
      await visit(`http://127.0.0.1:${/at port (\d+)/.exec(told)?.[1]}`);
    };
    void visiting().finally(() => child.kill('SIGTERM'));
  });
  return code;
}

describe('the command agent', () => {
  it('holds the host against the zone once, and takes it out', async () => {
    const { zone, agent } = await open();
    const synced = await agent(['--sync']);
    expect([synced.code, synced.stderr, rows(zone)]).toEqual([0, '', SETS]);
    expect(synced.stdout).toContain('Registered: 2 entries.');
    const removed = await agent(['--remove', '--output', 'json']);
    expect([removed.code, rows(zone)]).toEqual([0, []]);
    expect(JSON.parse(removed.stdout)).toMatchObject({ summary: { removals: 2, applied: 2 } });
  });

  it.each([
    [[], SETS],
    [['--deregister-on-exit'], []],
  ])('follows the engine until SIGTERM: %j', async (args, expected) => {
    const { zone, agent } = await open();
    const { code, stderr } = await agent(args, (child) => {
      const polling = setInterval(() => {
        if (rows(zone).length < 2) return;
        clearInterval(polling);
        child.kill('SIGTERM');
      }, 20);
    });
    expect([code, rows(zone)]).toEqual([0, expected]);
    expect(stderr).toContain(`following the container engine of ${HOST} at 10.0.1.11; journal: `);
  });

  it('serves a status page of its last pass', async () => {
    const opened = await open();
    let page = '';
    const code = await visitWhileFollowing(opened, async (url) => {
      const read = async () => {
        page = await (await fetch(`${url}/`)).text();
        return page;
      };
      await expect.poll(read).toContain('Since the start 1 good');
    });
    expect(code).toBe(0);
    expect(page).toContain('ecs-dns agent');
    expect(page).toContain('Runs on events of the container engine, and over all every 5m');
  });

  testWithPromtool('serves metrics of which promtool has nothing to say', async () => {
    const opened = await open();
    let metrics = '';
    const code = await visitWhileFollowing(opened, async (url) => {
      const read = async () => {
        metrics = await (await fetch(`${url}/metrics`)).text();
        return metrics;
      };
      const origin = `zone="${ZONE_NAME}",source="us-east-1"`;
      await expect.poll(read).toContain(`\necs_dns_registrations_total{${origin}} 2\n`);
    });
    expect(code).toBe(0);
    expect(promtool(['check', 'metrics'], metrics)).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['two ways at once', ['--sync', '--remove'], '--sync and --remove exclude each other'],
    [
      'an engine that is not there',
      ['--sync', SOCKET, '/nowhere.sock'],
      'if it is not /var/run/docker.sock\n',
    ],
    ['a grace that is none', ['--sync', '--grace', 'x'], '--grace: "x" is not valid'],
  ])('%s: one line, exit code 1, and nothing is changed', async (_, args, says) => {
    const { zone, agent } = await open();
    const { code, stdout, stderr } = await agent(args);
    expect([code, stdout, rows(zone)]).toEqual([1, '', []]);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
