import { writtenName } from '../model/dns-name.ts';
import { durationText } from '../model/duration.ts';
import { asks } from '../model/health-check.ts';
import type { ExplainedEntry } from './explanation-schema.ts';
import { attemptFacts, checkText } from './render-check.ts';

/** A part of an entry that is not there for every one. */
type Part<K extends keyof ExplainedEntry> = NonNullable<ExplainedEntry[K]>;

/** The fields of an entry's set apart from name and type, and its other values. */
export function recordLines({ recordSet, value }: ExplainedEntry): readonly string[] {
  const others = valuesOf(recordSet).filter((other) => other !== value);
  return [fieldsOf(recordSet).join(', '), ...others.map((other) => `also in the set: ${other}`)];
}

/** What a run would send: `delete _orders._tcp.internal. SRV 1 1 80 host, set identifier blue, weight 1, TTL 60`. */
export function changeLine({ action, recordSet }: ExplainedEntry['changes'][number]): string {
  const { Name, Type } = recordSet;
  return [
    `${action} ${[Name, Type, valuesOf(recordSet).join(' + ')].join(' ')}`,
    ...fieldsOf(recordSet),
  ].join(', ');
}

type ReportedSet = ExplainedEntry['recordSet'];

function valuesOf({ ResourceRecords = [] }: ReportedSet): readonly string[] {
  return ResourceRecords.map(({ Value }) => Value);
}

function fieldsOf({ SetIdentifier, Weight, TTL, Name, Type, ResourceRecords, ...others }: ReportedSet) {
  return [
    ...(SetIdentifier === undefined ? [] : [`set identifier ${SetIdentifier}`]),
    ...(Weight === undefined ? ['not weighted'] : [`weight ${Weight}`]),
    ...(TTL === undefined ? [] : [`TTL ${TTL}`]),
    ...Object.entries(others).map(
      ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
}

export function claimLines({ service, target, port, containerId }: Part<'srvRecord'>): readonly string[] {
  const container = containerId === undefined ? '' : `, in container ${short(containerId)}`;
  return [`service ${writtenName(service)} at ${writtenName(target)} port ${port}${container}`];
}

export function matchLines({ match, endpoint }: ExplainedEntry): readonly string[] {
  const meaning = `the entry ${match.meaning}`;
  if (endpoint === undefined) return [meaning];
  const { service, address, port, containerPort, protocol } = endpoint;
  const name = service === undefined ? 'a port without a name' : service;
  const location = `${address ?? 'no address known'}:${port}/${protocol}, port ${containerPort} of the container`;
  return [meaning, `${name} at ${location}`];
}

const HOST_STATES = {
  present: 'EC2 has the instance',
  gone: 'EC2 says that the instance has ended, or is about to',
  unreachable: 'EC2 does not know the instance, and the ECS agent is not connected',
  unknown: 'EC2 cannot tell of the instance',
} as const;

export function hostLines(host: Part<'host'>): readonly string[] {
  const { instanceId, cluster, state, privateDnsName, address, vpcId, containerInstance } = host;
  const known = [privateDnsName, address, vpcId].filter((one) => one !== undefined);
  return [
    [`${instanceId} of cluster ${cluster}`, ...known].join(', '),
    `${HOST_STATES[state]}; the container instance is ${containerInstance}`,
  ];
}

export function containerLines(container: Part<'container'>): readonly string[] {
  const { name, id, task, phase, startedAt, essential, ecsHealth, ecsService } = container;
  const facts = [
    phase,
    ...(startedAt === undefined ? [] : [`since ${startedAt}`]),
    essential ? 'essential' : 'not essential',
    `ECS health ${ecsHealth}`,
    ecsService === undefined ? 'of no ECS service' : `of ECS service ${ecsService}`,
  ];
  return [`${name} ${id === undefined ? '(its id is not known yet)' : short(id)}, ${facts.join(', ')}`, task];
}

/** What target groups say, where they were asked and know it. */
export function targetLines({ evidence: { targets } }: ExplainedEntry): readonly string[] {
  return targets === undefined ? [] : [String(targets)];
}

export function checkLines(check: Part<'check'>): readonly string[] {
  const origins = check.origins.map(({ part: name, from }) => `${name}: ${from}`);
  return [asks(check) ? checkText(check) : check.kind, ...origins];
}

export function probeLines({ address, port, kind, reason, attempts }: Part<'probe'>): readonly string[] {
  const outcome = `${kind}${reason === undefined ? '' : `: ${reason}`}`;
  const lines = attempts.map((attempt) => {
    const body = attempt.body?.trim() ?? '';
    const facts = [...attemptFacts(attempt), ...(body === '' ? [] : [`body: ${body}`])];
    return `${attempt.attempt}. ${attempt.endedAt} ${facts.join(', ')}`;
  });
  return [`${address}:${port} is ${outcome}`, ...lines];
}

export function healthLines(health: Part<'health'>): readonly string[] {
  const { failingRuns, passingRuns, unhealthyThreshold, healthyThreshold, ageSeconds } = health;
  const before =
    failingRuns === 0
      ? 'no earlier failure is remembered'
      : `before this run the check failed in ${inRuns(failingRuns)}, and passed in ${inRuns(passingRuns)} since`;
  const age =
    ageSeconds === undefined
      ? 'when the container started is unknown'
      : `the container started ${durationText(ageSeconds * 1000)} ago`;
  return [
    `${before}; the endpoint is unhealthy once it fails in ${inRuns(unhealthyThreshold)}, and healthy once it passes in ${inRuns(healthyThreshold)}`,
    `${age}; the grace period is ${durationText(health.gracePeriodSeconds * 1000)} (${health.gracePeriodFrom})`,
  ];
}

function inRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs in a row`;
}

/** A Docker id as people write it: its first 12 digits. */
function short(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
