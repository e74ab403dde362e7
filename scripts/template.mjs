import { stringify } from 'yaml';

const NOTHING = { Ref: 'AWS::NoValue' };

/** Where the handler's zip lies, which the Serverless Framework would have uploaded itself. */
const CODE = {
  CodeBucket: {
    Type: 'String',
    Description: 'The bucket of this region that has the zip of the handler',
    AllowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  },
  CodeKey: {
    Type: 'String',
    Description: 'Its key there; a new version is seen by a new key, or by CodeVersion',
    MinLength: 1,
    MaxLength: 1024,
  },
  CodeVersion: {
    Type: 'String',
    Description: 'The version of that object, where the bucket keeps versions; the latest if empty',
    Default: '',
  },
};

const HEADER = `# ecs-dns: the worker as a Lambda. Made of serverless.yml by \`npm run package\`; docs/lambda.md says how to deploy it.
#
#   aws s3 cp ecs-dns.zip s3://BUCKET/ecs-dns-VERSION.zip
#   aws cloudformation deploy --template-file template.yaml --stack-name ecs-dns-prod --capabilities CAPABILITY_IAM \\
#     --parameter-overrides CodeBucket=BUCKET CodeKey=ecs-dns-VERSION.zip ZoneId=Z… ZoneName=… SubnetIds=…,… SecurityGroupIds=…
#
# It plans, and changes nothing, until it is deployed again with Mode=apply.
`;

/**
 * The template that deploys by itself, of the one that the Serverless Framework would send: without the bucket that only
 * the framework fills, and with parameters for the code. Parameters whose default is one of `placeholders` have none.
 */
export function standaloneTemplate(packaged, placeholders) {
  const { AWSTemplateFormatVersion, Description, Metadata, Parameters, Conditions, Resources, Outputs } =
    packaged;
  return {
    AWSTemplateFormatVersion,
    Description,
    Metadata: withCodeGroup(Metadata),
    Parameters: { ...withoutPlaceholders(Parameters, placeholders), ...CODE },
    Conditions: {
      ...Conditions,
      HasCodeVersion: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'CodeVersion' }, ''] }] },
    },
    Resources: Object.fromEntries(
      Object.entries(Resources)
        .filter(([name]) => !isOfFramework(name))
        .map(([name, resource]) => [name, standaloneResource(resource)]),
    ),
    Outputs: Object.fromEntries(Object.entries(Outputs).filter(([name]) => !isOfFramework(name))),
  };
}

/** As YAML without aliases, which CloudFormation does not read, and of the version that it reads: there, `off` is no text. */
export function writeTemplate(template) {
  return `${HEADER}${stringify(template, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

const isOfFramework = (name) => name.startsWith('ServerlessDeploymentBucket');

function withCodeGroup({ 'AWS::CloudFormation::Interface': { ParameterGroups }, ...rest }) {
  const code = { Label: { default: 'Its code' }, Parameters: Object.keys(CODE) };
  return { ...rest, 'AWS::CloudFormation::Interface': { ParameterGroups: [...ParameterGroups, code] } };
}

function withoutPlaceholders(parameters, placeholders) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { Default, ...rest }]) => [
      name,
      placeholders.includes(Default) ? rest : { ...rest, Default },
    ]),
  );
}

function standaloneResource({ DependsOn, ...resource }) {
  // A reference says as much already.
  const text = JSON.stringify(resource);
  const others = [DependsOn ?? []].flat().filter((name) => !text.includes(`["${name}","Arn"]`));
  const depends = others.length > 0 ? { ...resource, DependsOn: others } : resource;
  if (resource.Type !== 'AWS::Lambda::Function') return depends;
  return { ...depends, Properties: { ...resource.Properties, Code: codeInBucket() } };
}

function codeInBucket() {
  return {
    S3Bucket: { Ref: 'CodeBucket' },
    S3Key: { Ref: 'CodeKey' },
    S3ObjectVersion: { 'Fn::If': ['HasCodeVersion', { Ref: 'CodeVersion' }, NOTHING] },
  };
}
