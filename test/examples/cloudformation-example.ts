import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { deployedResource } from '../serverless/evaluate.ts';
import { parseTemplate } from './cloudformation-yaml.ts';

export const FILE = 'examples/cloudformation.yaml';

const templateSchema = z.looseObject({
  Metadata: z.object({
    'AWS::CloudFormation::Interface': z.object({
      ParameterGroups: z.array(z.looseObject({ Parameters: z.array(z.string()) })),
    }),
  }),
  Parameters: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Description: z.string(),
      Default: z.union([z.string(), z.number()]).optional(),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.looseObject({}).default({}),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Description: z.string(), Value: z.unknown() })),
});

export const TEMPLATE = templateSchema.parse(parseTemplate(readFileSync(FILE, 'utf8')));

/** Every resource is called by its name in the template. */
const RESOURCES = Object.fromEntries(Object.keys(TEMPLATE.Resources).map((name) => [name, name]));

/** Where the stack is deployed, with what has no default. */
export const HERE = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::StackName': 'discovery',
  'AWS::URLSuffix': 'amazonaws.com',
  CodeBucket: 'artefacts',
};

type Parameters = Readonly<Record<string, string>>;

/** What a resource of the stack is like; `undefined` where these parameters leave it out. */
export function deployed(name: string, parameters: Parameters = {}) {
  return deployedResource(TEMPLATE, name, { ...RESOURCES, ...HERE, ...parameters });
}

/** The names of all resources of a type. */
export function namesOf(type: string): readonly string[] {
  return Object.entries(TEMPLATE.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([name]) => name);
}
