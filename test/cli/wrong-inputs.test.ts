import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  mkdirSync(join(folder, 'directory'));
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

/** A row: what is typed after `ecs-dns`, and its line or lines on stderr, `~` standing for the folder of the test. */
type Row = readonly [line: string, ...says: readonly string[]];

const SET_ZONE =
  'zone: required, but not set; set --zone, ECS_DNS_ZONE or zone in a config file to a hosted-zone id such as Z0123456789ABC, or the exact name of the zone';

/** All of them end with 1, before AWS is asked and before anything is printed on stdout. */
const WRONG: readonly Row[] = [
  // The command.
  ['aply', 'aply: unknown command; did you mean apply? ecs-dns --help lists all'],
  ['frobnicate', 'frobnicate: unknown command; ecs-dns --help lists all'],
  [
    '--zone a.b plan',
    '--zone: there is no command before it; write ecs-dns plan --zone … or another that ecs-dns --help lists',
  ],
  // Its options.
  ['plan --zoon a.b', '--zoon: unknown option; did you mean --zone? ecs-dns plan --help lists all'],
  ['plan --zone a.b --frobnicate=3', '--frobnicate: unknown option; ecs-dns plan --help lists all'],
  ['plan --zone a.b --yes', '--yes: plan has no such option, apply and restore have it; leave it out'],
  [
    'apply --zone a.b --dry-run',
    '--dry-run: apply has no such option; ecs-dns plan shows what it would do, and changes nothing',
  ],
  [
    'watch --zone a.b --dry-run',
    '--dry-run: watch has no such option; ecs-dns plan shows what it would do, and changes nothing',
  ],
  [
    'plan --zone',
    '--zone: the value is missing; write --zone <zone>, or --zone=<zone> where it begins with a dash',
  ],
  [
    'plan --clusters --zone a.b',
    '--clusters: the value is missing; write --clusters <clusters>, or --clusters=<clusters> where it begins with a dash',
  ],
  ['plan --zone a.b --zone c.d', '--zone: given twice, as "a.b" and as "c.d"; leave one of them out'],
  [
    'watch --zone a.b --grace 5s --grace=6s --every 1m --every 1m',
    '--grace: given twice, as "5s" and as "6s"; leave one of them out',
  ],
  [
    'plan --zone a.b --health-basic-auth bob:hush --health-basic-auth bob:hash',
    '--health-basic-auth: given twice, as one value and as another; leave one of them out',
  ],
  ['apply --zone a.b --yes=no', '--yes: it takes no value; write --yes alone'],
  [
    'plan --zone a.b now',
    'plan: "now" is one argument too many; plan takes options only, and what has blanks wants quotes',
  ],
  [
    'explain --zone a.b',
    "explain: <name or set identifier> is missing; give a name such as _orders._tcp, a pattern such as '_orders*', or a set identifier such as ip-10-0-1-2.ec2.internal:0123…",
  ],
  [
    'restore --yes',
    'restore: <journal> is missing; give a file that apply or watch has written, or the log of the Lambda',
  ],
  // All that is wrong with a line, at once.
  [
    'apply --zoon a.b --helth-timeout 2s --grace 5s --policy snc --yes',
    '--zoon: unknown option; did you mean --zone? ecs-dns apply --help lists all',
    '--helth-timeout: unknown option; did you mean --health-timeout? ecs-dns apply --help lists all',
    '--grace: apply has no such option, watch and agent have it; leave it out',
    '--policy: "snc" is not valid; write prune or sync',
  ],
  [
    'watch --cron often --listen 7979 --grace long --every 1ms',
    '--cron: "often" is not valid (invalid configuration format (\'often\'), exactly five, six, or seven space separated parts are required); write "*/5 * * * *" or the like',
    '--listen: "7979" is not valid; write :7979 for this machine alone, or 0.0.0.0:7979 or [::]:7979 for all',
    '--grace: "long" is not valid; write a duration such as 0s, 30s or 2m, at most 24h',
    '--every: "1ms" is not valid; write a duration such as 500ms, 2s, 5m or 1h, from 1s to 24h',
    SET_ZONE,
  ],
  // Settings.
  ['plan', SET_ZONE],
  ['plan --zone a.b --policy snc', '--policy: "snc" is not valid; write prune or sync'],
  [
    'plan --zone a.b --health-timeout 2x',
    '--health-timeout: "2x" is not valid; write a duration such as 500ms, 2s, 5m or 1h, from 1ms to 24h',
  ],
  ['plan --zone a.b --health-matcher 2xx', '--health-matcher: "2xx" is not valid; write statuses'],
  [
    'plan --zone a.b --health-attempts 0',
    '--health-attempts: 0 is not valid; write a whole number from 1 to 10',
  ],
  [
    'plan --zone a.b --health-allow 10.0.0.0/99',
    '--health-allow: "10.0.0.0/99" is not valid; write address ranges',
  ],
  ['plan --zone a.b --clusters=a/b', '--clusters: "a/b" is not valid; write cluster names'],
  ['plan --zone a.b --output xml', '--output: "xml" is not valid; write text'],
  [
    'plan --zone a.b --state ~/directory',
    '--state: "~/directory" is not valid; write the path of a .json file',
  ],
  ['plan --zone a.b --events foo', '--events: "foo" is not valid; write the URL of a standard SQS queue'],
  [
    'plan --zone a.b --health-unhealthy-threshold 2',
    '--health-unhealthy-threshold: 2 needs state, which is not set; set --state',
  ],
  // Files.
  [
    'plan --config ~/none.yml',
    "~/none.yml: can't be read (no such file); name a readable file with --config",
  ],
  [
    'plan --config ~/directory',
    "~/directory: can't be read (a directory); name a readable file with --config",
  ],
  ['plan --config ~/broken.yml', '~/broken.yml, line 1: not valid YAML or JSON'],
  ['plan --config ~/list.yml', '~/list.yml: holds a list, not a mapping; write settings as "name: value"'],
  [
    'plan --config ~/bad.yml',
    '~/bad.yml: helth: unknown setting; did you mean health?',
    '~/bad.yml: health.attempts: 0 is not valid; write a whole number from 1 to 10',
  ],
  [
    'restore --yes ~/none.jsonl',
    '~/none.jsonl: there is no such file: name one that apply or watch has written, by default in',
  ],
  [
    'restore --yes ~/directory',
    '~/directory: it is a directory: name one of the files in it; the newest is the last',
  ],
  ['restore --yes ~/list.yml', '~/list.yml holds no removal: name a file that apply or watch has written'],
  // What a command asks for itself.
  ['apply --zone a.b', 'apply: there is no terminal to ask on: pass --yes to apply without asking'],
  ['iam --zone a.b --account 12', '--account: "12" is no account id; write its twelve digits'],
  [
    'check 10.0.0.1:99999',
    'check: "10.0.0.1:99999" is no address and port: write 10.0.1.2:8080 or [fd00::1]:8080',
  ],
  [
    'compare --zone a.b --policy prune',
    'compare: there is nothing to switch: file and variables say policy prune',
  ],
  ['agent --zone a.b --sync --remove', 'agent: --sync and --remove exclude each other: give one of them'],
  [
    'watch --zone a.b --listen 192.0.2.1:7979',
    '--listen: "192.0.2.1:7979" cannot be listened at (the address is not this machine\'s); give an address of this machine and a port that is free',
  ],
  [
    'watch --zone a.b --listen 127.0.0.1:TAKEN',
    '--listen: "127.0.0.1:TAKEN" cannot be listened at (the port is taken); give an address of this machine and a port that is free',
  ],
  [
    'sandbox --serve --port TAKEN',
    '--port: TAKEN cannot be listened at (it is taken); give another, or none for any free one',
  ],
  ['sandbox --tasks many', '--tasks: "many" is not valid; write a whole number of 0 or more'],
  ['sandbox --quotas strict', '--quotas: "strict" is not valid; write none, current or older'],
  [
    'sandbox --serve --dns TAKEN',
    '--dns: TAKEN cannot be listened at (it is taken); give another, or 0 for any free one',
  ],
  ['sandbox --dns 5300', '--dns needs --serve or --examples: the tour is over before a client could ask'],
  ['sandbox --serve --without-worker', '--without-worker needs --examples: no other sandbox starts a worker'],
  ['sandbox --churn 1', '--churn and --predecessor need --serve: the tour has a fleet of its own'],
];

