import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from '../iam/support.ts';
import { cfnLint } from './cfn-lint.ts';
import { DEPLOYMENTS, flagsOf, grantsOf, type Parameters, statements, TABLE } from './deployments.ts';
import { evaluate } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const CDK = 'deploy/cdk';
const SYNTH = fileURLToPath(new URL('./synth-cdk.mjs', import.meta.url));
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:on-call';

/** Installed apart from the project's own dependencies, since it is larger than all of them together. */
const isInstalled = existsSync(join(CDK, 'node_modules/aws-cdk-lib'));

const template = z.looseObject({
  Parameters: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}) })),
});
type Synthesised = z.infer<typeof template>;

interface Case {
  readonly props: Readonly<Record<string, unknown>>;
  readonly twice?: boolean;
  readonly newZone?: boolean;
}

/** Patterns, `true` or `false`, as the construct takes them. */
const switchOf = (text: string | undefined) =>
  text === undefined || text === 'true' || text === 'false' ? text && text === 'true' : text.split(',');

function propsOf(parameters: Parameters): Case['props'] {
  const props = {
    mode: parameters['Mode'],
    policy: parameters['Policy'],
    names: parameters['Names']?.split(','),
    namespace: parameters['Namespace'],
    ipv6: switchOf(parameters['Ipv6']),
    cname: switchOf(parameters['Cname']),
    stopUnhealthyTasks: switchOf(parameters['StopUnhealthyTasks']),
    trustTargetGroups: switchOf(parameters['TrustTargetGroups']),
    noticeTopicArn: parameters['NoticeTopicArn'],
    eventBusName: parameters['EventBus'],
    state: parameters['State'],
  };
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}

const SETTINGS = DEPLOYMENTS.flatMap(([what, parameters, flags, variables]) =>
  ['plan', 'apply'].map((mode) => ({
    name: `${what}, in mode ${mode}`,
    props: propsOf({ ...parameters, Mode: mode }),
    variables: { ...variables, ECS_DNS_MODE: mode },
    expected: policyOf(flagsOf(parameters, flags), { scope: SOMEWHERE, readOnly: mode === 'plan' }),
  })),
);

const OTHERS = {
  bare: { props: {} },
  most: { props: { memberAccounts: ['222222222222'], organization: 'o-a1b2c3d4e5' } },
  full: {
    props: {
      mode: 'apply',
      scheduleState: 'DISABLED',
      alarmTopicArn: TOPIC,
      metricsNamespace: 'Dns',
      logLevel: 'warn',
      logRetention: 365,
      events: false,
      memberAccounts: ['222222222222', '333333333333'],
      organization: 'o-a1b2c3d4e5',
      settings: { ECS_DNS_HEALTH_PATH: '/ready' },
    },
  },
  twice: { props: {}, twice: true },
  newZone: { props: {}, newZone: true },
} satisfies Record<string, Case>;

let packaged: Packaged;
let folder: string;
let made: readonly { readonly template?: unknown; readonly error?: string }[];

/** The package as it is published, built of a copy of this checkout. */
async function build(): Promise<string> {
  const clone = join(packaged.folder, 'clone');
  const copy = join(clone, CDK);
  mkdirSync(copy, { recursive: true });
  cpSync('tsconfig.json', join(clone, 'tsconfig.json'));
  for (const name of ['src', 'package.json', 'tsconfig.json'])
    cpSync(join(CDK, name), join(copy, name), { recursive: true });
  symlinkSync(resolve(CDK, 'node_modules'), join(copy, 'node_modules'));
  await promisify(execFile)(process.execPath, [join(clone, 'scripts/package-cdk.mjs')]);
  return copy;
}

