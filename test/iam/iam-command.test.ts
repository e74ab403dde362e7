import { describe, expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { policyOf, ZONE_ID } from './support.ts';

const NOBODY = 'http://127.0.0.1:1';
const NO_AWS = { AWS_REGION: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

describe('with the id of the zone, nothing of AWS is needed', () => {
  test.each<{ what: string; args: readonly string[]; policy: ReturnType<typeof policyOf> }>([
    { what: 'the defaults', args: [], policy: policyOf() },
    { what: '--policy prune', args: ['--policy', 'prune'], policy: policyOf() },
    { what: '--read-only', args: ['--read-only'], policy: policyOf({}, { readOnly: true }) },
    {
      what: 'settings, as of a run',
      args: ['--clusters', 'blue', '--state', 'dynamodb:ecs-dns', '--no-health-enabled'],
      policy: policyOf({
        '--clusters': 'blue',
        '--state': 'dynamodb:ecs-dns',
        '--health-enabled': 'false',
      }),
    },
    {
      what: '--account',
      args: ['--account', '123456789012'],
      policy: policyOf({}, { scope: { region: undefined, account: '123456789012' } }),
    },
  ])('$what', async ({ args, policy }) => {
    const { code, stdout, stderr } = await runHere(['iam', '--zone', ZONE_ID, ...args], NOBODY, {
      aws: NO_AWS,
    });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${JSON.stringify(policy, null, 2)}\n`);
  });

  test('the region of the SDK goes into the ARNs', async () => {
    const { stdout } = await runHere(['iam', '--zone', ZONE_ID], NOBODY, {
      aws: { ...NO_AWS, AWS_REGION: 'eu-west-1' },
    });
    expect(JSON.parse(stdout)).toEqual(policyOf({}, { scope: { region: 'eu-west-1', account: undefined } }));
  });
});

test('the agent of a host needs Route 53 alone, and an event bus where there is one', async () => {
  const args = ['iam', '--zone', ZONE_ID, '--agent', '--policy', 'sync', '--cname', '--event-bus', 'dns'];
  const { stdout } = await runHere(args, NOBODY, { aws: NO_AWS });
  const { Statement } = JSON.parse(stdout) as ReturnType<typeof policyOf>;
  expect(Statement.map(({ Sid, Action }) => [Sid, ...Action])).toEqual([
    [
      'ReadZone',
      'route53:GetHostedZone',
      'route53:ListResourceRecordSets',
      'route53:ListResourceRecordSetProtections',
    ],
    ['ChangeZone', 'route53:ChangeResourceRecordSets'],
    ['SendEvents', 'events:PutEvents'],
  ]);
  const condition = Statement[1]?.Condition?.['ForAllValues:StringEquals'];
  expect(condition?.['route53:ChangeResourceRecordSetsRecordTypes']).toEqual(['SRV', 'A']);
});

test('with the name of the zone, its id is looked up, and nothing else is asked', async () => {
  const { world, zone } = newFleet();
  const server = await serve(world);

  const { code, stdout, stderr } = await runHere(['iam', '--zone', ZONE_NAME], server.url);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const scope = { region: 'us-east-1', account: undefined };
  expect(JSON.parse(stdout)).toEqual(policyOf({ '--zone': ZONE_NAME }, { zoneId: zone.id, scope }));
  expect(server.counts()).toEqual({ 'route53:ListHostedZonesByName': 1 });
});

test.each([
  ['a zone that nobody has', ['--zone', 'nobody.internal'], /no hosted zone is named nobody\.internal/],
  [
    'an account that is none',
    ['--zone', ZONE_ID, '--account', '1234'],
    /--account: "1234" is no account id; write its twelve digits/,
  ],
  ['a policy that there is not', ['--zone', ZONE_ID, '--policy', 'burn'], /--policy: "burn" is not valid/],
  ['no zone', [], /zone: required/],
])('%s is one line on stderr, and no policy', async (_, args, says) => {
  const server = await serve(newFleet().world);

  const { code, stdout, stderr } = await runHere(['iam', ...args], server.url);

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr.trimEnd()).not.toContain('\n');
});