describe('a wrong input is told in a line that says what to do, before AWS is asked', () => {
  test.each(WRONG)('%s', async (line, ...says) => {
    writeFile('broken.yml', 'zone: [');
    writeFile('list.yml', '- zone');
    writeFile('bad.yml', 'zone: a.b', 'helth: {}', 'health: { attempts: 0 }');
    const taken = new URL(server.url).port;
    const inFull = (text: string) => text.replaceAll('~', folder).replaceAll('TAKEN', taken);
    const asked = server.log.length;

    const { code, stdout, stderr } = await runHere(line.split(' ').map(inFull), server.url);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual(
      says.map((text) => expect.stringContaining(`ecs-dns: ${inFull(text)}`)),
    );
    expect(stderr).not.toMatch(/unexpected error|^ +at /m);
    expect(server.log).toHaveLength(asked);
  });

  test.each([
    [
      'ECS_DNS_HEALTH_TIMOUT',
      '2s',
      'ECS_DNS_HEALTH_TIMOUT: unknown variable; did you mean ECS_DNS_HEALTH_TIMEOUT?',
    ],
    ['ECS_DNS_OUTPUT', 'xml', 'ECS_DNS_OUTPUT: "xml" is not valid; write text'],
    [
      'ECS_DNS_CONFIG',
      '/none.yml',
      "/none.yml: can't be read (no such file); name a readable file with ECS_DNS_CONFIG",
    ],
  ])('the variable %s as %s', async (name, value, says) => {
    const asked = server.log.length;
    const result = await runHere(['plan', '--zone', ZONE_NAME], server.url, { env: { [name]: value } });
    expect(result).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^ecs-dns: [^\n]+\n$/) });
    expect(result.stderr).toContain(says);
    expect(server.log).toHaveLength(asked);
  });

  test('a region that is a slip of the fingers is told by iam, which prints what it was asked for', async () => {
    const args = ['iam', '--zone', 'Z0123456789ABC'];
    const { code, stdout, stderr } = await runHere(args, server.url, { aws: { AWS_REGION: 'eu-wst-1' } });
    expect({ code, policy: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      policy: { Version: '2012-10-17' },
    });
    expect(stderr).toMatch(
      /^ecs-dns: AWS_REGION or the profile: "eu-wst-1" is not named as AWS names[^\n]+\n$/,
    );
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
    {
      what: 'an endpoint without its scheme',
      aws: { AWS_ENDPOINT_URL: 'localhost:4566' },
      says: [/AWS_ENDPOINT_URL: "localhost:4566" is no URL.*write it with its scheme/],
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
