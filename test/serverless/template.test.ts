import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricTitle } from '../../src/lambda/publish-metrics.ts';
import { METRICS, type MetricName } from '../../src/report/metrics.ts';
import { EVENT_KINDS } from '../../src/triggers/ecs-event.ts';
import { readZip } from '../lambda/read-zip.ts';
import { applyConditions } from './conditions.ts';
import { type Packaged, packageClone } from './packaged.ts';

const ZONE_ID = 'Z0123456789ABCDEFGHI';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const FUNCTION = 'ecs-dns-blue-reconcile';
const EVENTS_FUNCTION = 'ecs-dns-blue-events';

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageClone(
    '--stage=blue',
    '--region=eu-west-1',
    `--param=zoneId=${ZONE_ID}`,
    '--param=zoneName=discovery.internal',
    '--param=subnetIds=subnet-a,subnet-b',
    '--param=securityGroupIds=sg-a',
    `--param=alarmTopicArn=${TOPIC}`,
    '--param=memberAccounts=222222222222,333333333333',
    '--param=organization=o-a1b2c3d4e5',
  );
});

afterAll(() => packaged?.remove());

function propertiesOf(name: string, type: string): Readonly<Record<string, unknown>> {
  const resource = packaged.template.Resources[name];
  if (resource?.Type !== type) throw new TypeError(`no ${name} of type ${type} in the template`);
  return resource.Properties;
}

/** What is left of a value once the conditions of the template are applied. */
function chosen(value: unknown): unknown {
  return applyConditions(value, packaged.template.Conditions);
}

function namesOf(type: string): readonly string[] {
  return Object.entries(packaged.template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([name]) => name)
    .toSorted();
}

const getArn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

describe('the function', () => {
  test('runs on the newest runtime, bundled, one at a time, in the VPC that the parameters name', () => {
    expect(propertiesOf('ReconcileLambdaFunction', 'AWS::Lambda::Function')).toMatchObject({
      FunctionName: FUNCTION,
      Handler: 'src/lambda.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1024,
      Timeout: 300,
      ReservedConcurrentExecutions: 1,
      Role: getArn('ReconcileRole'),
      VpcConfig: {
        SubnetIds: { 'Fn::Split': [',', 'subnet-a,subnet-b'] },
        SecurityGroupIds: { 'Fn::Split': [',', 'sg-a'] },
      },
    });
  });

  test('is told its zone by id, so that no zone has to be looked up by its name', () => {
    const { Environment } = propertiesOf('ReconcileLambdaFunction', 'AWS::Lambda::Function');
    expect(chosen(Environment)).toEqual({
      Variables: {
        ECS_DNS_ZONE: ZONE_ID,
        ECS_DNS_POLICY: 'prune',
        ECS_DNS_RECORDS_IPV6: 'false',
        ECS_DNS_CNAME: 'false',
        ECS_DNS_STOP_UNHEALTHY_TASKS: 'false',
        ECS_DNS_EVERY: '5m',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholder
        ECS_DNS_STATE: { 'Fn::Sub': 'dynamodb:${StateTable}' },
        POWERTOOLS_METRICS_NAMESPACE: 'EcsDns',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    });
  });

  test('is never repeated, never started late, and reports what failed to an encrypted queue', () => {
    expect(propertiesOf('ReconcileLambdaEvConf', 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: getArn('FailedRuns') } },
    });
    expect(propertiesOf('FailedRuns', 'AWS::SQS::Queue')).toMatchObject({ SqsManagedSseEnabled: true });
  });

  test('keeps its log for 30 days', () => {
    expect(propertiesOf('ReconcileLogGroup', 'AWS::Logs::LogGroup')).toEqual({
      LogGroupName: `/aws/lambda/${FUNCTION}`,
      RetentionInDays: 30,
    });
  });
});