async function synthesise(cases: readonly Case[]): Promise<typeof made> {
  const child = fork(SYNTH, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send({ folder, cases });
  const [answer] = await once(child, 'message');
  return answer;
}

function templateAt(index: number): Synthesised {
  const { template: one, error } = made[index] ?? {};
  expect(error).toBeUndefined();
  return template.parse(one);
}

function other(name: keyof typeof OTHERS) {
  return SETTINGS.length + Object.keys(OTHERS).indexOf(name);
}

/** The logical id of a resource of the template; empty where it is not there. */
function idOf({ Resources }: Synthesised, name: string): string {
  const form = new RegExp(`^EcsDnsTemplate${name}[0-9A-F]{8}$`);
  return Object.keys(Resources).find((id) => form.test(id)) ?? '';
}

/** A resource of the template as it is deployed. */
function resourceOf(synthesised: Synthesised, name: string) {
  const id = idOf(synthesised, name);
  const table = idOf(synthesised, 'StateTable');
  const here = {
    'AWS::Partition': 'aws',
    'AWS::Region': SOMEWHERE.region,
    'AWS::AccountId': SOMEWHERE.account,
    'AWS::StackName': 'ecs-dns-prod',
    [table]: TABLE,
  };
  return Object(evaluate({ Parameters: {}, Conditions: {} }, here)(synthesised.Resources[id]?.Properties));
}

const environmentOf = (synthesised: Synthesised, name: string) =>
  resourceOf(synthesised, name).Environment.Variables;

describe.skipIf(!isInstalled && process.env['CI'] === undefined)(
  'the CDK construct (npm ci --prefix deploy/cdk)',
  () => {
    beforeAll(async () => {
      packaged = await packageClone();
      folder = await build();
      made = await synthesise([...SETTINGS, ...Object.values(OTHERS)]);
    });

    afterAll(() => packaged?.remove());

    describe.each(SETTINGS.map((one, index) => ({ ...one, index })))(
      'for $name',
      ({ expected, variables, index }) => {
        test('grants what a run needs, and nothing else', () => {
          const { Policies } = resourceOf(templateAt(index), 'ReconcileRole');
          const [policy] = Policies.filter(
            ({ PolicyName }: { PolicyName: string }) => PolicyName === 'reconcile',
          );
          const Statement = statements.parse(policy.PolicyDocument.Statement);
          const granted = { Version: '2012-10-17', Statement } as PolicyDocument;
          expect(actionsOf(granted)).toEqual(actionsOf(expected));
          expect(grantsOf(granted)).toEqual(grantsOf(expected));
        });

        test('tells both functions so', () => {
          for (const name of ['ReconcileLambdaFunction', 'EventsLambdaFunction'])
            expect(environmentOf(templateAt(index), name)).toMatchObject({
              ECS_DNS_ZONE: ZONE_ID,
              ...variables,
            });
        });
      },
    );

    test('only plans, unless told to apply', () => {
      expect(environmentOf(templateAt(other('bare')), 'ReconcileLambdaFunction')['ECS_DNS_MODE']).toBe(
        'plan',
      );
    });

    test('runs in the network that it is given, with the code that it brings along', () => {
      const { Code, VpcConfig } = resourceOf(templateAt(other('bare')), 'ReconcileLambdaFunction');
      expect(VpcConfig).toEqual({
        SubnetIds: ['subnet-0a1b2c3d', 'subnet-0c2d3e4f'],
        SecurityGroupIds: ['sg-0e3f4a5b'],
      });
      expect(Code).toEqual({
        S3Bucket: 'cdk-hnb659fds-assets-123456789012-us-east-1',
        S3Key: expect.stringMatching(/^[0-9a-f]{64}\.zip$/),
      });
      expect(readFileSync(join(folder, 'dist/ecs-dns.zip'))).toEqual(readFileSync(packaged.zip));
    });

    test('hands on everything else', () => {
      const full = templateAt(other('full'));
      expect(resourceOf(full, 'Schedule')).toMatchObject({ State: 'DISABLED' });
      expect(resourceOf(full, 'RunFailedAlarm')).toMatchObject({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
      expect(resourceOf(full, 'ReconcileLogGroup')).toMatchObject({ RetentionInDays: 365 });
      expect(resourceOf(full, 'TaskEvents')).toMatchObject({ State: 'DISABLED' });
      expect(resourceOf(full, 'ThrottledAlarm')).toMatchObject({ Namespace: 'Dns' });
      expect(resourceOf(full, 'MemberEvents').Statement.Principal.AWS).toEqual([
        '222222222222',
        '333333333333',
      ]);
      expect(resourceOf(full, 'OrganizationEvents').Statement.Condition).toEqual({
        StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      });
      for (const name of ['ReconcileLambdaFunction', 'EventsLambdaFunction'])
        expect(environmentOf(full, name)).toMatchObject({
          ECS_DNS_HEALTH_PATH: '/ready',
          ECS_DNS_LOG_LEVEL: 'warn',
          POWERTOOLS_METRICS_NAMESPACE: 'Dns',
        });
    });

    test('has a prop for each parameter of the template', () => {
      const taken = readFileSync(join(CDK, 'src/parameters.ts'), 'utf8');
      const parameters = Object.keys(packaged.template.Parameters).filter((name) => !name.startsWith('Code'));
      expect(parameters.filter((name) => !taken.includes(`    ${name}: `))).toEqual([]);
    });

    test('leaves no parameter and no condition open, and loses none of the resources of the template', () => {
      const synthesised = templateAt(other('most'));
      expect(Object.keys(synthesised.Parameters)).toEqual(['BootstrapVersion']);
      expect(synthesised).not.toHaveProperty('Conditions');
      expect(JSON.stringify(synthesised)).not.toContain('Fn::If');
      const missing = Object.keys(packaged.template.Resources).filter(
        (name) => idOf(synthesised, name) === '',
      );
      expect(missing).toEqual([]);
    });

    test('refuses a second one in a stack, and a zone whose id is not known before', () => {
      expect(made[other('twice')]?.error).toMatch(/^EcsDns: a stack can hold one of them/);
      expect(made[other('newZone')]?.error).toMatch(/^EcsDns: the id of the zone is known only when/);
    });

    test.each(['bare', 'full'] as const)(
      'cfn-lint has nothing to say about what it makes: %s',
      async (name) => {
        const file = join(packaged.folder, `${name}.json`);
        writeFileSync(file, JSON.stringify(templateAt(other(name))));
        // Texts that had parameters in them may have none any more.
        const said = await cfnLint(file, ['W1020']);
        if (said !== undefined) expect(said).toBe('');
      },
    );
  },
);
