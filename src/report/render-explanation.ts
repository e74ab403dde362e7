import { printable } from '../model/printable.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';
import { attemptFacts, checkText } from './render-check.ts';
import { type Colors, remarkLines, type TextOptions, textOf } from './sections.ts';

/**
 * An explanation for people: each entry with what it is, what it leads to, and what would become of it.
 *
 * @example
 * console.log(renderExplanation(explanation, { color: process.stdout.isTTY }));
 */
export function renderExplanation(report: ExplanationReport, options: TextOptions): string {
  return textOf(options, (colors) => [
    ...report.entries.map((entry) => renderEntry(entry, colors)),
    ...report.missing.map((record) => renderMissing(record, colors)),
    remarkLines(report, colors).join('\n'),
  ]);
}

function renderEntry(entry: ExplainedEntry, colors: Colors): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Record', recordLines(entry)],
    ['Claims', claimLines(entry)],
    ['Leads to', leadLines(entry)],
    ['Host', hostLines(entry)],
    ['Container', containerLines(entry)],
    ['Check', checkLines(entry)],
    ['Probe', probeLines(entry)],
    ['Health', healthLines(entry)],
    ['Verdict', verdictLines(entry, colors)],
    ['Confirmation', entry.confirmation.map(({ asked, seen }) => `${asked}: ${seen}`)],
    ['Guardrails', guardrailLines(entry, colors)],
    ['A run would', outcomeLines(entry, colors)],
  ];
  const shown = parts.filter(([, lines]) => lines.length > 0);
  return [
    headline(entry, colors),
    `  ${inBrief(entry, colors)}`,
    ...shown.flatMap(([label, lines]) => part(label, lines, colors)),
  ].join('\n');
}

function renderMissing(record: MissingRecord, colors: Colors): string {
  const { name, type, value, setIdentifier, outcome, reason, detail, advice } = record;
  const end = outcome === 'registered' ? 'is to be registered' : `is not registered: ${reason}`;
  return [
    colors.bold(`${printable(name)} ${type} ${printable(value)}`),
    `  not in the zone, and ${end}`,
    ...(setIdentifier === undefined
      ? []
      : part('Record', [`set identifier ${printable(setIdentifier)}`], colors)),
    ...part('Because', [printable(detail)], colors),
    ...part('To do', [printable(advice)], colors),
  ].join('\n');
}

const LABEL_WIDTH = 13;

function part(label: string, lines: readonly string[], { dim }: Colors): readonly string[] {
  return lines.map((line, i) => `  ${dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`);
}

function headline({ name, type, value }: ExplainedEntry, { bold }: Colors): string {
  return bold(`${printable(name)} ${type} ${printable(value)}`);
}

function inBrief({ verdict, reason, outcome, heldBy }: ExplainedEntry, colors: Colors): string {
  const end = { removed: 'goes', left: 'stays', 'held-back': `held back by ${heldBy?.guardrail}` }[outcome];
  return `${paint(verdict, colors)(`${verdict}: ${reason}`)}, ${end}`;
}

function recordLines({ recordSet, value }: ExplainedEntry): readonly string[] {
  const { SetIdentifier, Weight, TTL, ResourceRecords } = recordSet;
  const others = (ResourceRecords ?? []).map(({ Value }) => Value).filter((other) => other !== value);
  const fields = [
    ...(SetIdentifier === undefined ? [] : [`set identifier ${printable(SetIdentifier)}`]),
    ...(Weight === undefined ? ['not weighted'] : [`weight ${Weight}`]),
    ...(TTL === undefined ? [] : [`TTL ${TTL}`]),
  ];
  return [fields.join(', '), ...others.map((other) => `also in the set: ${printable(other)}`)];
}

function claimLines({ srvRecord }: ExplainedEntry): readonly string[] {
  if (srvRecord === undefined) return [];
  const container =
    srvRecord.containerId === undefined ? '' : `, in container ${short(srvRecord.containerId)}`;
  return [
    `service ${printable(srvRecord.service)} at ${printable(srvRecord.target)} port ${srvRecord.port}${container}`,
  ];
}

function leadLines({ match, endpoint }: ExplainedEntry): readonly string[] {
  if (endpoint === undefined) return [`it ${match.meaning}`];
  const { service, address, port, containerPort, protocol } = endpoint;
  const name = service === undefined ? 'a port without a name' : printable(service);
  const location = `${address ?? 'no address known'}:${port}/${protocol}, port ${containerPort} of the container`;
  return [`it ${match.meaning}`, `${name} at ${location}`];
}

const HOST_STATES = {
  present: 'EC2 has it',
  gone: 'EC2 says that it has ended, or is about to',
  unreachable: 'EC2 does not know it, and its ECS agent is not connected',
  unknown: 'EC2 cannot tell of it',
} as const;

