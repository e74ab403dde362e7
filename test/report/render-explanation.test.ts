import { expect, it } from 'vitest';
import { type ExplainedEntry, explanationSchema } from '../../src/report/explanation-schema.ts';
import { renderExplanation } from '../../src/report/render-explanation.ts';

const CHECK: NonNullable<ExplainedEntry['check']> = {
  kind: 'http',
  method: 'GET',
  path: '/health',
  expects: '200',
  headers: [],
  hasCredentials: false,
  tlsSkipVerify: false,
  timeoutMs: 2000,
  attempts: 3,
  intervalMs: 500,
  origins: [],
};
const HEALTH: NonNullable<ExplainedEntry['health']> = {
  failingRuns: 0,
  passingRuns: 0,
  unhealthyThreshold: 1,
  healthyThreshold: 1,
  ageSeconds: 100,
  gracePeriodSeconds: 60,
  gracePeriodFrom: 'health.gracePeriod',
};
const ENTRY: ExplainedEntry = {
  name: '_calc._tcp.discovery.internal.',
  type: 'SRV',
  value: '1 1 80 a',
  verdict: 'live',
  reason: 'healthy',
  meaning: 'the `check` passed',
  advice: 'nothing',
  evidence: {},
  recordSet: { Name: '_calc._tcp.discovery.internal.', Type: 'SRV' },
  match: { kind: 'endpoint', by: 'position', meaning: 'leads to a running container' },
  guardrails: [],
  confirmation: [],
  outcome: 'left',
  changes: [],
};
const HOST: NonNullable<ExplainedEntry['host']> = {
  containerInstance: 'arn:instance/1',
  instanceId: 'i-1',
  cluster: 'blue',
  state: 'unreachable',
};
const CONTAINER: NonNullable<ExplainedEntry['container']> = {
  name: 'app',
  task: 'arn:task/1',
  cluster: 'blue',
  phase: 'starting',
  essential: false,
  ecsHealth: 'UNKNOWN',
};

function render(over: Partial<ExplainedEntry>, width?: number): string {
  const document = explanationSchema.parse({
    version: 1,
    mode: 'explain',
    zone: { id: 'Z1', name: 'discovery.internal.' },
    selector: 'x',
    startedAt: new Date(0).toISOString(),
    durationMs: 1,
    entries: [{ ...ENTRY, ...over }],
    missing: [],
    incomplete: [],
    notices: [],
    awsCalls: {},
    awsThrottled: 0,
  });
  return renderExplanation(document, { color: false, width });
}

