import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from '../iam/support.ts';
import { DEPLOYMENTS, flagsOf, grantsOf, type Parameters, statements, TABLE } from './deployments.ts';
import { deployedResource } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

/** How the module says that there is none. */
const EMPTY: ReadonlySet<string> = new Set(['null', '[]']);

const MODULE = 'deploy/terraform';
const DEFINITIONS = join(MODULE, 'modules/definitions');
const NAME = 'ecs-dns-prod';
const FAILED_EVENTS = `${NAME}-events-failed`;

/** Everything that the template is given, and the module by other names. */
const HERE: Parameters = {
  'AWS::Partition': 'aws',
  'AWS::Region': SOMEWHERE.region,
  'AWS::AccountId': SOMEWHERE.account,
  'AWS::StackName': NAME,
  ReconcileLambdaFunction: `${NAME}-reconcile`,
  ZoneId: ZONE_ID,
  ZoneName: 'discovery.internal',
};

function variablesOf(parameters: Parameters) {
  return {
    name: NAME,
    partition: 'aws',
    region: SOMEWHERE.region,
    account_id: SOMEWHERE.account,
    zone_id: ZONE_ID,
    zone_name: 'discovery.internal',
    mode: parameters['Mode'] ?? 'plan',
    policy: parameters['Policy'] ?? 'prune',
    names: parameters['Names'] ?? 'metadata',
    ipv6: parameters['Ipv6'] === 'true',
    cname: parameters['Cname'] ?? 'false',
    stop_unhealthy_tasks: parameters['StopUnhealthyTasks'] ?? 'false',
    trust_target_groups: parameters['TrustTargetGroups'] ?? 'false',
    notice_topic_arn: parameters['NoticeTopicArn'] ?? null,
    event_bus: parameters['EventBus'] ?? null,
    state_table: parameters['State'] === 'none' ? null : TABLE,
    metrics_namespace: 'EcsDns',
    failed_events_queue: FAILED_EVENTS,
  };
}

const CASES = DEPLOYMENTS.flatMap(([what, parameters, flags]) =>
  ['plan', 'apply'].map((mode) => ({
    name: `${what}, in mode ${mode}`,
    parameters: { ...parameters, Mode: mode },
    expected: policyOf(flagsOf(parameters, flags), { scope: SOMEWHERE, readOnly: mode === 'plan' }),
  })),
);

const alarm = z.looseObject({ description: z.string(), dimensions: z.record(z.string(), z.string()) });
const outputs = z.object({
  run_statements: statements,
  interface_statements: z.array(z.unknown()),
  event_rules: z.record(z.string(), z.object({ description: z.string(), pattern: z.string() })),
  alarms: z.record(z.string(), alarm),
  alarming_guardrails: z.record(z.string(), z.string()),
  dashboard: z.string(),
});

