import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../src/sandbox/world/world.ts';
import { addService, cliEnv, newFleet, runCli, ZONE_NAME } from '../end-to-end/support.ts';
import { startTestServer, type TestServer } from '../sandbox/test-server.ts';
import { runHere } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-bad-input-'));
let world: World;
let server: TestServer;

beforeAll(async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  world = fleet.world;
  for (const isPrivate of [true, false]) world.addHostedZone({ name: 'twice.internal', private: isPrivate });
  const linkedService = { ServicePrincipal: 'servicediscovery.amazonaws.com', Description: 'a namespace' };
  world.addHostedZone({ name: 'map.internal', linkedService });
  server = await startTestServer(world, { requireAccessKey: cliEnv('')['AWS_ACCESS_KEY_ID'] ?? '' });
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

function writeFile(name: string, ...lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

interface Case {
  readonly what: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly aws?: Readonly<Record<string, string | undefined>>;
  /** One for each line on stderr. */
  readonly says: readonly RegExp[];
}

/** An error without a report: one line a problem, each the program's own, and no change sent. */
function expectComplaints(
  result: { readonly code: number | null; readonly stdout: string; readonly stderr: string },
  says: readonly RegExp[],
): void {
  const { code, stdout, stderr } = result;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const lines = stderr.split('\n');
  expect(lines.pop()).toBe('');
  for (const line of lines) expect(line).toMatch(/^ecs-dns: \S/);
  expect(lines).toEqual(says.map((text) => expect.stringMatching(text)));
  expect(server.log.map(({ operation }) => operation)).not.toContain('route53:ChangeResourceRecordSets');
}

describe('settings that cannot be right end before AWS is asked', () => {
  test.each<Case>([
    { what: 'an unknown flag', args: ['--zoon', 'x'], says: [/unknown option '--zoon'.*--zone/] },
    { what: 'a flag without its value', args: ['--zone'], says: [/--zone <zone>.*missing/] },
    { what: 'no zone at all', args: [], says: [/zone: required, but not set; set --zone, ECS_DNS_ZONE/] },
    {
      what: 'an unknown variable',
      env: { ECS_DNS_HEALTH_TIMOUT: '2s' },
      says: [/ECS_DNS_HEALTH_TIMOUT: unknown variable; did you mean ECS_DNS_HEALTH_TIMEOUT\?/],
    },
    {
      what: 'a bad duration and a bad matcher, a line for each',
      args: ['--zone', ZONE_NAME, '--health-timeout', '2x', '--health-matcher', '2xx'],
      says: [
        /--health-matcher: "2xx" is not valid; write statuses/,
        /--health-timeout: "2x" is not valid; write/,
      ],
    },
    {
      what: 'a file that is not there',
      args: ['--config', join(folder, 'none.yml')],
      says: [/none\.yml: can't be read \(no such file\); name a readable file with --config/],
    },
    {
      what: 'a file that ECS_DNS_CONFIG names in vain',
      env: { ECS_DNS_CONFIG: join(folder, 'none.yml') },
      says: [/no such file.*ECS_DNS_CONFIG/],
    },
    {
      what: 'unknown keys and bad values in a file, a line for each',
      args: ['--config', writeFile('bad.yml', `zone: ${ZONE_NAME}`, 'helth: {}', 'health: { attempts: 0 }')],
      says: [
        /bad\.yml: helth: unknown setting; did you mean health\?/,
        /health\.attempts: 0 is not valid; write/,
      ],
    },
    {
      what: 'a file that is no YAML',
      args: ['--config', writeFile('broken.yml', 'zone: [')],
      says: [/broken\.yml, line \d+: not valid YAML or JSON/],
    },
  ])('$what', async ({ args = ['--zone', ZONE_NAME], env = {}, says }) => {
    const asked = server.log.length;

    const result = await runHere(['apply', '--yes', '--output=json', ...args], server.url, { env });

    expectComplaints(result, says);
    expect(server.log).toHaveLength(asked);
  });
});

describe('what only AWS can tell ends the run before anything is changed', () => {
  test.each<Case>([
    {
      what: 'an unknown cluster',
      args: ['--zone', ZONE_NAME, '--clusters', 'blue,nowhere'],
      says: [/no cluster nowhere.*correct the name/],
    },
    {
      what: 'a zone that is not there',
      args: ['--zone', 'no.internal'],
      says: [/no\.internal.*correct the name/],
    },
    {
      what: 'two zones of one name',
      args: ['--zone', 'twice.internal'],
      says: [/2 hosted zones.*give the id/],
    },
    { what: 'a Cloud Map zone', args: ['--zone', 'map.internal'], says: [/use a hosted zone of your own/] },
    {
      what: 'no credentials',
      aws: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      says: [/no usable AWS credentials.*set AWS_PROFILE/],
    },
    {
      what: 'wrong credentials',
      aws: { AWS_ACCESS_KEY_ID: 'AKIAWRONG' },
      says: [/no usable AWS credentials.*set AWS_PROFILE/],
    },
    { what: 'no region', aws: { AWS_REGION: undefined }, says: [/no AWS region: set AWS_REGION/] },
    {
      what: 'an endpoint where nobody listens',
      aws: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      says: [/cannot be reached.*check AWS_ENDPOINT_URL/],
    },
  ])('$what', async ({ args = ['--zone', ZONE_NAME], aws = {}, says }) => {
    const result = await runHere(['apply', '--yes', '--output=json', ...args], server.url, { aws });

    expectComplaints(result, says);
  });

  test('so it is in a process of its own, in an environment that holds nothing', async () => {
    expectComplaints(await runCli(['plan', '--zone', ZONE_NAME], { AWS_EC2_METADATA_DISABLED: 'true' }), [
      /no AWS region: set AWS_REGION/,
    ]);
  });
});

describe('a command line that makes no sense', () => {
  test.each([
    { args: ['aply'], says: /unknown command 'aply'.*apply/ },
    { args: ['plan', 'now'], says: /too many arguments/ },
    { args: ['plan', '--yes'], says: /unknown option '--yes'/ },
    { args: ['sandbox', '--tasks', 'multi-value'], says: /--tasks.*whole number/ },
    { args: ['sandbox', '--quotas', 'strict'], says: /--quotas.*none, current, older/ },
    { args: ['sandbox', '--latency-ms', '30ms'], says: /--latency-ms.*whole number/ },
  ])('$args', async ({ args, says }) => {
    expectComplaints(await runHere(args, server.url), [says]);
  });
});
