import { z } from 'zod';
import { MAX_DURATION_MS } from '../model/duration.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../model/log-level.ts';
import { MAX_SRV_PRIORITY, MAX_WEIGHT } from '../model/record-set.ts';
import { health } from './health-schema.ts';
import { renameKeys, setting } from './setting.ts';
import * as types from './value-types.ts';

const recordRule = z
  .strictObject({
    match: types.ruleMatch,
    ttl: setting(types.timeToLive.optional(), { description: 'The TTL of the records.', example: '30s' }),
    weight: setting(types.wholeNumber(0, MAX_WEIGHT).optional(), {
      description:
        'The weight of the record sets, and of the values of SRV records; 1 unless the service asks for another.',
      example: 10,
    }),
    priority: setting(types.wholeNumber(0, MAX_SRV_PRIORITY).optional(), {
      description:
        'The priority of the values of SRV records; clients take the lowest that answers. 1 unless the service asks for another.',
      example: 1,
    }),
    initialStatus: setting(types.choice(['passing']).optional(), {
      description: '`passing`: records are created before a check has found their container healthy.',
      example: 'passing',
    }),
  })
  .transform(({ match, ...given }) => ({ pattern: match, overrides: renameKeys(given, {}) }));

const records = setting(
  z.strictObject({
    ttl: setting(types.timeToLive.prefault('0s'), {
      description:
        'The TTL of the records that `sync` creates, unless their service asks for another, or the name has records already: all records of a name and type share one TTL.',
      example: '60s',
    }),
    routing: setting(types.choice(['weighted', 'multivalue']).prefault('weighted'), {
      description:
        "How Route 53 answers with the address records of tasks: `weighted` with one of them at a time, `multivalue` with up to eight. SRV records are weighted, as the host agents' are, unless a registry says otherwise. A name that has records keeps their kind.",
    }),
    ipv6: setting(types.toggle.prefault(false), {
      description:
        'Whether `sync` gives tasks that have an IPv6 address an AAAA record, next to the A record or, without an IPv4 address, in its place.',
      example: true,
    }),
    services: setting(types.rules(recordRule, 'what differs').prefault([]), {
      description:
        'Services whose records differ; of the rules whose `match` fits a name the first applies, over what the service asks for itself. Only a config file can hold them.',
      example: [
        { match: '_db.*', ttl: '30s', priority: 10 },
        { match: 'canary-*', weight: 1, initialStatus: 'passing' },
      ],
    }),
  }),
  { description: 'What the records look like that `sync` creates.' },
);

const guardrailSettings = setting(
  z.strictObject({
    removalBudgetPercent: setting(types.percent.prefault(30), {
      description:
        'A run that would remove at least this share of the managed entries as stale removes none of them; with a `state`, what was removed in the last hour counts too. Counts from 10 managed entries on; 100 is no limit.',
    }),
    unhealthyBudgetPercent: setting(types.percent.prefault(50), {
      description:
        'A run that would remove at least this share of the managed entries as unhealthy removes none of them; with a `state`, what was removed in the last hour counts too. Counts from 10 managed entries on; 100 is no limit.',
    }),
    budgetDelay: setting(types.duration({ minMs: 60_000, maxMs: MAX_DURATION_MS }).prefault('1h'), {
      description:
        'With a `state`: entries that were stale, confirmed and silent in every run of so long go although the removal budget is exceeded, as many in an hour as the budget allows. Without one they stay until they are forced.',
    }),
    panicPercent: setting(types.percent.prefault(50), {
      description:
        'When more than this share of what was probed of a name is failing, or at least this share of a run, of an availability zone or of a subnet, nothing is removed as unhealthy there; 100 switches that off.',
    }),
    minEndpoints: setting(types.count.prefault(1), {
      description: 'How many entries a name keeps at the least when unhealthy ones are removed.',
    }),
    allowEmpty: setting(types.toggle.prefault(false), {
      description: 'Whether stale entries may be removed when nothing at all is running.',
      shortFlag: '--allow-empty',
    }),
    maxPlanAge: setting(types.duration({ minMs: 1000, maxMs: MAX_DURATION_MS }).prefault('10m'), {
      description:
        'How long after a run has begun to read it may send changes, creations too: what is not sent by then is left to the next run.',
      role: 'apart',
    }),
  }),
  { description: 'When changes are held back.' },
).transform((set) => renameKeys(set, { budgetDelay: 'budgetDelayMs' }));

const guardrails = guardrailSettings.transform((set) => renameKeys(set, { maxPlanAge: 'maxPlanAgeMs' }));

const hosts = setting(
  z.strictObject({
    name: setting(types.choice(['ec2', 'zone']).prefault('ec2'), {
      description:
        'By which name `sync` calls a host in targets and set identifiers: `ec2`, the private DNS name that EC2 gives it, or `zone`, the one by which the A set of its address calls it already, as host agents with a host name of their own write it.',
      example: 'zone',
    }),
    domains: setting(types.domains.prefault([]), {
      description:
        'Further domains in which hosts bear names made of their addresses, such as that of the DHCP options of a VPC: `ip-10-0-1-2.corp.example.com` is then the host that has 10.0.1.2.',
      example: ['corp.example.com'],
      role: 'shared',
    }),
  }),
  { description: 'What hosts are called.' },
);

