/**
 * Synthesises a stack with the construct for each of the cases that the parent sends, `{ folder, cases: [{ props, twice, newZone }] }`,
 * and answers with `{ template }` or `{ error }` of each. What props cannot say as JSON is made here.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [{ folder, cases }] = await once(process, 'message');
const require = createRequire(join(folder, 'package.json'));
const { App, Stack } = require('aws-cdk-lib');
const { EventBus } = require('aws-cdk-lib/aws-events');
const { HostedZone, PrivateHostedZone } = require('aws-cdk-lib/aws-route53');
const { SecurityGroup, Vpc } = require('aws-cdk-lib/aws-ec2');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { EcsDns } = await import(pathToFileURL(join(folder, 'dist', 'index.js')).href);

const synthesised = cases.map((one, index) => {
  try {
    return { template: synthesise(one, `${folder}/cdk.out/${index}`) };
  } catch (error) {
    return { error: error.message };
  }
});
process.send(synthesised, () => process.exit(0));

function synthesise({ props, twice, newZone }, outdir) {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'ecs-dns-prod', { env: { region: 'us-east-1', account: '123456789012' } });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a1b2c3d',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0a1b2c3d', 'subnet-0c2d3e4f'],
  });
  const zone = newZone
    ? new PrivateHostedZone(stack, 'Zone', { zoneName: 'discovery.internal', vpc })
    : HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
        hostedZoneId: 'Z0123456789ABC',
        zoneName: 'discovery.internal',
      });
  const { alarmTopicArn, noticeTopicArn, eventBusName, ...others } = props;
  const all = {
    zone,
    vpc,
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0e3f4a5b')],
    ...(alarmTopicArn && { alarmTopic: Topic.fromTopicArn(stack, 'Topic', alarmTopicArn) }),
    ...(noticeTopicArn && { noticeTopic: Topic.fromTopicArn(stack, 'Notices', noticeTopicArn) }),
    ...(eventBusName && { eventBus: EventBus.fromEventBusName(stack, 'Bus', eventBusName) }),
    ...others,
  };
  const make = (id) => new EcsDns(stack, id, all);
  make('EcsDns');
  if (twice) make('Second');
  return app.synth().getStackByName('ecs-dns-prod').template;
}
