import type { SettingsInput } from '../config/settings.ts';

/** The commands that read settings, in the order of the help; `sandbox` has options of its own. */
export const SETTING_COMMANDS = [
  'plan',
  'apply',
  'compare',
  'explain',
  'check',
  'watch',
  'agent',
  'restore',
  'doctor',
  'iam',
] as const;
export type CommandName = (typeof SETTING_COMMANDS)[number];

/** What settings are about, in the order of the help. */
export const SETTING_GROUPS = [
  'What to keep true',
  'What may be done',
  'Health checks',
  'Guardrails',
  'The host',
  'Where and how',
  'Output',
] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

type Section = 'records' | 'hosts' | 'notices' | 'agent' | 'health' | 'guardrails' | 'log';
type InSection<S extends Section> = `${S}.${keyof NonNullable<SettingsInput[S]> & string}`;
/** The dotted name of every setting. */
export type SettingName = Exclude<keyof SettingsInput, Section> | { [S in Section]: InSection<S> }[Section];

/** What the help says of a setting. */
export interface SettingUse {
  readonly group: SettingGroup;
  /** One line, `{outputs}` standing for the forms that the command prints; `docs/settings.md` has the whole meaning. */
  readonly brief: string;
  /** The commands on which it has an effect. */
  readonly commands: readonly CommandName[];
  /** Whether it is in the short help of a command that uses many. */
  readonly isCommon: boolean;
}

const RUNS = ['plan', 'apply', 'watch'] as const;
/** What shows or carries out a plan. */
const PLANS = [...RUNS, 'explain', 'compare'] as const;
/** What makes or grants the calls that a setting asks for. */
const GRANTS = ['doctor', 'iam'] as const;
const PROBES = [...PLANS, 'check', 'doctor', 'agent'] as const;

function use(
  group: SettingGroup,
  commands: readonly CommandName[],
  brief: string,
  common?: 'common',
): SettingUse {
  return { group, commands, brief, isCommon: common !== undefined };
}

const KEPT = 'What to keep true';
const DONE = 'What may be done';
const CHECKS = 'Health checks';
const GUARDS = 'Guardrails';
const HOST = 'The host';
const PLACE = 'Where and how';

/**
 * Which commands each setting has an effect on. The help of a command shows these, and a flag that is given to another
 * one is told to have none.
 */
