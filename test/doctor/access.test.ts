import { beforeEach, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { ACTIONS } from '../../src/iam/actions.ts';
import { accessTo } from '../aws/support.ts';
import { serve, ZONE_NAME } from '../end-to-end/support.ts';
import { examine, lineOf, twoClusters } from './support.ts';

const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
const CNAMES = ['--policy', 'sync', '--cname'];
const TARGETS = ['--health-trust-target-groups', 'true'];
const REGISTRIES = ['--names', 'registries'];
const NOBODY = { url: 'http://127.0.0.1:1', log: [] };

/** The checks whose finding has the given status. */
function withStatus(status: string, { findings }: Awaited<ReturnType<typeof examine>>): readonly string[] {
  return findings.filter((finding) => finding.status === status).map(({ check }) => check);
}

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

describe('what every call needs', () => {
  test('no region: nothing is asked', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    const examination = await examine(server, [], { aws: { AWS_REGION: undefined } });
    expect(examination.failed).toEqual(['region']);
    expect(examination.of('region')).toMatch(/→ set AWS_REGION/);
    expect(withStatus('ok', examination)).toEqual(['credentials']);
    expect(examination.of('zone')).toBe('skip: there is no region');
    expect(server.log).toEqual([]);
  });

  test('no credentials: nothing is asked', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    const examination = await examine(server, [], { aws: NO_KEYS });
    expect(examination.failed).toEqual(['credentials']);
    expect(examination.of('credentials')).toMatch(/CredentialsProviderError.*→ set AWS_PROFILE/);
    expect(examination.of('zone')).toBe('skip: there are no credentials');
    expect(server.log).toEqual([]);
  });

  test('credentials that AWS refuses', async () => {
    const { world } = await twoClusters({ kind: 'healthy' });
    const server = await serve(world, { requireAccessKey: 'AKIASANDBOX' });
    const examination = await examine(server, [], { aws: { AWS_ACCESS_KEY_ID: 'AKIAWRONG' } });
    expect(examination.failed).toEqual(['credentials']);
    expect(examination.of('credentials')).toMatch(/(?:InvalidClientTokenId|Unrecognized).*→ set AWS_PROFILE/);
    expect(examination.of('endpoint-ecs')).toBe('ok: answers');
    expect(examination.of('zone')).toBe('skip: the call that finds it fails');
    expect(examination.of('ecs:ListClusters')).toBe('skip: the credentials are refused');
    expect(examination.of('clusters')).toBe('skip: the call that lists them fails');
  });

  test('endpoints that refuse the connection', async () => {
    const { failed, of } = await examine(NOBODY);
    expect(failed).toEqual(['endpoint-route53', 'endpoint-ecs', 'endpoint-ec2']);
    expect(of('endpoint-ecs')).toMatch(/ECONNREFUSED.*→ check AWS_ENDPOINT_URL.*interface endpoint for ecs$/);
    expect(of('credentials')).toBe('ok: found; no service could be asked about them');
    expect(of('ecs:ListClusters')).toBe('skip: the endpoint cannot be reached');
  });

  test('endpoints that refuse the connection, that of load balancers among them once it is needed', async () => {
    const { failed, of } = await examine(NOBODY, CNAMES);
    expect(failed).toEqual([
      'endpoint-route53',
      'endpoint-ecs',
      'endpoint-ec2',
      'endpoint-elasticloadbalancing',
    ]);
    expect(of('endpoint-elasticloadbalancing')).toMatch(/interface endpoint for elasticloadbalancing$/);
    expect(of('elasticloadbalancing:DescribeTargetGroups')).toBe('skip: the endpoint cannot be reached');
    expect(of('ecs:ListServices')).toBe('skip: there was nothing to try it on');
    expect(of('credentials')).toBe('ok: found; no service could be asked about them');
  });

  test('an endpoint that never answers', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    server.addFault({ operation: 'ec2:*', effect: { kind: 'hang' } });
    const settings = parseSettings({
      env: {},
      flags: { '--zone': ZONE_NAME, '--health-enabled': 'false' },
    });
    const { findings } = await diagnose(settings, new AbortController().signal, {
      access: accessTo(server.url),
      callTimeoutMs: 5_000,
    });
    expect(lineOf('endpoint-ec2', findings)).toMatch(/^fail: no answer within 5s → .*NAT gateway/);
    expect(lineOf('ec2:DescribeInstances', findings)).toBe('skip: the endpoint cannot be reached');
    expect(lineOf('endpoint-ecs', findings)).toBe('ok: answers');
    expect(lineOf('clusters', findings)).toMatch(/^ok: 2: blue/);
  });
});