function hostLines({ host }: ExplainedEntry): readonly string[] {
  if (host === undefined) return [];
  const { instanceId, cluster, state, privateDnsName, address, vpcId, containerInstance } = host;
  const known = [privateDnsName, address, vpcId].filter((one) => one !== undefined);
  return [
    [`${instanceId} of cluster ${cluster}`, ...known].join(', '),
    `${HOST_STATES[state]}; ECS has it as ${containerInstance}`,
  ];
}

function containerLines({ container }: ExplainedEntry): readonly string[] {
  if (container === undefined) return [];
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

function checkLines({ check }: ExplainedEntry): readonly string[] {
  if (check === undefined) return [];
  const origins = check.origins.map(({ part: name, from }) => `${name}: ${printable(from)}`);
  if (check.kind === 'none') return ['none', ...origins];
  return [checkText(check), ...origins];
}

function probeLines({ probe }: ExplainedEntry): readonly string[] {
  if (probe === undefined) return [];
  const { address, port, kind, reason, attempts } = probe;
  const outcome = `${kind}${reason === undefined ? '' : `: ${reason}`}`;
  return [`${address}:${port} is ${outcome}`, ...attempts.map(attemptLine)];
}

type Attempt = NonNullable<ExplainedEntry['probe']>['attempts'][number];

function attemptLine(attempt: Attempt): string {
  const body = attempt.body?.trim() ?? '';
  const facts = [...attemptFacts(attempt), ...(body === '' ? [] : [`body: ${printable(body)}`])];
  return `${attempt.attempt}. ${attempt.endedAt} ${facts.join(', ')}`;
}

function healthLines({ health }: ExplainedEntry): readonly string[] {
  if (health === undefined) return [];
  const { failingRuns, passingRuns, unhealthyThreshold, healthyThreshold, ageSeconds } = health;
  const before =
    failingRuns === 0
      ? 'no earlier failure is remembered'
      : `before this run it failed in ${inRuns(failingRuns)}, and passed in ${inRuns(passingRuns)} since`;
  const age =
    ageSeconds === undefined ? 'it is unknown when it started' : `it started ${ageText(ageSeconds)} ago`;
  return [
    `${before}; failing in ${inRuns(unhealthyThreshold)} makes it unhealthy, passing in ${inRuns(healthyThreshold)} healthy`,
    `${age}; the grace period is ${health.gracePeriodSeconds} s (${health.gracePeriodFrom})`,
  ];
}

function inRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs in a row`;
}

const AGES = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const;

/** In the largest unit of which there are two or more. */
function ageText(seconds: number): string {
  const [unit, size] = AGES.find(([, length]) => seconds >= 2 * length) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}

function verdictLines(
  { verdict, reason, meaning, advice }: ExplainedEntry,
  colors: Colors,
): readonly string[] {
  const code = paint(verdict, colors)(`${verdict}: ${reason}`);
  return [`${code}: ${plain(meaning)}`, ...(/^nothing\b/.test(advice) ? [] : [`to do: ${plain(advice)}`])];
}

function paint(verdict: ExplainedEntry['verdict'], { green, red, yellow, dim }: Colors) {
  return { live: green, stale: red, unhealthy: red, draining: red, unverified: yellow, foreign: dim }[
    verdict
  ];
}

/** The words are Markdown's; a terminal has no use for its backticks. */
function plain(words: string): string {
  return words.replaceAll('`', '');
}

function guardrailLines({ guardrails }: ExplainedEntry, { green, yellow, dim }: Colors): readonly string[] {
  const decided = guardrails.findIndex(({ decides }) => decides);
  const width = Math.max(0, ...guardrails.map(({ guardrail }) => guardrail.length)) + 2;
  return guardrails.map(({ guardrail, answer, detail }, i) => {
    const isMoot = decided >= 0 && i > decided;
    const words = isMoot ? `would ${answer === 'holds' ? 'hold' : 'pass'}` : answer;
    const color = isMoot ? dim : answer === 'holds' ? yellow : green;
    return `${guardrail.padEnd(width)}${color(words.padEnd(12))}${printable(detail)}`;
  });
}

function outcomeLines(
  { outcome, heldBy, changes }: ExplainedEntry,
  { red, yellow, green }: Colors,
): readonly string[] {
  if (outcome === 'left') return [green('leave it')];
  if (heldBy !== undefined) {
    const { guardrail, liftedBy } = heldBy;
    return [yellow(`leave it: held back by ${guardrail}`), `lifted by: ${plain(liftedBy)}`];
  }
  return [
    red('remove it:'),
    ...changes.map(({ action, recordSet }) => `${action} ${printable(JSON.stringify(recordSet))}`),
  ];
}

const SHORT_ID_LENGTH = 12;

/** A Docker id as people write it. */
function short(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, SHORT_ID_LENGTH) : id;
}
