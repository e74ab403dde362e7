import { Token } from 'aws-cdk-lib';
import type { EcsDnsProps } from './props.ts';

/** What a parameter of the template is given. */
export type ParameterValue = string | readonly string[];

/** The parameters that follow from the props; the others keep their defaults. */
export function parametersOf({ vpc, vpcSubnets, ...props }: EcsDnsProps): Record<string, ParameterValue> {
  const given: Record<string, ParameterValue | undefined> = {
    ZoneId: known('the id of the zone', props.zone.hostedZoneId),
    ZoneName: known('the name of the zone', props.zone.zoneName),
    SubnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    SecurityGroupIds: props.securityGroups.map(({ securityGroupId }) => securityGroupId),
    Mode: props.mode,
    ScheduleState: props.scheduleState,
    Policy: props.policy,
    Names: props.names?.join(','),
    Namespace: props.namespace,
    Ipv6: props.ipv6?.toString(),
    Cname: switchOf(props.cname),
    StopUnhealthyTasks: switchOf(props.stopUnhealthyTasks),
    TrustTargetGroups: switchOf(props.trustTargetGroups),
    AlarmTopicArn: props.alarmTopic?.topicArn,
    NoticeTopicArn: props.noticeTopic?.topicArn,
    EventBus: props.eventBus && known('the name of the event bus', props.eventBus.eventBusName),
    MetricsNamespace: props.metricsNamespace && known('metricsNamespace', props.metricsNamespace),
    LogLevel: props.logLevel,
    LogRetentionDays: props.logRetention?.toString(),
    State: props.state,
    Events: props.events === undefined ? undefined : props.events ? 'on' : 'off',
    MemberAccounts: props.memberAccounts?.join(','),
    Organization: props.organization,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** `true`, `false`, or patterns. */
function switchOf(value: boolean | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(',') : value?.toString();
}

/** CloudFormation puts these into the midst of texts, where only a value can stand. */
function known(what: string, value: string): string {
  if (!Token.isUnresolved(value)) return value;
  throw new Error(
    `EcsDns: ${what} is known only when the stack is deployed; give one that is known before, such as HostedZone.fromHostedZoneAttributes`,
  );
}
