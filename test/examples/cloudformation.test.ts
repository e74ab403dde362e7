import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cfnLint } from '../serverless/cfn-lint.ts';
import { deployed, FILE, TEMPLATE } from './cloudformation-example.ts';
import { referencesIn } from './template-references.ts';

/** Above it `aws cloudformation deploy` wants a bucket. */
const MOST_BYTES = 51_200;

describe('the template', () => {
  const references = referencesIn(TEMPLATE.Resources).concat(referencesIn(TEMPLATE.Outputs));
  const namesOf = (kind: string) =>
    new Set(references.filter((reference) => reference.kind === kind).map(({ name }) => name));
  const isPseudo = (name: string) => name.startsWith('AWS::');

  test('cfn-lint has nothing to say about it', async ({ skip }) => {
    const said = await cfnLint(FILE);
    if (said === undefined) skip('cfn-lint is not on the PATH');
    expect(said).toBe('');
  });

  test('can be deployed from a file', () => {
    expect(statSync(FILE).size).toBeLessThan(MOST_BYTES);
  });

  test('refers to what it has, and to nothing else', () => {
    const { Parameters, Resources, Conditions } = TEMPLATE;
    const has = { ...Parameters, ...Resources };
    const missing = [
      ...[...namesOf('value')].filter((name) => !isPseudo(name) && !(name in has)),
      ...[...namesOf('resource')].filter((name) => !(name in Resources)),
      ...[...namesOf('condition')].filter((name) => !(name in Conditions)),
    ];
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(100);
  });

  test('has no parameter and no condition without a use', () => {
    const used = new Set(
      [...references, ...referencesIn(TEMPLATE.Conditions)].map((reference) => reference.name),
    );
    const idle = Object.keys({ ...TEMPLATE.Parameters, ...TEMPLATE.Conditions }).filter(
      (name) => !used.has(name),
    );
    expect(idle).toEqual([]);
  });

  test('asks for the bucket and for who may open the portal, and opens it to all addresses by no default', () => {
    const asked = Object.entries(TEMPLATE.Parameters).filter(([, { Default }]) => Default === undefined);
    expect(asked.map(([name]) => name)).toEqual(['CodeBucket', 'AllowedCidr']);
  });

  test('has every parameter in its form', () => {
    const { ParameterGroups } = TEMPLATE.Metadata['AWS::CloudFormation::Interface'];
    expect(ParameterGroups.flatMap(({ Parameters }) => Parameters).toSorted()).toEqual(
      Object.keys(TEMPLATE.Parameters).toSorted(),
    );
  });
});

describe('the network', () => {
  test.each([
    { nat: 'gateway', there: ['NatGateway', 'NatAddress'], not: ['NatInstance', 'NatGroup'] },
    { nat: 'instance', there: ['NatInstance', 'NatGroup'], not: ['NatGateway', 'NatAddress'] },
  ])('has one way out, by a NAT $nat', ({ nat, there, not }) => {
    const given = { Nat: nat };
    expect(there.map((name) => deployed(name, given))).not.toContain(undefined);
    expect(not.map((name) => deployed(name, given))).toEqual(not.map(() => undefined));
    const { NatGatewayId, InstanceId, ...rest } = Object(deployed('PrivateWayOut', given));
    expect([NatGatewayId, InstanceId].filter((way) => way !== undefined)).toEqual([there[0]]);
    expect(rest).toEqual({ RouteTableId: 'PrivateRoutes', DestinationCidrBlock: '0.0.0.0/0' });
  });

  test.each(['NatInstance', 'HostTemplate'])('%s runs a script that bash can read', async (name) => {
    const { UserData, LaunchTemplateData } = Object(deployed(name, { Nat: 'instance' }));
    const { 'Fn::Base64': text } = UserData ?? LaunchTemplateData.UserData;
    // Of references, bash would see the value.
    const script = String(text['Fn::Sub'] ?? text).replaceAll(/\$\{[^}]+\}/g, 'value');
    expect(script).toMatch(/^#!\/bin\/bash\n/);
    const bash = promisify(execFile)('bash', ['-n', '-c', script]);
    await expect(bash).resolves.toMatchObject({ stderr: '' });
  });

  test('CloudFormation waits until the machine for NAT says how its start has ended', () => {
    expect(TEMPLATE.Resources['NatInstance']).toMatchObject({
      CreationPolicy: { ResourceSignal: { Timeout: 'PT10M' } },
    });
    expect(JSON.stringify(deployed('NatInstance', { Nat: 'instance' }))).toContain(
      'cfn-signal --exit-code $? --stack discovery --resource NatInstance --region us-east-1',
    );
  });

  test.each(['HostTemplate', 'NatInstance'])(
    '%s answers for metadata with a token only, one hop far',
    (name) => {
      const { LaunchTemplateData, ...properties } = Object(deployed(name, { Nat: 'instance' }));
      expect(LaunchTemplateData ?? properties).toMatchObject({
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      });
    },
  );

  test('names end with the VPC that asks them', () => {
    expect(deployed('Vpc')).toMatchObject({ EnableDnsSupport: true, EnableDnsHostnames: true });
    expect(deployed('Zone')).toMatchObject({
      Name: 'servicediscovery.internal',
      VPCs: [{ VPCId: 'Vpc' }],
    });
  });
});

describe('the hosts', () => {
  test('are drained before they end, and are of the cluster', () => {
    expect(deployed('HostCapacity')).toMatchObject({
      AutoScalingGroupProvider: { AutoScalingGroupArn: 'Hosts', ManagedDraining: 'ENABLED' },
    });
    expect(deployed('ClusterCapacity')).toMatchObject({
      Cluster: 'Cluster',
      CapacityProviders: ['FARGATE', 'HostCapacity'],
    });
    expect(deployed('HostTemplate')).toMatchObject({
      LaunchTemplateData: {
        UserData: { 'Fn::Base64': "#!/bin/bash\necho 'ECS_CLUSTER=Cluster' >> /etc/ecs/ecs.config\n" },
      },
    });
  });

  test.each([
    { architecture: 'X86_64', machine: 't3.small', path: 'amazon-linux-2023/recommended' },
    { architecture: 'ARM64', machine: 't4g.small', path: 'amazon-linux-2023/arm64/recommended' },
  ])('are machines of $architecture with the AMI of ECS for it', ({ architecture, machine, path }) => {
    expect(deployed('HostTemplate', { Architecture: architecture })).toMatchObject({
      LaunchTemplateData: {
        InstanceType: machine,
        ImageId: `{{resolve:ssm:/aws/service/ecs/optimized-ami/${path}/image_id}}`,
      },
    });
  });
});