const agent = setting(
  z.strictObject({
    hostname: setting(types.hostName.optional(), {
      description:
        'What `agent` calls its host in targets and set identifiers; else the first name that the instance metadata service has.',
      example: 'ip-10-0-1-2.ec2.internal',
      shortFlag: '--hostname',
    }),
    address: setting(types.ipv4Address.optional(), {
      description: 'The IPv4 address of that host; else the one that the instance metadata service has.',
      example: '10.0.1.2',
    }),
    socket: setting(types.filePath.optional(), {
      description:
        "The socket of the container engine that `agent` follows, by Docker's API; else `DOCKER_HOST`, or /var/run/docker.sock.",
      example: '/run/podman/podman.sock',
    }),
    introspection: setting(types.httpOrigin.optional(), {
      description:
        'Where the ECS agent of the host tells its tasks; else port 51678 of loopback, and of the host. Without an answer nothing is missing but what a task is called.',
      example: 'http://172.17.0.1:51678',
    }),
    waitForHealthy: setting(types.toggle.prefault(true), {
      description:
        'Whether a container with a health check of its own is registered by `agent` once the engine calls it healthy, and not when it starts.',
    }),
    deregisterOnExit: setting(types.toggle.prefault(false), {
      description: 'Whether `agent` takes all of its host out of the zone when it is stopped by a signal.',
      shortFlag: '--deregister-on-exit',
    }),
  }),
  { description: 'What `ecs-dns agent` knows of its host.', role: 'apart' },
);

const notices = setting(
  z.strictObject({
    topic: setting(types.topicArn.optional(), {
      description: 'The ARN of an SNS topic that is told what runs remove, hold back and fail at.',
      example: 'arn:aws:sns:eu-west-1:123456789012:ecs-dns',
    }),
    webhook: setting(types.webhookUrl.optional(), {
      description:
        "A webhook that is told the same, in the form of Slack's: HTTPS only, but for this machine itself. Never printed; other processes can see a flag, so that a variable or a file is the better place.",
      example: 'https://hooks.slack.com/services/T000/B000/change-me',
      isSecret: true,
    }),
    on: setting(types.noticeKinds.prefault(['removals', 'held-back', 'failures']), {
      description:
        'What is told: `removals`, each time; `held-back` and `failures`, once they are other than in the run before; `drift`, of `plan` runs alone: what a run would change.',
      example: ['held-back', 'failures', 'drift'],
    }),
  }),
  { description: 'Who is told of runs, and of what.', role: 'apart' },
);

const log = setting(
  z.strictObject({
    format: setting(types.choice(LOG_FORMATS).prefault('text'), {
      description:
        'How commands tell on stderr what they do: `text` for people, `json` for what reads logs, an object a line. The Lambda always writes JSON.',
      example: 'json',
    }),
    level: setting(types.choice(LOG_LEVELS).prefault('info'), {
      description:
        'What is told: records of this level and above. `debug` adds in each run what is as it was in the run before; `warn` leaves out all that goes as it should, and of the Lambda its journal.',
    }),
  }),
  { description: 'What is told while work is done.', role: 'silent' },
);

/**
 * Every setting there is, declared once: type, bounds, default and texts, and what the program calls it. The
 * names of variables and flags, the documentation and the JSON Schema follow from it.
 */
