import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { deployedResource } from '../serverless/evaluate.ts';
import { templateSchema } from '../serverless/template-schema.ts';
import { parseTemplate } from './cloudformation-yaml.ts';

export const FILE = 'examples/cloudformation.yaml';

const exampleSchema = templateSchema.extend({
  Metadata: z.object({
    'AWS::CloudFormation::Interface': z.object({
      ParameterGroups: z.array(z.looseObject({ Parameters: z.array(z.string()) })),
    }),
  }),
  Outputs: z.record(z.string(), z.object({ Description: z.string(), Value: z.unknown() })),
});

export const TEMPLATE = exampleSchema.parse(parseTemplate(readFileSync(FILE, 'utf8')));

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
  AllowedCidr: '203.0.113.7/32',
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

export const SERVICES = ['TimeService', 'CalcService', 'CalcOnHostsService', 'PortalService'] as const;

const pairs = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const taskSchema = z.object({
  NetworkMode: z.string(),
  ExecutionRoleArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  ContainerDefinitions: z.tuple([
    z.looseObject({
      Name: z.string(),
      Image: z.string(),
      PortMappings: z.tuple([z.object({ ContainerPort: z.number(), HostPort: z.number().optional() })]),
      Environment: pairs,
      Secrets: z.array(z.object({ Name: z.string(), ValueFrom: z.string() })).default([]),
      StopTimeout: z.number().optional(),
      HealthCheck: z.object({ Command: z.array(z.string()) }).loose(),
    }),
  ]),
});

/** The one container of a service's tasks, and what of the task it needs. */
export function containerOf(service: string, parameters: Parameters = {}) {
  const { TaskDefinition } = z.object({ TaskDefinition: z.string() }).parse(deployed(service));
  const task = taskSchema.parse(deployed(TaskDefinition, parameters));
  const [definition] = task.ContainerDefinitions;
  const [, ...healthCommand] = definition.HealthCheck.Command;
  return {
    definition,
    name: definition.Name,
    image: definition.Image,
    networkMode: task.NetworkMode,
    role: task.ExecutionRoleArn['Fn::GetAtt'][0],
    portMappings: definition.PortMappings,
    environment: definition.Environment.map(({ Name, Value }) => ({ name: Name, value: Value })),
    variables: definition.Environment.map(({ Name, Value }) => [Name, Value] as const),
    secrets: Object.fromEntries(definition.Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom])),
    stopTimeout: definition.StopTimeout,
    healthCommand,
  };
}