/** Without settings of this machine, which may name mirrors, and without a question to a vendor's server. */
const ENV = { PATH: process.env['PATH'], CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', HOME: tmpdir() };
const run = promisify(execFile);
const hasTerraform = await run('terraform', ['version'], { env: ENV }).then(
  () => true,
  () => false,
);

let packaged: Packaged;
let made: readonly z.infer<typeof outputs>[];

/** What Terraform itself makes of the definitions, for all cases at once: they need no provider. */
async function evaluateAll(folder: string): Promise<typeof made> {
  cpSync(DEFINITIONS, join(folder, 'definitions'), { recursive: true });
  const names = Object.keys(variablesOf({}));
  writeFileSync(
    join(folder, 'cases.json'),
    JSON.stringify(CASES.map(({ parameters }) => variablesOf(parameters))),
  );
  writeFileSync(
    join(folder, 'main.tf'),
    [
      'locals {\n  cases = jsondecode(file("cases.json"))\n}',
      'module "made" {\n  count  = length(local.cases)\n  source = "./definitions"',
      ...names.map((name) => `  ${name} = local.cases[count.index].${name}`),
      '}\noutput "made" {\n  value = module.made\n}',
    ].join('\n'),
  );
  for (const args of [
    ['init', '-backend=false'],
    ['apply', '-auto-approve'],
  ])
    await run('terraform', [...args, '-no-color'], { cwd: folder, env: ENV });
  const { stdout } = await run('terraform', ['output', '-json', 'made'], { cwd: folder, env: ENV });
  return z.array(outputs).parse(JSON.parse(stdout));
}

describe.skipIf(!hasTerraform)('the definitions of the Terraform module (terraform on the PATH)', () => {
  beforeAll(async () => {
    packaged = await packageClone();
    const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-terraform-'));
    try {
      made = await evaluateAll(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  afterAll(() => packaged?.remove());

  test.each(CASES.map((one, index) => ({ ...one, index })))(
    'grant what a run needs and nothing else, for $name',
    ({ expected, index }) => {
      const policy = { Version: '2012-10-17', Statement: made[index]?.run_statements } as PolicyDocument;
      expect(actionsOf(policy)).toEqual(actionsOf(expected));
      expect(grantsOf(policy)).toEqual(grantsOf(expected));
    },
  );

  test('grant Lambda what the template does, beside queues and logs', () => {
    const { Policies } = Object(deployedResource(packaged.template, 'ReconcileRole', HERE));
    const ofLambda = Policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === 'run');
    const byTheWay = new Set(['WriteLogs', 'ReportFailure']);
    const expected = ofLambda.PolicyDocument.Statement.filter(
      ({ Sid }: { Sid: string }) => !byTheWay.has(Sid),
    );
    expect(made[0]?.interface_statements).toEqual(expected);
  });

  test('listen to what the rules of the template do', () => {
    const { Resources } = packaged.template;
    const rules = Object.keys(Resources).filter((name) => Resources[name]?.Type === 'AWS::Events::Rule');
    const expected = rules.map((name) => {
      const { Description, EventPattern } = Object(deployedResource(packaged.template, name, HERE));
      return { description: Description, pattern: EventPattern };
    });
    const found = Object.values(made[0]?.event_rules ?? {}).map(({ description, pattern }) => ({
      description,
      pattern: JSON.parse(pattern),
    }));
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test('have the alarms of the template', () => {
    const { Resources } = packaged.template;
    const alarms = Object.keys(Resources)
      .filter((name) => Resources[name]?.Type === 'AWS::CloudWatch::Alarm')
      .map((name) => Object(deployedResource(packaged.template, name, HERE)));
    const single = alarms.filter((one) => !('Metrics' in one));
    const expected = Object.fromEntries(
      single.map((one) => [one.AlarmName.replace(`${NAME}-`, ''), alarmOf(one)]),
    );
    expect(made[0]?.alarms).toEqual(expected);
    const [{ Metrics }] = alarms.filter((one) => 'Metrics' in one);
    const guardrails = Metrics.filter(
      ({ MetricStat }: { MetricStat?: unknown }) => MetricStat !== undefined,
    ).map(
      ({ Id, MetricStat }: { Id: string; MetricStat: { Metric: { Dimensions: { Value: string }[] } } }) => [
        Id,
        MetricStat.Metric.Dimensions[1]?.Value,
      ],
    );
    expect(made[0]?.alarming_guardrails).toEqual(Object.fromEntries(guardrails));
  });

  test('draw the dashboard of the template', () => {
    const body = Object(deployedResource(packaged.template, 'Dashboard', HERE)).DashboardBody;
    expect(JSON.parse(made[0]?.dashboard ?? '')).toEqual(JSON.parse(body));
  });

  test('and the whole module are formatted as `terraform fmt` does', async () => {
    const { stdout } = await run('terraform', ['fmt', '-check', '-recursive', '-no-color', MODULE], {
      env: ENV,
    });
    expect(stdout).toBe('');
  });
});

/** An alarm of the template, in the words of the provider. */
function alarmOf(one: Readonly<Record<string, unknown>>) {
  const dimensions = (one['Dimensions'] as { Name: string; Value: unknown }[]).map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : FAILED_EVENTS,
  ]);
  expect(one['Threshold']).toBe(1);
  return {
    description: one['AlarmDescription'],
    namespace: one['Namespace'],
    metric_name: one['MetricName'],
    dimensions: Object.fromEntries(dimensions),
    statistic: one['Statistic'],
    period: one['Period'],
    evaluation_periods: one['EvaluationPeriods'],
    datapoints_to_alarm: one['DatapointsToAlarm'] ?? null,
    comparison_operator: one['ComparisonOperator'],
    treat_missing_data: one['TreatMissingData'],
  };
}

describe.each([MODULE, DEFINITIONS])('%s', (folder) => {
  const text = readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll(/^\s*#.*$/gm, ''))
    .join('\n');
  const all = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
  const locals = [...text.matchAll(/^locals \{\n([\s\S]*?)^\}/gm)].flatMap(([, block = '']) =>
    [...block.matchAll(/^ {2}(\w+)\s+=/gm)].map(([, name = '']) => name),
  );

  test('uses each of its variables, and no other', () => {
    expect([...all(/\bvar\.(\w+)/g)].toSorted()).toEqual([...all(/^variable "(\w+)"/gm)].toSorted());
  });

  test('uses each of its locals, and no other', () => {
    expect([...all(/\blocal\.(\w+)/g)].toSorted()).toEqual(locals.toSorted());
  });

  test('refers to resources and data that it has', () => {
    const declared = new Set(
      [...text.matchAll(/^(?:resource|data) "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`),
    );
    const used = [...all(/(?<!")\b(aws_\w+\.\w+)\b/g)];
    expect(used.filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe('the Terraform module', () => {
  const read = (name: string) => readFileSync(join(MODULE, name), 'utf8');

  test('gives the definitions all that they ask for, and uses what they give', () => {
    const main = read('main.tf');
    const [block = ''] = /^module "definitions" \{[\s\S]*?^\}/m.exec(main) ?? [];
    const given = [...block.matchAll(/^ {2}(\w+)\s+=/gm)].map(([, name = '']) => name);
    expect(given.toSorted()).toEqual(['source', ...Object.keys(variablesOf({}))].toSorted());
    const all = readdirSync(MODULE)
      .filter((name) => name.endsWith('.tf'))
      .map(read)
      .join('\n');
    const used = new Set([...all.matchAll(/module\.definitions\.(\w+)/g)].map(([, name = '']) => name));
    expect([...used].toSorted()).toEqual(Object.keys(outputs.shape).toSorted());
  });

  test('has a variable for each parameter of the template, with the same default', () => {
    const { resources } = parse(readFileSync('serverless.yml', 'utf8'));
    const declared = read('variables.tf');
    for (const [name, { Default }] of Object.entries<{ Default: string }>(resources.Parameters)) {
      const variable = name.replaceAll(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
      const [, block] =
        new RegExp(`^variable "${variable}" \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(declared) ?? [];
      expect(block, variable).toBeDefined();
      const [, byDefault] = /, '?(.*?)'?\}$/.exec(Default) ?? [];
      const [, found] = /^ {2}default\s+= "?(.*?)"?$/m.exec(block ?? '') ?? [];
      expect(found && EMPTY.has(found) ? '' : found?.replace('true', 'on'), variable).toBe(
        byDefault?.replace('true', 'on'),
      );
    }
  });

  test('tells the functions what the template does, by the same variables', () => {
    const [, block = ''] = /^ {2}environment = merge\(\n([\s\S]*?)^ {2}\)/m.exec(read('main.tf')) ?? [];
    const told = [...block.matchAll(/\b((?:ECS_DNS|POWERTOOLS)_\w+)\s+=/g)].map(([, name = '']) => name);
    const { functions } = parse(readFileSync('serverless.yml', 'utf8'));
    expect(told.toSorted()).toEqual(Object.keys(functions.reconcile.environment).toSorted());
  });

  test('plans until it is told to apply', () => {
    expect(read('variables.tf')).toMatch(/variable "mode" \{[^}]*default\s+= "plan"/);
  });

  test('has a page that tells of every variable and output', () => {
    const page = read('README.md');
    const names = ['variables.tf', 'outputs.tf'].flatMap((file) =>
      [...read(file).matchAll(/^(?:variable|output) "(\w+)"/gm)].map(([, name = '']) => name),
    );
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