export const settingsSchema = z
  .strictObject({
    zone: setting(types.zoneSelector, {
      description: 'The hosted zone to keep true: its id, or its exact name.',
      example: 'servicediscovery.internal',
      role: 'silent',
    }),
    clusters: setting(types.clusters.prefault([]), {
      description: 'The clusters to take the inventory of, by name or ARN; an empty list means all.',
      example: ['blue', 'green'],
      role: 'shared',
    }),
    policy: setting(types.choice(['prune', 'sync']).prefault('prune'), {
      description:
        'What a run may do: `prune` only removes; `sync` also registers what runs, is healthy and has no record.',
      example: 'sync',
    }),
    manage: setting(types.manageScope.prefault('convention'), {
      description:
        'What may be removed. `convention`: the weighted SRV sets that host agents register, old and new ones, the A sets of their hosts, and those of the label agent. `zone`: every SRV set below the apex, and the same A sets. Patterns: of the latter, the sets whose name, relative to the zone, matches one (`*` stands for any characters).',
      example: ['_api.*', '*._tcp'],
    }),
    names: setting(types.nameSources.prefault(['metadata']), {
      description:
        'Where the names of containers come from; of several that name something the first wins. `metadata`: variables and docker labels of the container. `registries`: the services of Cloud Map that its ECS service registers with, from which TTL and routing are taken, too.',
      example: ['metadata', 'registries'],
      role: 'shared',
    }),
    namespace: setting(types.namespace.optional(), {
      description:
        'With `names: registries`: the namespace of Cloud Map whose names are those of the zone, by its name or id. It has to be said where there are several of DNS.',
      example: 'prod.internal',
      role: 'shared',
    }),
    records: records.prefault({}),
    hosts: hosts.prefault({}),
    addresses: setting(types.choice(['private', 'public']).prefault('private'), {
      description:
        'Which address `sync` takes for the records of a task that has a network interface of its own: the private one, or the public one where it has one.',
    }),
    cname: setting(types.servicePatterns.prefault(false), {
      description:
        'Which load-balanced ECS services `sync` gives a CNAME record that points at their balancer: `true` for all, or patterns of service names (`*` stands for any characters).',
      example: ['web-*'],
    }),
    correct: setting(types.toggle.prefault(false), {
      description:
        'Whether `sync` puts right a TTL or weight of a managed record that differs from what its service asks for, and gives records of older tools the form of today; without it, what was changed by hand, and what older tools wrote, stays.',
    }),
    stopUnhealthyTasks: setting(types.servicePatterns.prefault(false), {
      description:
        'The ECS services whose unhealthy tasks are stopped, once they are out of DNS and the TTL has passed: `true` for all, or patterns of service names (`*` stands for any characters). Needs `health.enabled`, `health.trustEcs` or `health.trustTargetGroups`.',
      example: ['batch-*'],
      role: 'apart',
    }),
    stopLimit: setting(types.wholeNumber(1, 100).prefault(1), {
      description:
        'How many tasks of one ECS service a run may stop at the most; the last one that runs is never stopped.',
      role: 'apart',
    }),
    eventBus: setting(types.eventBus.optional(), {
      description:
        'An EventBridge event bus, by name or ARN, that is told of each record that was registered or removed. Without it no events are sent.',
      example: 'default',
      role: 'apart',
    }),
    eventFormat: setting(types.choice(['ecs-dns', 'agent']).prefault('ecs-dns'), {
      description:
        'In whose words `eventBus` is told: `ecs-dns`, of record sets, or `agent`, of containers, as the host agent told of them: `Task Started` and `Task Stopped`.',
      example: 'agent',
      role: 'apart',
    }),
    notices: notices.prefault({}),
    agent: agent.prefault({}),
    events: setting(types.queueUrl.optional(), {
      description:
        'An SQS queue that gets the events of ECS: `watch` and the Lambda look at once at what they name, next to the runs that look at everything. Without it there are only those.',
      example: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ecs-events',
      role: 'apart',
    }),
    health: health.prefault({}),
    guardrails: guardrails.prefault({}),
    // AWS's quotas do not bear a run every second.
    every: setting(types.duration({ minMs: 1000, maxMs: MAX_DURATION_MS }).prefault('5m'), {
      description:
        'The time between two runs: how often `watch` runs, and what stale-record-minutes are counted by.',
      role: 'apart',
    }),
    timeout: setting(types.duration({ minMs: 1000, maxMs: MAX_DURATION_MS }).prefault('10m'), {
      description:
        'How long a command, or one run of `watch`, may take. What has not been sent by then is left for the next run; reading that has not ended is given up. The Lambda has the time that its invocation has left.',
      role: 'apart',
    }),
    journal: setting(types.journalLocation.optional(), {
      description:
        'Where the record sets that a run removes are written down before they go, for `ecs-dns restore`: a directory, in which each run that changes something writes a file, or `stderr`, or `none`. Without it the directory is `ecs-dns/journal` in `XDG_STATE_HOME`, or in `~/.local/state`; the Lambda writes to its log.',
      example: '/var/lib/ecs-dns/journal',
      role: 'silent',
    }),
    state: setting(types.stateLocation.optional(), {
      description:
        'Where is kept what runs leave for the next ones (failures counted, hosts seen, what was removed in the last hour): a file, or an item of a DynamoDB table, whose key is `ecs-dns` unless given. It makes runs more careful; without it each run is the first. Several zones may share one.',
      example: 'dynamodb:ecs-dns-state',
      role: 'shared',
    }),
    log: log.prefault({}),
    output: setting(types.choice(['text', 'json', 'html', 'markdown']).prefault('text'), {
      description:
        'How the report is printed: `text` for people, `json` for programs, and of `plan`, `apply`, `explain` and `compare` also `html` as one page for a browser, `markdown` as a comment on a pull request or an issue. `watch` and `agent` print one for each run with `json` alone; else their log tells what changes.',
      role: 'silent',
    }),
  })
  .transform((given) => {
    const {
      every: everyMs,
      timeout: timeoutMs,
      eventBus,
      events,
      journal = { kind: 'default' as const },
      state = { kind: 'none' as const },
      ...set
    } = given;
    return { ...set, everyMs, timeoutMs, eventBus, events, journal, state };
  });