describe('the function that gets events', () => {
  test('is the same code with the same settings, and a queue', () => {
    const [reconcile, events] = ['ReconcileLambdaFunction', 'EventsLambdaFunction'].map((name) =>
      propertiesOf(name, 'AWS::Lambda::Function'),
    );
    expect(events).toMatchObject({
      FunctionName: EVENTS_FUNCTION,
      Handler: reconcile?.['Handler'],
      Role: getArn('ReconcileRole'),
      VpcConfig: reconcile?.['VpcConfig'],
      Timeout: 60,
    });
    const { Variables } = Object(chosen(reconcile?.['Environment']));
    expect(chosen(events?.['Environment'])).toEqual({
      Variables: { ...Variables, ECS_DNS_EVENTS: { Ref: 'EventQueue' } },
    });
  });

  test('gets them in batches, of which single ones may come again, and which end in a queue for failed ones', () => {
    const [mapping = ''] = namesOf('AWS::Lambda::EventSourceMapping');
    expect(propertiesOf(mapping, 'AWS::Lambda::EventSourceMapping')).toMatchObject({
      EventSourceArn: getArn('EventQueue'),
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    expect(propertiesOf('EventQueue', 'AWS::SQS::Queue')).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 180,
      RedrivePolicy: { deadLetterTargetArn: getArn('FailedEvents'), maxReceiveCount: 3 },
    });
  });

  test('the queue takes messages of these rules alone, and each rule sends to it', () => {
    const rules = namesOf('AWS::Events::Rule');
    expect(rules).toEqual(['InstanceEvents', 'MachineEvents', 'ServiceCalls', 'ServiceEvents', 'TaskEvents']);
    const { PolicyDocument } = propertiesOf('EventQueuePolicy', 'AWS::SQS::QueuePolicy');
    const [{ Condition }] = Object(PolicyDocument).Statement;
    const named: unknown[] = Condition.ArnEquals['aws:SourceArn'];
    expect(named).toHaveLength(rules.length);
    for (const rule of rules) {
      expect(named).toContainEqual(getArn(rule));
      const { State, Targets } = propertiesOf(rule, 'AWS::Events::Rule');
      expect(Targets).toEqual([{ Id: 'queue', Arn: getArn('EventQueue') }]);
      expect(State).toEqual({ 'Fn::If': ['ReactsToEvents', 'ENABLED', 'DISABLED'] });
    }
  });

  test('a rule lets every event through of which something follows', () => {
    const pattern = Object(propertiesOf('TaskEvents', 'AWS::Events::Rule')['EventPattern']);
    expect(pattern.detail.$or).toEqual([
      { lastStatus: ['RUNNING', 'DEACTIVATING', 'STOPPING', 'STOPPED'] },
      { desiredStatus: ['STOPPED'] },
    ]);
    const kinds = namesOf('AWS::Events::Rule').flatMap((rule) => {
      const { source, $or, ...rest } = Object(propertiesOf(rule, 'AWS::Events::Rule')['EventPattern']);
      const parts: readonly Record<string, readonly string[]>[] = $or ?? [rest];
      return parts.flatMap((part) => (part['detail-type'] ?? []).map((kind) => `${source}/${kind}`));
    });
    expect(kinds.toSorted()).toEqual(EVENT_KINDS.toSorted());
  });
});

test('the bus takes events of member accounts and of an organization, where they are named', () => {
  expect(namesOf('AWS::Events::EventBusPolicy')).toEqual(['MemberEvents', 'OrganizationEvents']);
  const grant = {
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: regional('events', 'event-bus/default'),
  };
  expect(packaged.template.Resources['MemberEvents']).toMatchObject({ Condition: 'HasMemberAccounts' });
  expect(propertiesOf('MemberEvents', 'AWS::Events::EventBusPolicy')).toEqual({
    StatementId: `${EVENTS_FUNCTION}-members`,
    Statement: { ...grant, Principal: { AWS: { 'Fn::Split': [',', '222222222222,333333333333'] } } },
  });
  expect(packaged.template.Resources['OrganizationEvents']).toMatchObject({ Condition: 'HasOrganization' });
  expect(propertiesOf('OrganizationEvents', 'AWS::Events::EventBusPolicy')).toEqual({
    StatementId: `${EVENTS_FUNCTION}-organization`,
    Statement: {
      ...grant,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    },
  });
  expect(packaged.template.Conditions).toMatchObject({
    HasMemberAccounts: { 'Fn::Not': [{ 'Fn::Equals': ['222222222222,333333333333', ''] }] },
    HasOrganization: { 'Fn::Not': [{ 'Fn::Equals': ['o-a1b2c3d4e5', ''] }] },
  });
});

