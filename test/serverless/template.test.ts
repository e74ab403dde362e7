import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metricTitle } from '../../src/lambda/publish-metrics.ts';
import { METRICS, type MetricName } from '../../src/report/metrics.ts';
import { EVENT_KINDS } from '../../src/triggers/ecs-event.ts';
import { readZip } from '../lambda/read-zip.ts';
import { cfnLint } from './cfn-lint.ts';
import { deployedResource, evaluate } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const ZONE_ID = 'Z0123456789ABCDEFGHI';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const FUNCTION = 'ecs-dns-blue-reconcile';
const EVENTS_FUNCTION = 'ecs-dns-blue-events';

/** What the stack is deployed with; region and account are left open. */
const GIVEN = {
  'AWS::StackName': 'ecs-dns-blue',
  CodeBucket: 'artefacts',
  CodeKey: 'ecs-dns-1.2.3.zip',
  ZoneId: ZONE_ID,
  ZoneName: 'discovery.internal',
  SubnetIds: ['subnet-a', 'subnet-b'],
  SecurityGroupIds: ['sg-a'],
  AlarmTopicArn: TOPIC,
  MemberAccounts: '222222222222,333333333333',
  Organization: 'o-a1b2c3d4e5',
  Mode: 'apply',
};

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageClone();
});

afterAll(() => packaged?.remove());

function propertiesOf(name: string, type: string): Readonly<Record<string, unknown>> {
  const resource = packaged.template.Resources[name];
  if (resource?.Type !== type) throw new TypeError(`no ${name} of type ${type} in the template`);
  return Object(evaluate(packaged.template, GIVEN)(resource.Properties));
}

