import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** What is to be kept true, by what, and how. What is left out is as the CloudFormation template has it. */
export interface EcsDnsProps {
  /** The hosted zone. Its id and its name are written into the role and the dashboard: they have to be known. */
  readonly zone: IHostedZone;
  /** The network from which the containers are reached, and AWS. */
  readonly vpc: IVpc;
  /** Its private subnets with a way out, unless others are given. */
  readonly vpcSubnets?: SubnetSelection;
  /** Groups that may open connections to the ports of containers, and to AWS. */
  readonly securityGroups: readonly ISecurityGroup[];
  /** `plan`, the default, only logs what would be changed, with a role that may change nothing; `apply` changes it. */
  readonly mode?: 'plan' | 'apply';
  /** Whether the schedule starts a run every five minutes; it does unless told otherwise. */
  readonly scheduleState?: 'ENABLED' | 'DISABLED';
  /** `prune`, the default, removes what is stale or unhealthy; `sync` also registers what is missing. */
  readonly policy?: 'prune' | 'sync';
  /** Where names come from, the first of which wins: `metadata` alone unless given. */
  readonly names?: readonly ('metadata' | 'registries')[];
  /** With `registries`, the namespace of Cloud Map that counts, by its name or id; the only one of DNS unless given. */
  readonly namespace?: string;
  /** Whether the IPv6 addresses of tasks are registered as well, with `sync`. */
  readonly ipv6?: boolean;
  /** Whether CNAMEs of load-balanced services are written, with `sync`, or patterns of the services that get one. */
  readonly cname?: boolean | readonly string[];
  /** Whether unhealthy tasks may be stopped, or patterns of the services whose may. */
  readonly stopUnhealthyTasks?: boolean | readonly string[];
  /** Whether target groups of services are believed, or patterns of the services whose are. */
  readonly trustTargetGroups?: boolean | readonly string[];
  /** The topic that alarms go to; without one they only show. */
  readonly alarmTopic?: ITopic;
  /** A topic that is told what runs remove, hold back and fail at. */
  readonly noticeTopic?: ITopic;
  /** An event bus of this region and account that is told of changes. Its name has to be known. */
  readonly eventBus?: IEventBus;
  /** The namespace of its metrics in CloudWatch: `EcsDns` unless given. */
  readonly metricsNamespace?: string;
  /** `info` unless given; `warn` leaves out the records of runs and removals, and with them the journal. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** How long the logs are kept, which have the journal by which removals are undone: 30 days unless given. */
  readonly logRetention?: RetentionDays;
  /** `table`, the default, makes one, in which each run leaves what makes the next one more careful; `none` does without. */
  readonly state?: 'table' | 'none';
  /** Whether events of ECS are acted on at once, as they are unless told otherwise. */
  readonly events?: boolean;
  /** Accounts that may send their events to the default bus of this one. */
  readonly memberAccounts?: readonly string[];
  /** The same for all accounts of an organization, by its id. */
  readonly organization?: string;
  /** Other settings, by the names of their variables, such as `ECS_DNS_HEALTH_PATH`. */
  readonly settings?: Readonly<Record<string, string>>;
}
