import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from '../iam/support.ts';
import { DEPLOYMENTS, flagsOf, grantsOf, type Parameters, statements, TABLE } from './deployments.ts';
import { deployedResource } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const HERE: Parameters = {
  'AWS::Partition': 'aws',
  'AWS::Region': SOMEWHERE.region,
  'AWS::AccountId': SOMEWHERE.account,
  'AWS::StackName': 'ecs-dns-prod',
  StateTable: TABLE,
  ZoneId: ZONE_ID,
};

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageClone();
});

afterAll(() => packaged?.remove());

function deployed(resource: string, parameters: Parameters) {
  return deployedResource(packaged.template, resource, { ...HERE, ...parameters });
}

/** The policy of what a run does; what Lambda itself needs stands in others. */
function policyOfTemplate(parameters: Parameters): PolicyDocument {
  const policies = z
    .array(
      z.object({ PolicyName: z.string(), PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) }),
    )
    .parse(deployed('ReconcileRole', parameters)?.['Policies']);
  const ours = policies.filter(({ PolicyName }) => PolicyName === 'reconcile');
  const all = ours.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return { Version: '2012-10-17', Statement: statements.parse(all) } as PolicyDocument;
}

function environmentOf(resource: string, parameters: Parameters): Readonly<Record<string, unknown>> {
  return Object(deployed(resource, parameters)?.['Environment']).Variables;
}

describe.each(DEPLOYMENTS)('the template, for %s', (_, parameters, flags, variables) => {
  describe.each(['plan', 'apply'])('in mode %s', (Mode) => {
    const given = { ...parameters, Mode };
    const expected = policyOf(flagsOf(parameters, flags), { scope: SOMEWHERE, readOnly: Mode === 'plan' });

    test('grants the functions what their runs on the zone need, and nothing else', () => {
      expect(actionsOf(policyOfTemplate(given))).toEqual(actionsOf(expected));
    });

    test('grants it on the same resources, under the same conditions', () => {
      expect(grantsOf(policyOfTemplate(given))).toEqual(grantsOf(expected));
    });

    test.each(['ReconcileLambdaFunction', 'EventsLambdaFunction'])(
      'tells %s so, and of no bus or table unless there is one',
      (name) => {
        const environment = environmentOf(name, given);
        expect(environment).toMatchObject({ ...variables, ECS_DNS_MODE: Mode });
        expect(Object.hasOwn(environment, 'ECS_DNS_EVENT_BUS')).toBe(parameters['EventBus'] !== undefined);
        expect(Object.hasOwn(environment, 'ECS_DNS_NOTICES_TOPIC')).toBe(
          parameters['NoticeTopicArn'] !== undefined,
        );
        expect(Object.hasOwn(environment, 'ECS_DNS_STATE')).toBe(parameters['State'] !== 'none');
      },
    );
  });
});

test('until it is told otherwise, the template plans', () => {
  expect(environmentOf('ReconcileLambdaFunction', {})['ECS_DNS_MODE']).toBe('plan');
  expect(actionsOf(policyOfTemplate({}))).not.toContain('route53:ChangeResourceRecordSets');
});
