import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { functionMode } from '../../src/lambda/function-mode.ts';
import { deployed, HERE } from '../examples/cloudformation-example.ts';
import { policyOf, SOMEWHERE } from '../iam/support.ts';
import { grantsOf, statements, TABLE } from './deployments.ts';
import { deployedResource } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const ZONE_ID = 'Z0123456789ABC';
const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/discovery-events';
const URL_OF_TEMPLATE = 'https://artefacts.s3.us-east-1.amazonaws.com/ecs-dns/template.yaml';

const stackSchema = z.object({ TemplateURL: z.string(), Parameters: z.record(z.string(), z.string()) });

/** The stack of the worker, inside of that of the example. */
function workerStack(parameters: Readonly<Record<string, string>> = {}) {
  return stackSchema.parse(deployed('Worker', { Zone: ZONE_ID, WorkerGroup: 'sg-worker', ...parameters }));
}

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageClone();
});

afterAll(() => packaged?.remove());

/** What a resource of the worker's own template is like there. */
function ofWorker(name: string, mode: string) {
  return deployedResource(packaged.template, name, {
    ...HERE,
    StateTable: TABLE,
    EventQueue: QUEUE,
    ...workerStack({ Mode: mode }).Parameters,
  });
}

describe('the worker of the example', () => {
  test('is made of what packaging makes, at the place that the parameters say', () => {
    const { TemplateURL, Parameters } = workerStack();
    expect(TemplateURL).toBe(URL_OF_TEMPLATE);
    expect(Parameters).toMatchObject({ CodeBucket: 'artefacts', CodeKey: 'ecs-dns/ecs-dns.zip' });
    const folder = join(packaged.zip, '..');
    for (const file of [TemplateURL, Parameters['CodeKey'] ?? '']) {
      expect(existsSync(join(folder, basename(file)))).toBe(true);
    }
    const other = workerStack({ CodePrefix: 'ecs-dns/0.2.0' });
    expect(other.TemplateURL).toContain('/ecs-dns/0.2.0/template.yaml');
    expect(other.Parameters['CodeKey']).toBe('ecs-dns/0.2.0/ecs-dns.zip');
  });

  test('is given every parameter that has no default, none that there is not, and each as it is taken', () => {
    const { Parameters } = packaged.template;
    const given = workerStack().Parameters;
    const required = Object.keys(Parameters).filter((name) => Parameters[name]?.Default === undefined);
    expect(required.filter((name) => !(name in given))).toEqual([]);
    expect(Object.keys(given).filter((name) => !(name in Parameters))).toEqual([]);
    for (const [name, value] of Object.entries(given)) {
      const { AllowedPattern, AllowedValues } = Object(Parameters[name]);
      if (AllowedPattern !== undefined) expect(value).toMatch(new RegExp(AllowedPattern));
      if (AllowedValues !== undefined) expect(AllowedValues.map(String)).toContain(value);
    }
  });

  test('runs where the containers are reached, in a group that they let in', () => {
    expect(workerStack().Parameters).toMatchObject({
      SubnetIds: 'PrivateSubnetA,PrivateSubnetB',
      SecurityGroupIds: 'sg-worker',
    });
  });

  test.each(['ReconcileLambdaFunction', 'EventsLambdaFunction'])(
    '%s has settings that the program takes: it registers what is missing',
    (name) => {
      const { Variables } = Object(Object(ofWorker(name, 'apply'))['Environment']);
      const { mode, env } = functionMode(Variables);
      expect(mode).toBe('apply');
      expect(parseSettings({ env })).toMatchObject({ policy: 'sync', zone: { kind: 'id', id: ZONE_ID } });
    },
  );

  test('plans until it is told otherwise', () => {
    expect(workerStack().Parameters['Mode']).toBe('plan');
    expect(workerStack({ Mode: 'apply' }).Parameters['Mode']).toBe('apply');
  });

  test.each(['plan', 'apply'])('may do in mode %s what `ecs-dns iam` prints, and nothing else', (mode) => {
    const flags = { '--policy': 'sync', '--state': `dynamodb:${TABLE}` };
    const expected = policyOf(flags, { scope: SOMEWHERE, readOnly: mode === 'plan', zoneId: ZONE_ID });
    const { Policies } = Object(ofWorker('ReconcileRole', mode));
    const [{ PolicyDocument }] = Policies.filter(
      ({ PolicyName }: { PolicyName: string }) => PolicyName === 'reconcile',
    );
    expect(
      grantsOf({ Version: '2012-10-17', Statement: statements.parse(PolicyDocument.Statement) } as never),
    ).toEqual(grantsOf(expected));
  });
});
