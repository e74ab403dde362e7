import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cfnLint } from './cfn-lint.ts';

const resources = z.record(
  z.string(),
  z.looseObject({ Type: z.string(), Properties: z.looseObject({ EventPattern: z.unknown().optional() }) }),
);
const template = z.looseObject({ Resources: resources });
const FILE = 'docs/deploy/member-account.yaml';
const member = template.parse(parse(readFileSync(FILE, 'utf8')));
const worker = z
  .looseObject({ resources: z.looseObject({ Resources: resources }) })
  .parse(parse(readFileSync('serverless.yml', 'utf8'))).resources;

function patterns(of: z.infer<typeof resources>) {
  const rules = Object.entries(of).filter(([, { Type }]) => Type === 'AWS::Events::Rule');
  return Object.fromEntries(rules.map(([name, { Properties }]) => [name, Properties.EventPattern]));
}

describe('the template of a member account', () => {
  test('sends on what the rules of the worker’s account would take, and nothing else', () => {
    expect(patterns(member.Resources)).toEqual(patterns(worker.Resources));
    expect(Object.keys(patterns(member.Resources))).toHaveLength(5);
  });

  test('sends to the bus alone, with a role that may do nothing else', () => {
    const target = { Id: 'bus', Arn: { Ref: 'BusArn' }, RoleArn: { 'Fn::GetAtt': ['SenderRole', 'Arn'] } };
    for (const { Type, Properties } of Object.values(member.Resources))
      if (Type === 'AWS::Events::Rule') expect(Properties['Targets']).toEqual([target]);
    const role = member.Resources['SenderRole']?.Properties;
    expect(role?.['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
    expect(role?.['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: ['events:PutEvents'], Resource: [{ Ref: 'BusArn' }] }],
        },
      },
    ]);
  });

  test('cfn-lint has nothing to say about it', async ({ skip }) => {
    const said = await cfnLint(FILE);
    if (said === undefined) skip('cfn-lint is not on the PATH');
    expect(said).toBe('');
  });

  test('has no aliases, which CloudFormation does not read', () => {
    expect(readFileSync(FILE, 'utf8')).not.toMatch(/: [*&]\w/);
  });
});