/** What changes something, or asks of a change. */
const UNTRIED: ReadonlySet<string> = new Set([
  'route53:ChangeResourceRecordSets',
  'route53:GetChange',
  'ecs:StopTask',
  'events:PutEvents',
  'sns:Publish',
]);
/** A run does without it. */
const OPTIONAL = 'route53:ListResourceRecordSetProtections';
const READING = ACTIONS.map(({ action }) => action).filter(
  (action) => !/^(?:dynamodb|sqs):/.test(action) && !UNTRIED.has(action) && action !== OPTIONAL,
);
const DENIALS: Readonly<Record<string, string>> = {
  ecs: 'AccessDeniedException',
  ec2: 'UnauthorizedOperation',
  route53: 'AccessDenied',
  elasticloadbalancing: 'AccessDenied',
  servicediscovery: 'AccessDeniedException',
};
/** What the actions need that the settings of the other examinations have no use for. */
const NEEDING: Readonly<Record<string, readonly string[]>> = {
  'ecs:ListServices': CNAMES,
  'elasticloadbalancing:DescribeLoadBalancers': CNAMES,
  'elasticloadbalancing:DescribeTargetGroups': CNAMES,
  'elasticloadbalancing:DescribeTargetHealth': TARGETS,
  'servicediscovery:ListNamespaces': REGISTRIES,
  'servicediscovery:ListServices': REGISTRIES,
};

describe('an action that is denied fails alone, and the remedy names it', () => {
  test.each(READING)('%s', async (action) => {
    const fleet = await twoClusters({ kind: 'healthy' });
    const server = await serve(fleet.world);
    const [service = '', name = ''] = action.split(':');
    const code = DENIALS[service] ?? '';
    for (const api of service === 'elasticloadbalancing' ? ['elbv2', 'elb'] : [service])
      server.addFault({ operation: `${api}:${name}`, effect: { kind: 'error', code, status: 403 } });
    const args = NEEDING[action] ?? [];

    const { failed, of } = await examine(server, args);

    expect(failed).toEqual([action]);
    expect(of(action)).toMatch(new RegExp(`${code}.* → grant ${action}: \`ecs-dns iam\` prints the policy$`));
  });

  test('unless a run does without it, which is said', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    server.addFault({ operation: OPTIONAL, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });
    const { failed, of } = await examine(server, []);
    expect(failed).toEqual([]);
    expect(of(OPTIONAL)).toMatch(/^skip: not permitted: protected names are then found out by a batch/);
  });

  test('in one cluster of two, which is said', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    server.addFault({
      operation: 'ecs:ListTasks',
      when: ({ input }) => String(input['cluster']).endsWith('/green'),
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });

    const { failed, of } = await examine(server);

    expect(failed).toEqual(['ecs:ListTasks']);
    expect(of('ecs:ListTasks')).toMatch(/\(1 of 2 calls\) → grant ecs:ListTasks/);
    expect(of('clusters')).toBe('ok: 2: blue (1 task, 1 instance), green (unknown tasks, 1 instance)');
  });

  test('or answered with an error of another kind', async () => {
    const server = await serve((await twoClusters({ kind: 'healthy' })).world);
    server.addFault({
      operation: 'ecs:ListTasks',
      effect: { kind: 'error', code: 'InvalidParameterException' },
    });
    const { failed, of } = await examine(server);
    expect(failed).toEqual(['ecs:ListTasks']);
    expect(of('ecs:ListTasks')).toMatch(/InvalidParameterException.* → see what the error says/);
  });
});