test('the state has a table of its own, billed by the request', () => {
  expect(namesOf('AWS::DynamoDB::Table')).toEqual(['StateTable']);
  expect(packaged.template.Resources['StateTable']).toMatchObject({ Condition: 'KeepsState' });
  expect(propertiesOf('StateTable', 'AWS::DynamoDB::Table')).toEqual({
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});

test('EventBridge Scheduler starts it every five minutes, without retries', () => {
  expect(namesOf('AWS::Scheduler::Schedule')).toEqual(['Schedule']);
  expect(propertiesOf('Schedule', 'AWS::Scheduler::Schedule')).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: getArn('ReconcileLambdaFunction'),
      RoleArn: getArn('ScheduleRole'),
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    },
  });
});

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition?: unknown;
}

function statementsOf(role: string): readonly Statement[] {
  const { Policies } = propertiesOf(role, 'AWS::IAM::Role') as {
    Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
  };
  return chosen(Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) as readonly Statement[];
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders
const HERE = '${AWS::Region}:${AWS::AccountId}';
const arn = (rest: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` });
const regional = (service: string, rest: string) => arn(`${service}:${HERE}:${rest}`);

const ZONE = [arn(`route53:::hostedzone/${ZONE_ID}`)];
const IN_REGION = { StringEquals: { 'aws:RequestedRegion': [{ Ref: 'AWS::Region' }] } };
const CLUSTERS = [regional('ecs', 'cluster/*')];
const IN_CLUSTERS = { ArnLike: { 'ecs:cluster': CLUSTERS } };
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholder
const TABLE = [regional('dynamodb', 'table/${StateTable}')];
const OUR_CHANGES = {
  'ForAllValues:StringEquals': {
    'route53:ChangeResourceRecordSetsActions': ['DELETE', 'CREATE'],
    'route53:ChangeResourceRecordSetsRecordTypes': ['SRV', 'A'],
  },
};
const FUNCTIONS = {
  'lambda:SourceFunctionArn': [FUNCTION, EVENTS_FUNCTION].map((name) =>
    regional('lambda', `function:${name}`),
  ),
};
const NOT_BY_THE_CODE = {
  ArnEquals: FUNCTIONS,
};
const INTERFACES = [regional('ec2', '*/*')];

type Grant = readonly [effect: string, action: string, resource: readonly unknown[], condition?: unknown];

/** Everything that the function's role may do, and may not; `*` only where AWS knows no resources. */
const FUNCTION_GRANTS: readonly Grant[] = [
  ['Allow', 'route53:GetHostedZone', ZONE],
  ['Allow', 'route53:ListResourceRecordSets', ZONE],
  ['Allow', 'route53:ListResourceRecordSetProtections', ZONE],
  ['Allow', 'route53:ChangeResourceRecordSets', ZONE, OUR_CHANGES],
  ['Allow', 'ecs:ListClusters', ['*'], IN_REGION],
  ['Allow', 'ecs:DescribeTaskDefinition', ['*'], IN_REGION],
  ['Allow', 'ec2:DescribeInstances', ['*'], IN_REGION],
  ['Allow', 'ec2:DescribeNetworkInterfaces', ['*'], IN_REGION],
  ['Allow', 'ec2:DescribeVpcs', ['*'], IN_REGION],
  ['Allow', 'ecs:ListContainerInstances', CLUSTERS],
  ['Allow', 'ecs:ListTasks', ['*'], IN_CLUSTERS],
  ...['ecs:DescribeContainerInstances', 'ecs:DescribeServices', 'ecs:DescribeTasks'].map(
    (action): Grant => [
      'Allow',
      action,
      ['container-instance/*', 'service/*', 'task/*'].map((rest) => regional('ecs', rest)),
      IN_CLUSTERS,
    ],
  ),
  ['Allow', 'dynamodb:GetItem', TABLE],
  ['Allow', 'dynamodb:PutItem', TABLE],
  ['Allow', 'sqs:ReceiveMessage', [getArn('EventQueue')]],
  ['Allow', 'sqs:DeleteMessage', [getArn('EventQueue')]],
  ['Allow', 'sqs:GetQueueAttributes', [getArn('EventQueue')]],
  ['Allow', 'sqs:SendMessage', [getArn('EventQueue')]],
  ['Allow', 'logs:CreateLogStream', [getArn('ReconcileLogGroup'), getArn('EventsLogGroup')]],
  ['Allow', 'logs:PutLogEvents', [getArn('ReconcileLogGroup'), getArn('EventsLogGroup')]],
  ['Allow', 'sqs:SendMessage', [getArn('FailedRuns')]],
  ['Allow', 'ec2:CreateNetworkInterface', INTERFACES],
  ['Allow', 'ec2:DeleteNetworkInterface', INTERFACES],
  ['Allow', 'ec2:AssignPrivateIpAddresses', INTERFACES],
  ['Allow', 'ec2:UnassignPrivateIpAddresses', INTERFACES],
  ['Allow', 'ec2:DescribeNetworkInterfaces', ['*'], IN_REGION],
  ['Allow', 'ec2:DescribeSubnets', ['*'], IN_REGION],
  ['Deny', 'ec2:CreateNetworkInterface', ['*'], NOT_BY_THE_CODE],
  ['Deny', 'ec2:DeleteNetworkInterface', ['*'], NOT_BY_THE_CODE],
  ['Deny', 'ec2:AssignPrivateIpAddresses', ['*'], NOT_BY_THE_CODE],
  ['Deny', 'ec2:UnassignPrivateIpAddresses', ['*'], NOT_BY_THE_CODE],
  ['Deny', 'ec2:DescribeSubnets', ['*'], NOT_BY_THE_CODE],
];

const SCHEDULE_GRANTS: readonly Grant[] = [
  ['Allow', 'lambda:InvokeFunction', [getArn('ReconcileLambdaFunction')]],
];

describe('what is granted', () => {
  test.each([
    { role: 'ReconcileRole', grants: FUNCTION_GRANTS },
    { role: 'ScheduleRole', grants: SCHEDULE_GRANTS },
  ])('to $role is exactly what the table says', ({ role, grants }) => {
    const found = statementsOf(role).flatMap(({ Effect, Action, Resource, Condition }) =>
      Action.map((action) => [Effect, action, Resource, ...(Condition ? [Condition] : [])]),
    );
    expect(found).toEqual(grants);
  });

  test('no other role and no managed policy is there', () => {
    expect(namesOf('AWS::IAM::Role')).toEqual(['ReconcileRole', 'ScheduleRole']);
    for (const role of namesOf('AWS::IAM::Role')) {
      expect(propertiesOf(role, 'AWS::IAM::Role')).not.toHaveProperty('ManagedPolicyArns');
    }
    expect(namesOf('AWS::IAM::Policy')).toEqual([]);
  });

  test.each([
    { role: 'ReconcileRole', service: 'lambda.amazonaws.com', condition: undefined },
    {
      role: 'ScheduleRole',
      service: 'scheduler.amazonaws.com',
      condition: {
        StringEquals: {
          'aws:SourceAccount': { Ref: 'AWS::AccountId' },
          'aws:SourceArn': regional('scheduler', 'schedule-group/default'),
        },
      },
    },
  ])('$role is taken on by $service alone', ({ role, service, condition }) => {
    expect(propertiesOf(role, 'AWS::IAM::Role')['AssumeRolePolicyDocument']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          ...(condition === undefined ? {} : { Condition: condition }),
        },
      ],
    });
  });
});

const OF_FUNCTION = [{ Name: 'FunctionName', Value: { Ref: 'ReconcileLambdaFunction' } }];
const zoneAnd = (...rest: readonly { readonly Name: string; readonly Value: string }[]) => [
  { Name: 'zone', Value: ZONE_ID },
  ...rest,
];

describe('the alarms', () => {
  test.each([
    {
      alarm: 'RunFailedAlarm',
      when: 'a run failed',
      expected: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: OF_FUNCTION,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      },
    },
    {
      alarm: 'EventsFailedAlarm',
      when: 'events could not be acted on',
      expected: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['FailedEvents', 'QueueName'] } }],
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      },
    },
    {
      alarm: 'NoRunAlarm',
      when: 'there was no run for 15 minutes',
      expected: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: OF_FUNCTION,
        Period: 900,
        EvaluationPeriods: 1,
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      },
    },
    {
      alarm: 'ConflictsAlarm',
      when: 'conflicts stay',
      expected: {
        Namespace: 'EcsDns',
        MetricName: 'Changes',
        Dimensions: zoneAnd({ Name: 'status', Value: 'conflict' }),
        EvaluationPeriods: 4,
        DatapointsToAlarm: 3,
        Threshold: 1,
      },
    },
    {
      alarm: 'NameEmptiedAlarm',
      when: 'a name was emptied behind a run',
      expected: {
        Namespace: 'EcsDns',
        MetricName: 'PutBack',
        Dimensions: zoneAnd(),
        EvaluationPeriods: 1,
        Threshold: 1,
      },
    },
    {
      alarm: 'ThrottledAlarm',
      when: 'AWS keeps throttling',
      expected: {
        Namespace: 'EcsDns',
        MetricName: 'AwsThrottled',
        Dimensions: zoneAnd(),
        EvaluationPeriods: 4,
        DatapointsToAlarm: 3,
        Threshold: 1,
      },
    },
  ])('$alarm goes off when $when', ({ alarm, expected }) => {
    expect(propertiesOf(alarm, 'AWS::CloudWatch::Alarm')).toMatchObject(expected);
  });

  test('HeldBackAlarm goes off when the budget, the panic threshold or the self-test holds back', () => {
    const metricStat = (guardrail: string) =>
      expect.objectContaining({
        MetricStat: expect.objectContaining({
          Metric: {
            Namespace: 'EcsDns',
            MetricName: 'HeldBack',
            Dimensions: zoneAnd({ Name: 'guardrail', Value: guardrail }),
          },
        }),
      });
    expect(propertiesOf('HeldBackAlarm', 'AWS::CloudWatch::Alarm')).toMatchObject({
      Metrics: [
        { Expression: 'FILL(budget, 0) + FILL(panic, 0) + FILL(network, 0)', ReturnData: true },
        metricStat('removal-budget'),
        metricStat('panic-threshold'),
        metricStat('network-self-test'),
      ],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('are these six, and each tells the topic, if there is one', () => {
    const alarms = namesOf('AWS::CloudWatch::Alarm');
    expect(alarms).toEqual([
      'ConflictsAlarm',
      'EventsFailedAlarm',
      'HeldBackAlarm',
      'NameEmptiedAlarm',
      'NoRunAlarm',
      'RunFailedAlarm',
      'ThrottledAlarm',
    ]);
    const actions = { 'Fn::If': ['HasAlarmTopic', [TOPIC], { Ref: 'AWS::NoValue' }] };
    for (const alarm of alarms) {
      expect(propertiesOf(alarm, 'AWS::CloudWatch::Alarm')).toMatchObject({
        AlarmActions: actions,
        OKActions: actions,
      });
    }
    expect(packaged.template.Conditions).toMatchObject({
      HasAlarmTopic: { 'Fn::Not': [{ 'Fn::Equals': [TOPIC, ''] }] },
    });
  });
});

/** The dashboard as CloudWatch gets it. */
function dashboard(): { readonly widgets: readonly { readonly properties: { readonly title?: string } }[] } {
  const { DashboardBody } = propertiesOf('Dashboard', 'AWS::CloudWatch::Dashboard') as {
    DashboardBody: { 'Fn::Sub': string };
  };
  return JSON.parse(DashboardBody['Fn::Sub']);
}

describe('the dashboard', () => {
  test('shows what there is to see', () => {
    const titles = dashboard().widgets.flatMap(({ properties }) => properties.title ?? []);
    expect(titles).toEqual([
      'Entries by verdict',
      'Removals by reason',
      'Stale-record-minutes',
      'Held back, by guardrail',
      'Probe latency, percentiles (ms)',
      'AWS calls by operation, and those throttled',
      'Duration (ms) against the deadline (%)',
      'Runs, and those that failed',
    ]);
  });

  test.each<{ metric: MetricName }>([
    { metric: 'entries' },
    { metric: 'removals' },
    { metric: 'heldBack' },
    { metric: 'awsCalls' },
  ])('searches for $metric by the dimensions that it is printed with', ({ metric }) => {
    const dimensions = ['zone', ...METRICS[metric].labels].join(',');
    expect(expressions()).toContainEqual(
      expect.stringContaining(
        `SEARCH('{EcsDns,${dimensions}} MetricName="${metricTitle(metric)}" zone="${ZONE_ID}"'`,
      ),
    );
  });

  test.each<{ metric: MetricName; labels: readonly string[] }>([
    { metric: 'staleRecordMinutes', labels: [] },
    { metric: 'probeLatency', labels: ['quantile', '0.5'] },
    { metric: 'awsThrottled', labels: [] },
    { metric: 'duration', labels: [] },
  ])('draws $metric', ({ metric, labels }) => {
    const series = ['EcsDns', metricTitle(metric), 'zone', ZONE_ID, ...labels];
    expect(drawn()).toContainEqual(series);
  });

  function metrics(): readonly unknown[] {
    return dashboard().widgets.flatMap(({ properties }) => Reflect.get(properties, 'metrics') ?? []);
  }

  function expressions(): readonly unknown[] {
    return metrics().flatMap((series) =>
      Array.isArray(series) && typeof series[0] === 'object' ? [Reflect.get(series[0], 'expression')] : [],
    );
  }

  /** The series without what says how to draw them. */
  function drawn(): readonly unknown[] {
    return metrics().map((series) =>
      Array.isArray(series) ? series.filter((part) => typeof part === 'string') : series,
    );
  }
});

/** Texts that stand in the sandbox and nowhere else. */
const SANDBOX_MARKERS = ['Not an ECS, EC2', 'storefront', 'startSandboxServer'];

function sandboxSource(): string {
  const folder = fileURLToPath(new URL('../../src/sandbox/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

describe('the artefact', () => {
  test('is one file of at most 3 MiB', () => {
    expect(statSync(packaged.zip).size).toBeLessThanOrEqual(3 * 1024 * 1024);
    expect([...readZip(packaged.zip).keys()]).toEqual(['src/lambda.cjs']);
  });

  test('has the SDK in it, and nothing of the sandbox', () => {
    const bundle = readZip(packaged.zip).get('src/lambda.cjs')?.toString('utf8') ?? '';
    expect(bundle).toContain('ChangeResourceRecordSetsCommand');
    const source = sandboxSource();
    for (const marker of SANDBOX_MARKERS) {
      expect(source).toContain(marker);
      expect(bundle).not.toContain(marker);
    }
  });

  test('has its place printed, and no word of example values when all were given', () => {
    expect(packaged.stdout).toMatch(/\.serverless\/cloudformation-template-update-stack\.json/);
    expect(packaged.stdout).toMatch(/\.serverless\/ecs-dns\.zip/);
    expect(packaged.stdout).not.toContain('example');
  });
});
