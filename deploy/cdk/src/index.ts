import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { Construct } from 'constructs';
import { type ParameterValue, parametersOf } from './parameters.ts';
import type { EcsDnsProps } from './props.ts';
import { type CloudFormationTemplate, settleTemplate } from './settle-template.ts';

export type { EcsDnsProps } from './props.ts';

const TEMPLATE = fileURLToPath(new URL('./template.json', import.meta.url));
const HANDLER = fileURLToPath(new URL('./ecs-dns.zip', import.meta.url));

/**
 * The worker as a Lambda that runs every five minutes, and at once for what events of ECS name: its role, schedule, queue,
 * alarms and dashboard, as the CloudFormation template has them. It only plans until `mode` is `apply`. Everything is named
 * after the stack, so that a stack can hold one of them. Throws an `Error` for a second one, and for a zone or a bus
 * whose name is not known before the stack is deployed.
 *
 * @example
 * new EcsDns(stack, 'EcsDns', { zone, vpc, securityGroups: [group] });
 */
export class EcsDns extends Construct {
  /** The function that looks at everything. */
  readonly reconcileFunction: CfnFunction;
  /** The function that looks where events say. */
  readonly eventsFunction: CfnFunction;
  /** The role of both. */
  readonly role: CfnRole;

  constructor(scope: Construct, id: string, props: EcsDnsProps) {
    super(scope, id);
    refuseSecond(this);
    const { s3BucketName, s3ObjectKey } = new Asset(this, 'Handler', { path: HANDLER });
    const code = { CodeBucket: s3BucketName, CodeKey: s3ObjectKey };
    const include = includeTemplate(this, { ...code, ...parametersOf(props) });
    this.reconcileFunction = include.getResource('ReconcileLambdaFunction') as CfnFunction;
    this.eventsFunction = include.getResource('EventsLambdaFunction') as CfnFunction;
    this.role = include.getResource('ReconcileRole') as CfnRole;
    for (const [name, value] of Object.entries(props.settings ?? {}))
      for (const one of [this.reconcileFunction, this.eventsFunction])
        one.addPropertyOverride(`Environment.Variables.${name}`, value);
  }
}

function refuseSecond(one: EcsDns): void {
  const stack = Stack.of(one);
  const isOther = (node: unknown) => node instanceof EcsDns && node !== one && Stack.of(node) === stack;
  if (stack.node.findAll().some(isOther))
    throw new Error('EcsDns: a stack can hold one of them, because its functions are named after the stack');
}

/** The template with these values; what is left out has its default. */
function includeTemplate(scope: Construct, given: Readonly<Record<string, ParameterValue>>): CfnInclude {
  const template: CloudFormationTemplate = JSON.parse(readFileSync(TEMPLATE, 'utf8'));
  const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, String(Default)] as const],
  );
  const parameters = { ...Object.fromEntries(defaults), ...given };
  const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-cdk-'));
  try {
    // What is included has to be a file.
    const templateFile = join(folder, 'template.json');
    writeFileSync(templateFile, JSON.stringify(settleTemplate(template, parameters)));
    return new CfnInclude(scope, 'Template', { templateFile, parameters, preserveLogicalIds: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