it.each<[string, Partial<ExplainedEntry>, string]>([
  ['a set without weight, identifier and TTL', {}, 'Record       not weighted\n'],
  [
    'a set of several values',
    {
      recordSet: {
        Name: 'x',
        Type: 'SRV',
        TTL: 5,
        ResourceRecords: [{ Value: '1 1 80 a' }, { Value: '\u0007' }],
      },
    },
    'Record       not weighted, TTL 5\n               also in the set: \\u0007\n',
  ],
  [
    'a srvRecord without a container',
    { srvRecord: { service: '_calc._tcp', port: 80, target: 'a' } },
    'Claims       service _calc._tcp at a port 80\n',
  ],
  [
    'an endpoint without a name and an address',
    { endpoint: { port: 80, containerPort: 8080, protocol: 'tcp' } },
    'a port without a name at no address known:80/tcp, port 8080 of the container\n',
  ],
  [
    'a host of which little is known',
    { host: HOST },
    'Host         i-1 of cluster blue\n               EC2 does not know the instance, and the ECS agent is not connected; the container instance is arn:instance/1\n',
  ],
  [
    'a container of which little is known',
    { container: CONTAINER },
    'Container    app (its id is not known yet), starting, not essential, ECS health UNKNOWN, of no ECS service\n               arn:task/1\n',
  ],
  [
    'no check, and why',
    { check: { ...CHECK, kind: 'none', origins: [{ part: 'kind', from: 'health.enabled is false' }] } },
    'Check        none\n               kind: health.enabled is false\n',
  ],
  [
    'a check by TCP',
    { check: { ...CHECK, kind: 'tcp' } },
    'Check        tcp, timeout 2s, 3 attempts, 500ms apart\n',
  ],
  [
    'everything that a check can have',
    {
      check: {
        ...CHECK,
        kind: 'https',
        hostName: 'h',
        bodyContains: 'ok',
        headers: ['X-Token'],
        hasCredentials: true,
        tlsSkipVerify: true,
      },
    },
    'https GET /health, expects 200, host h, body contains "ok", headers X-Token, with credentials, any certificate, timeout 2s',
  ],
  [
    'a probe for which there was no time',
    { probe: { address: '10.0.0.1', port: 80, kind: 'indeterminate', reason: 'deadline', attempts: [] } },
    'Probe        10.0.0.1:80 is indeterminate: deadline\n',
  ],
  [
    'a history',
    { health: { ...HEALTH, failingRuns: 3, passingRuns: 1, unhealthyThreshold: 2, healthyThreshold: 3 } },
    'before this run the check failed in 3 runs in a row, and passed in 1 run since; the endpoint is unhealthy once it fails in 2 runs in a row, and healthy once it passes in 3 runs in a row\n',
  ],
  [
    'an age in minutes and seconds',
    { health: HEALTH },
    'the container started 1m40s ago; the grace period is 1m (health.gracePeriod)\n',
  ],
  ['an age in hours', { health: { ...HEALTH, ageSeconds: 3_700 } }, 'the container started 1h1m ago'],
  [
    'an age of more than a day',
    { health: { ...HEALTH, ageSeconds: 100_000 } },
    'the container started 1d3h ago',
  ],
  ['an age in days', { health: { ...HEALTH, ageSeconds: 200_000 } }, 'the container started 2d7h ago'],
  ['no age', { health: { ...HEALTH, ageSeconds: undefined } }, 'when the container started is unknown'],
  [
    'words without their backticks',
    {},
    'Verdict      live: healthy: the check passed\n  A run would  leave the entry\n',
  ],
  ['advice', { advice: 'look at `it`' }, '\n               to do: look at it\n'],
  [
    'a confirmation',
    { confirmation: [{ asked: 'EC2 for i-1', seen: 'it exists' }] },
    'Confirmation EC2 for i-1: it exists\n',
  ],
])('%s', (_, over, expected) => {
  expect(render(over)).toContain(expected);
});

it('keeps the columns of guardrails where their words are broken', () => {
  const guardrails: ExplainedEntry['guardrails'] = [
    { guardrail: 'removal-budget', answer: 'passes', decides: false, detail: 'all of it' },
    {
      guardrail: 'min-endpoints',
      answer: 'holds',
      decides: true,
      detail: 'the name would be left with fewer than it may have',
    },
  ];

  expect(render({ guardrails }, 60)).toContain(
    [
      '  Guardrails   removal-budget  passes      all of it',
      '               min-endpoints   holds',
      '                 the name would be left with fewer than it',
      '                 may have',
    ].join('\n'),
  );
});

it('has what a guardrail says below its name where both do not fit into the line', () => {
  const told = (guardrail: string, detail: string) => ({
    guardrail,
    answer: 'passes' as const,
    decides: false,
    detail,
  });
  const guardrails = [
    told('min-endpoints', 'enough is left'),
    told('host-not-covered', 'EC2 has no ip-10-66-0-1.ec2.internal, and would know it in us-east-1'),
  ];

  expect(render({ guardrails }, 80)).toContain(
    [
      '  Guardrails   min-endpoints     passes      enough is left',
      '               host-not-covered  passes',
      '                 EC2 has no ip-10-66-0-1.ec2.internal, and would know it in',
      '                 us-east-1',
    ].join('\n'),
  );
});