export const SETTING_USES: Readonly<Record<SettingName, SettingUse>> = {
  zone: use(KEPT, SETTING_COMMANDS, 'the hosted zone, by id or exact name', 'common'),
  clusters: use(KEPT, [...PLANS, 'check', ...GRANTS], 'clusters to read, by name or ARN', 'common'),
  manage: use(
    KEPT,
    PLANS,
    'what may be removed: convention (what agents registered), zone (every SRV set), or patterns of names',
    'common',
  ),
  policy: use(
    DONE,
    [...PLANS, ...GRANTS],
    'prune only removes; sync also registers what runs and is missing',
    'common',
  ),
  cname: use(
    DONE,
    [...PLANS, ...GRANTS],
    'sync: a CNAME for each load-balanced service, or those of the patterns',
    'common',
  ),
  names: use(KEPT, [...PLANS, 'check', ...GRANTS], 'where names come from: metadata, registries or both'),
  namespace: use(KEPT, [...PLANS, 'check', 'doctor'], 'registries: the namespace of Cloud Map that counts'),
  correct: use(DONE, [...PLANS, 'agent'], 'sync: put right TTLs and weights that differ'),
  'records.ttl': use(DONE, [...PLANS, 'agent'], 'sync: the TTL of new records'),
  'records.routing': use(DONE, PLANS, 'sync: A records of tasks are weighted or multivalue'),
  'records.ipv6': use(DONE, [...PLANS, ...GRANTS], 'sync: AAAA records of tasks'),
  'records.services': use(DONE, [...PLANS, 'agent'], 'services whose records differ'),
  addresses: use(DONE, PLANS, 'sync: private or public addresses of tasks'),
  'hosts.name': use(DONE, PLANS, 'sync: hosts by the name of ec2, or by that in the zone'),
  'hosts.domains': use(KEPT, [...PLANS, 'check'], 'further domains of host names such as ip-10-0-1-2'),
  stopUnhealthyTasks: use(
    DONE,
    [...RUNS, ...GRANTS],
    'stop tasks that stay unhealthy, of all services or those of the patterns',
    'common',
  ),
  stopLimit: use(DONE, RUNS, 'tasks of one service that a run may stop'),
  'health.enabled': use(CHECKS, [...PROBES, 'iam'], 'probe endpoints at all', 'common'),
  'health.kind': use(CHECKS, PROBES, 'http, https, grpc, tcp, ecs or none', 'common'),
  'health.path': use(CHECKS, PROBES, 'the path to ask for', 'common'),
  'health.matcher': use(CHECKS, PROBES, 'statuses that are healthy, such as 200-299', 'common'),
  'health.method': use(CHECKS, PROBES, 'GET or HEAD'),
  'health.timeout': use(CHECKS, PROBES, 'for one attempt', 'common'),
  'health.attempts': use(CHECKS, PROBES, 'failures in a row that make an endpoint unhealthy'),
  'health.interval': use(CHECKS, PROBES, 'between two attempts'),
  'health.concurrency': use(CHECKS, PROBES, 'endpoints probed at the same time'),
  'health.budget': use(CHECKS, PROBES, 'for all probes of a run'),
  'health.gracePeriod': use(CHECKS, PLANS, 'younger containers are not unhealthy', 'common'),
  'health.headers': use(CHECKS, PROBES, 'sent with each probe, as "Name: value"'),
  'health.basicAuth': use(CHECKS, PROBES, 'user:password; better in a variable or a file'),
  'health.bodyContains': use(CHECKS, PROBES, 'what the answer has to contain'),
  'health.hostName': use(CHECKS, PROBES, 'Host header and TLS server name'),
  'health.tlsSkipVerify': use(CHECKS, PROBES, 'take any certificate'),
  'health.tlsCa': use(CHECKS, PROBES, 'authorities to trust, a PEM or its file'),
  'health.tlsCert': use(CHECKS, PROBES, 'client certificate, a PEM or its file'),
  'health.tlsKey': use(CHECKS, PROBES, 'its key, a PEM or its file'),
  'health.grpcService': use(CHECKS, PROBES, 'what a grpc check asks about'),
  'health.grpcUseTls': use(CHECKS, PROBES, 'grpc over TLS'),
  'health.allow': use(CHECKS, PROBES, 'addresses that may be probed, as CIDR ranges'),
  'health.trustEcs': use(
    CHECKS,
    [...PLANS, ...GRANTS],
    'essential containers that ECS calls UNHEALTHY are so without a probe',
  ),
  'health.trustTargetGroups': use(
    CHECKS,
    [...PLANS, ...GRANTS],
    'what target groups call unhealthy is so without a probe, of all services or those of the patterns',
  ),
  'health.unhealthyThreshold': use(CHECKS, PLANS, 'failing runs before a removal; needs --state'),
  'health.healthyThreshold': use(CHECKS, PLANS, 'sync: passing runs before a return; needs --state'),
  'health.services': use(CHECKS, PROBES, 'services whose check differs'),
  'guardrails.removalBudgetPercent': use(
    GUARDS,
    PLANS,
    'a run that would remove this share as stale removes none',
    'common',
  ),
  'guardrails.unhealthyBudgetPercent': use(
    GUARDS,
    PLANS,
    'a run that would remove this share as unhealthy removes none',
  ),
  'guardrails.budgetDelay': use(GUARDS, PLANS, 'what stayed stale so long goes all the same; needs --state'),
  'guardrails.panicPercent': use(GUARDS, PLANS, 'with more failing, none of a name goes as unhealthy'),
  'guardrails.minEndpoints': use(GUARDS, PLANS, 'what a name keeps at the least', 'common'),
  'guardrails.allowEmpty': use(GUARDS, PLANS, 'remove stale entries although nothing runs', 'common'),
  'guardrails.maxPlanAge': use(GUARDS, ['apply', 'watch', 'agent'], 'older plans are not sent'),
  'agent.hostname': use(
    HOST,
    ['agent'],
    'what it is called, or the name that instance metadata has',
    'common',
  ),
  'agent.address': use(HOST, ['agent'], 'its IPv4 address, or that of instance metadata', 'common'),
  'agent.socket': use(HOST, ['agent'], "the container engine's socket", 'common'),
  'agent.introspection': use(HOST, ['agent'], 'where the ECS agent tells its tasks'),
  'agent.waitForHealthy': use(HOST, ['agent'], "wait for a container's own health check", 'common'),
  'agent.deregisterOnExit': use(HOST, ['agent'], 'take the host out of the zone when stopped', 'common'),
  every: use(PLACE, ['watch', 'agent'], 'between two runs', 'common'),
  events: use(PLACE, ['watch', ...GRANTS], 'an SQS queue of ECS events to act on at once', 'common'),
  eventBus: use(
    PLACE,
    ['apply', 'watch', 'agent', 'restore', ...GRANTS],
    'an EventBridge bus to tell of each change',
    'common',
  ),
  eventFormat: use(PLACE, ['apply', 'watch', 'agent', 'restore'], 'ecs-dns, or agent for its old events'),
  'notices.topic': use(PLACE, [...RUNS, ...GRANTS], 'an SNS topic that is told of runs'),
  'notices.webhook': use(PLACE, [...RUNS, 'doctor'], 'a webhook; better in a variable or a file'),
  'notices.on': use(PLACE, [...RUNS, ...GRANTS], 'what is told: removals, held-back, failures, drift'),
  journal: use(
    PLACE,
    ['apply', 'watch', 'agent', 'doctor'],
    'where removals are written down: a directory, stderr or none',
    'common',
  ),
  state: use(PLACE, [...PLANS, ...GRANTS], 'what runs remember: a file, or dynamodb:TABLE', 'common'),
  timeout: use(PLACE, SETTING_COMMANDS, 'for the command, or one run of it', 'common'),
  'log.format': use('Output', SETTING_COMMANDS, 'how what happens is told on stderr: text or json'),
  'log.level': use('Output', SETTING_COMMANDS, 'what is told: debug, info, warn or error'),
  output: use(
    'Output',
    SETTING_COMMANDS.filter((name) => name !== 'iam'),
    '{outputs}',
    'common',
  ),
};
