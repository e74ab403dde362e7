import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

const FILE = new URL('../../serverless.yml', import.meta.url);

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statements = z.array(
  z.object({
    Sid: z.string(),
    Effect: z.literal('Allow'),
    Action: texts,
    Resource: texts,
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  }),
);
const template = z.object({
  resources: z.object({
    Resources: z.record(
      z.string(),
      z.object({
        Type: z.string(),
        Properties: z
          .object({
            Policies: z
              .array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) }))
              .optional(),
          })
          .loose(),
      }),
    ),
  }),
});

const VALUES: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': SOMEWHERE.region,
  'AWS::AccountId': SOMEWHERE.account,
  'self:custom.zoneId': ZONE_ID,
};

/** What CloudFormation and the Serverless Framework make of a value, as far as policies need it. */
function resolve(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([^}]+)\}/g, (all, name) => VALUES[name] ?? all);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Ref') return VALUES[String(argument)] ?? value;
  if (name === 'Fn::Sub') return resolve(argument);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
}

/** The policy of the function that changes the zone; what Lambda itself needs stands in others. */
function policyOfTemplate(): PolicyDocument {
  const { resources } = template.parse(parse(readFileSync(FILE, 'utf8')));
  const documents = Object.values(resources.Resources)
    .flatMap(({ Properties }) => Properties.Policies ?? [])
    .map(({ PolicyDocument }) => resolve(PolicyDocument.Statement));
  const ours = documents.filter((document) =>
    JSON.stringify(document).includes('"route53:ChangeResourceRecordSets"'),
  );
  return { Version: '2012-10-17', Statement: statements.parse(ours.flat()) } as PolicyDocument;
}

/** What each action is granted on and under which conditions, however the statements are cut. */
function grantsOf({ Statement }: PolicyDocument) {
  const grants = Statement.flatMap(({ Action, Resource, Condition }) =>
    Action.map((action) => {
      const [service = '', operation = ''] = action.split(':');
      const kinds = KINDS[operation];
      const resources = Resource.filter((arn) => kinds?.some((kind) => arn.includes(`:${kind}/`)) ?? true);
      return [`${service}:${operation}`, { resources, condition: Condition ?? {} }] as const;
    }),
  );
  return Object.fromEntries(grants.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a statement for several kinds of resources, an action only ever meets its own. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  DescribeTasks: ['task'],
  DescribeServices: ['service'],
  DescribeContainerInstances: ['container-instance'],
};

describe.skipIf(!existsSync(FILE))('serverless.yml', () => {
  const expected = policyOf({}, { place: SOMEWHERE });

  test('grants the function what a run on the zone needs, and nothing else', () => {
    expect(actionsOf(policyOfTemplate())).toEqual(actionsOf(expected));
  });

  test('grants it on the same resources, under the same conditions', () => {
    expect(grantsOf(policyOfTemplate())).toEqual(grantsOf(expected));
  });
});