/** The same of a stack with other parameters; `undefined` where the resource is not there. */
function propertiesWith(name: string, parameters: Readonly<Record<string, string>>) {
  return deployedResource(packaged.template, name, { ...GIVEN, ...parameters });
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
        SubnetIds: ['subnet-a', 'subnet-b'],
        SecurityGroupIds: ['sg-a'],
      },
    });
  });

  test('is told its zone by id, so that no zone has to be looked up by its name', () => {
    const { Environment } = propertiesOf('ReconcileLambdaFunction', 'AWS::Lambda::Function');
    expect(Environment).toEqual({
      Variables: {
        ECS_DNS_MODE: 'apply',
        ECS_DNS_ZONE: ZONE_ID,
        ECS_DNS_POLICY: 'prune',
        ECS_DNS_RECORDS_IPV6: 'false',
        ECS_DNS_CNAME: 'false',
        ECS_DNS_NAMES: 'metadata',
        ECS_DNS_STOP_UNHEALTHY_TASKS: 'false',
        ECS_DNS_HEALTH_TRUST_TARGET_GROUPS: 'false',
        ECS_DNS_EVERY: '5m',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholder
        ECS_DNS_STATE: { 'Fn::Sub': 'dynamodb:${StateTable}' },
        POWERTOOLS_METRICS_NAMESPACE: 'EcsDns',
        ECS_DNS_LOG_LEVEL: 'info',
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
      RetentionInDays: '30',
    });
    expect(propertiesWith('EventsLogGroup', { LogRetentionDays: '365' })).toEqual({
      LogGroupName: `/aws/lambda/${EVENTS_FUNCTION}`,
      RetentionInDays: '365',
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
    const { Variables } = Object(reconcile?.['Environment']);
    expect(events?.['Environment']).toEqual({
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
      expect(State).toBe('ENABLED');
      expect(propertiesWith(rule, { Events: 'off' })?.['State']).toBe('DISABLED');
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
  expect(propertiesOf('MemberEvents', 'AWS::Events::EventBusPolicy')).toEqual({
    StatementId: `${EVENTS_FUNCTION}-members`,
    Statement: { ...grant, Principal: { AWS: ['222222222222', '333333333333'] } },
  });
  expect(propertiesOf('OrganizationEvents', 'AWS::Events::EventBusPolicy')).toEqual({
    StatementId: `${EVENTS_FUNCTION}-organization`,
    Statement: {
      ...grant,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    },
  });
  expect(propertiesWith('MemberEvents', { MemberAccounts: '' })).toBeUndefined();
  expect(propertiesWith('OrganizationEvents', { Organization: '' })).toBeUndefined();
});

test('the state has a table of its own, billed by the request', () => {
  expect(namesOf('AWS::DynamoDB::Table')).toEqual(['StateTable']);
  expect(propertiesWith('StateTable', { State: 'none' })).toBeUndefined();
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
    State: 'ENABLED',
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
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
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
    for (const alarm of alarms) {
      expect(propertiesOf(alarm, 'AWS::CloudWatch::Alarm')).toMatchObject({
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
      });
      const withoutTopic = propertiesWith(alarm, { AlarmTopicArn: '' });
      expect(withoutTopic).toHaveProperty('AlarmName');
      expect(withoutTopic).not.toHaveProperty('AlarmActions');
      expect(withoutTopic).not.toHaveProperty('OKActions');
    }
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

describe('the parameters', () => {
  const REQUIRED = ['CodeBucket', 'CodeKey', 'SecurityGroupIds', 'SubnetIds', 'ZoneId', 'ZoneName'];

  test('all have a default, but for what nothing can be without', () => {
    const without = Object.entries(packaged.template.Parameters).filter(
      ([, one]) => one.Default === undefined,
    );
    expect(without.map(([name]) => name).toSorted()).toEqual(REQUIRED);
    expect(readFileSync(packaged.templateFile, 'utf8')).not.toContain('given-as-');
  });

  test('are each shown in one group, with a description', () => {
    const { ParameterGroups } = Object(packaged.template['Metadata'])['AWS::CloudFormation::Interface'];
    const shown: string[] = ParameterGroups.flatMap(({ Parameters }: { Parameters: string[] }) => Parameters);
    expect(shown.toSorted()).toEqual(Object.keys(packaged.template.Parameters).toSorted());
    for (const { Description } of Object.values(packaged.template.Parameters))
      expect(Description).not.toBe('');
  });

  test('are checked before anything is deployed: by their type, their values or a pattern', () => {
    const free = Object.entries(packaged.template.Parameters).filter(
      ([, one]) =>
        one.Type === 'String' && !('AllowedValues' in one || 'AllowedPattern' in one || 'MinLength' in one),
    );
    expect(free.map(([name]) => name)).toEqual(['CodeVersion']);
  });

  test.each([
    {
      name: 'AlarmTopicArn',
      fits: ['', TOPIC, `${TOPIC}.fifo`],
      not: ['on-call', 'arn:aws:sqs:eu-west-1:1:a'],
    },
    {
      name: 'MemberAccounts',
      fits: ['', '222222222222', '222222222222,333333333333'],
      not: ['2', '222222222222,'],
    },
    { name: 'Organization', fits: ['', 'o-a1b2c3d4e5'], not: ['a1b2c3d4e5'] },
    { name: 'Cname', fits: ['true', 'false', 'web-*,api-*'], not: ['', 'web api'] },
  ])('$name takes what it is for, and nothing else', ({ name, fits, not }) => {
    const pattern = new RegExp(String(packaged.template.Parameters[name]?.['AllowedPattern']));
    expect(fits.filter((value) => !pattern.test(value))).toEqual([]);
    expect(not.filter((value) => pattern.test(value))).toEqual([]);
  });

  test('a schedule that is off starts nothing, and its silence is no alarm', () => {
    const off = { ScheduleState: 'DISABLED' };
    expect(propertiesWith('Schedule', off)).toMatchObject({ State: 'DISABLED' });
    expect(propertiesWith('NoRunAlarm', off)).toBeUndefined();
    expect(propertiesWith('RunFailedAlarm', off)).toBeDefined();
  });
});

describe('the template', () => {
  test('refers to nothing that is not in it', () => {
    const { Parameters, Resources, Conditions } = packaged.template;
    const { refs, conditions } = references(packaged.template);
    const known = new Set([...Object.keys(Parameters), ...Object.keys(Resources)]);
    expect(refs.filter((name) => !name.startsWith('AWS::') && !known.has(name))).toEqual([]);
    expect(conditions.filter((name) => !(name in Conditions))).toEqual([]);
    expect(Object.keys(Parameters).filter((name) => !refs.includes(name))).toEqual([]);
  });

  test('takes the code from the bucket that the parameters name, in a version if one is given', () => {
    const code = { S3Bucket: 'artefacts', S3Key: 'ecs-dns-1.2.3.zip' };
    for (const name of namesOf('AWS::Lambda::Function')) {
      expect(propertiesWith(name, {})?.['Code']).toEqual(code);
      expect(propertiesWith(name, { CodeVersion: 'v7' })?.['Code']).toEqual({
        ...code,
        S3ObjectVersion: 'v7',
      });
    }
    expect(namesOf('AWS::S3::Bucket')).toEqual([]);
  });

  test('is small enough to be sent as it is', () => {
    expect(statSync(packaged.templateFile).size).toBeLessThan(51_200);
  });

  test('cfn-lint has nothing to say about it', async ({ skip }) => {
    const said = await cfnLint(packaged.templateFile);
    if (said === undefined) skip('cfn-lint is not on the PATH');
    expect(said).toBe('');
  });
});

/** All names that anything refers to. */
function references(value: unknown): { refs: string[]; conditions: string[] } {
  const refs: string[] = [];
  const conditions: string[] = [];
  JSON.stringify(value, (key, inner) => {
    if (key === 'Ref') refs.push(inner);
    if (key === 'Fn::Sub') refs.push(...[...inner.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name));
    if (key === 'Fn::GetAtt') refs.push(inner[0]);
    if (key === 'DependsOn') refs.push(...inner);
    if (key === 'Fn::If') conditions.push(inner[0]);
    if (key === 'Condition' && typeof inner === 'string') conditions.push(inner);
    return inner;
  });
  return { refs, conditions };
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

  test('has its place printed, and that of its template', () => {
    expect(packaged.stdout).toMatch(/\.serverless\/ecs-dns\.zip/);
    expect(packaged.stdout).toMatch(/\.serverless\/template\.yaml/);
  });
});
