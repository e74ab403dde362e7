import { durationText } from '../model/duration.ts';
import { asks } from '../model/health-check.ts';
import { printable } from '../model/printable.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';
import { attemptFacts, checkText } from './render-check.ts';
import { remarkLines } from './sections.ts';
import { type Colors, type Page, type TextOptions, textOf } from './text-document.ts';
import { wrap } from './wrap.ts';

/**
 * An explanation for people: each entry with what it is, what it leads to, and what would become of it.
 *
 * @example
 * console.log(renderExplanation(explanation, { color: process.stdout.isTTY }));
 */
export function renderExplanation(report: ExplanationReport, options: TextOptions): string {
  return textOf(options, (page) => [
    ...report.entries.map((entry) => entryLines(entry, page)),
    ...report.missing.map((record) => missingLines(record, page)),
    remarkLines(report, page),
  ]);
}

function entryLines(entry: ExplainedEntry, page: Page): readonly string[] {
  const { colors } = page;
  const { verdict, reason, outcome, heldBy, srvRecord, host, container, check, probe, health } = entry;
  const code = paint(verdict, colors)(`${verdict}: ${reason}`);
  const end = { removed: 'goes', left: 'stays', 'held-back': `held back by ${heldBy?.guardrail}` }[outcome];
  const parts: readonly (readonly [string, readonly Line[] | undefined])[] = [
    ['Record', recordLines(entry).map(printable)],
    ['Claims', srvRecord && claimLines(srvRecord).map(printable)],
    ['Leads to', leadLines(entry).map(printable)],
    ['Host', host && hostLines(host).map(printable)],
    ['Container', container && containerLines(container).map(printable)],
    ['Target group', targetLines(entry)],
    ['Check', check && checkLines(check).map(printable)],
    ['Probe', probe && probeLines(probe).map(printable)],
    ['Health', health && healthLines(health)],
    ['Verdict', verdictLines(entry, code)],
    ['Confirmation', entry.confirmation.map(({ asked, seen }) => printable(`${asked}: ${seen}`))],
    ['Guardrails', guardrailLines(entry, colors)],
    ['A run would', outcomeLines(entry, colors)],
  ];
  return [
    ...headline(entry, page),
    ...wrap(`${code}, ${end}`, page.width, TWO_BLANKS),
    ...parts.flatMap(([label, lines = []]) => part(label, lines, page)),
  ];
}

function missingLines(record: MissingRecord, page: Page): readonly string[] {
  const { setIdentifier, outcome, reason, detail, advice } = record;
  const end = outcome === 'registered' ? 'is to be registered' : `is not registered: ${reason}`;
  const identifier = setIdentifier === undefined ? [] : [`set identifier ${printable(setIdentifier)}`];
  return [
    ...headline(record, page),
    ...wrap(`not in the zone, and ${end}`, page.width, TWO_BLANKS),
    ...part('Record', identifier, page),
    ...part('Because', [printable(detail)], page),
    ...part('To do', [printable(advice)], page),
  ];
}

const LABEL_WIDTH = 13;

const TWO_BLANKS = { first: '  ', rest: '  ' };

/** A text, or one after columns of its own, which keep their blanks. */
type Line = string | { readonly columns: string; readonly text: string };

/** What goes on on the next line stands deeper than what begins there. */
function part(label: string, lines: readonly Line[], { colors, width }: Page): readonly string[] {
  return lines.flatMap((line, i) => {
    const { columns, text } = typeof line === 'string' ? { columns: '', text: line } : line;
    const first = `  ${colors.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${columns}`;
    return wrap(text, width, { first, rest: ' '.repeat(LABEL_WIDTH + 4) });
  });
}

function headline(
  { name, type, value }: ExplainedEntry | MissingRecord,
  { colors, width }: Page,
): readonly string[] {
  return wrap(printable(`${name} ${type} ${value}`), width, { first: '', rest: '    ' }).map(colors.bold);
}

/** A part of an entry that is not there for every one. */
type Part<K extends keyof ExplainedEntry> = NonNullable<ExplainedEntry[K]>;

function recordLines({ recordSet, value }: ExplainedEntry): readonly string[] {
  const { SetIdentifier, Weight, TTL, ResourceRecords } = recordSet;
  const others = (ResourceRecords ?? []).map(({ Value }) => Value).filter((other) => other !== value);
  const fields = [
    ...(SetIdentifier === undefined ? [] : [`set identifier ${SetIdentifier}`]),
    ...(Weight === undefined ? ['not weighted'] : [`weight ${Weight}`]),
    ...(TTL === undefined ? [] : [`TTL ${TTL}`]),
  ];
  return [fields.join(', '), ...others.map((other) => `also in the set: ${other}`)];
}

function claimLines({ service, target, port, containerId }: Part<'srvRecord'>): readonly string[] {
  const container = containerId === undefined ? '' : `, in container ${short(containerId)}`;
  return [`service ${service} at ${target} port ${port}${container}`];
}

function leadLines({ match, endpoint }: ExplainedEntry): readonly string[] {
  if (endpoint === undefined) return [`it ${match.meaning}`];
  const { service, address, port, containerPort, protocol } = endpoint;
  const name = service === undefined ? 'a port without a name' : service;
  const location = `${address ?? 'no address known'}:${port}/${protocol}, port ${containerPort} of the container`;
  return [`it ${match.meaning}`, `${name} at ${location}`];
}

const HOST_STATES = {
  present: 'EC2 has it',
  gone: 'EC2 says that it has ended, or is about to',
  unreachable: 'EC2 does not know it, and its ECS agent is not connected',
  unknown: 'EC2 cannot tell of it',
} as const;

function hostLines(host: Part<'host'>): readonly string[] {
  const { instanceId, cluster, state, privateDnsName, address, vpcId, containerInstance } = host;
  const known = [privateDnsName, address, vpcId].filter((one) => one !== undefined);
  return [
    [`${instanceId} of cluster ${cluster}`, ...known].join(', '),
    `${HOST_STATES[state]}; ECS has it as ${containerInstance}`,
  ];
}

function containerLines(container: Part<'container'>): readonly string[] {
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
function targetLines({ evidence: { targets } }: ExplainedEntry): readonly string[] {
  return targets === undefined ? [] : [printable(String(targets))];
}

function checkLines(check: Part<'check'>): readonly string[] {
  const origins = check.origins.map(({ part: name, from }) => `${name}: ${from}`);
  return [asks(check) ? checkText(check) : check.kind, ...origins];
}

function probeLines({ address, port, kind, reason, attempts }: Part<'probe'>): readonly string[] {
  const outcome = `${kind}${reason === undefined ? '' : `: ${reason}`}`;
  const lines = attempts.map((attempt) => {
    const body = attempt.body?.trim() ?? '';
    const facts = [...attemptFacts(attempt), ...(body === '' ? [] : [`body: ${body}`])];
    return `${attempt.attempt}. ${attempt.endedAt} ${facts.join(', ')}`;
  });
  return [`${address}:${port} is ${outcome}`, ...lines];
}

function healthLines(health: Part<'health'>): readonly string[] {
  const { failingRuns, passingRuns, unhealthyThreshold, healthyThreshold, ageSeconds } = health;
  const before =
    failingRuns === 0
      ? 'no earlier failure is remembered'
      : `before this run it failed in ${inRuns(failingRuns)}, and passed in ${inRuns(passingRuns)} since`;
  const age =
    ageSeconds === undefined
      ? 'it is unknown when it started'
      : `it started ${durationText(ageSeconds * 1000)} ago`;
  return [
    `${before}; failing in ${inRuns(unhealthyThreshold)} makes it unhealthy, passing in ${inRuns(healthyThreshold)} healthy`,
    `${age}; the grace period is ${durationText(health.gracePeriodSeconds * 1000)} (${health.gracePeriodFrom})`,
  ];
}

function inRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs in a row`;
}

function verdictLines({ meaning, advice }: ExplainedEntry, code: string): readonly string[] {
  return [`${code}: ${plain(meaning)}`, ...(/^nothing\b/.test(advice) ? [] : [`to do: ${plain(advice)}`])];
}

function paint(verdict: ExplainedEntry['verdict'], { green, red, yellow, dim }: Colors) {
  const ours = {
    live: green,
    stale: red,
    unhealthy: red,
    draining: red,
    unverified: yellow,
    protected: yellow,
  };
  return { ...ours, foreign: dim }[verdict];
}

/** The words are Markdown's; a terminal has no use for its backticks. */
function plain(words: string): string {
  return words.replaceAll('`', '');
}

function guardrailLines({ guardrails }: ExplainedEntry, { green, yellow, dim }: Colors): readonly Line[] {
  const decided = guardrails.findIndex(({ decides }) => decides);
  const width = Math.max(0, ...guardrails.map(({ guardrail }) => guardrail.length)) + 2;
  return guardrails.map(({ guardrail, answer, detail }, i) => {
    const isMoot = decided >= 0 && i > decided;
    const words = isMoot ? `would ${answer === 'holds' ? 'hold' : 'pass'}` : answer;
    const color = isMoot ? dim : answer === 'holds' ? yellow : green;
    return { columns: `${guardrail.padEnd(width)}${color(words.padEnd(12))}`, text: printable(detail) };
  });
}

function outcomeLines({ outcome, heldBy, changes }: ExplainedEntry, colors: Colors): readonly string[] {
  if (outcome === 'left') return [colors.green('leave it')];
  if (heldBy !== undefined) {
    const { guardrail, liftedBy } = heldBy;
    return [colors.yellow(`leave it: held back by ${guardrail}`), `lifted by: ${plain(liftedBy)}`];
  }
  return [
    colors.red('remove it:'),
    ...changes.map(({ action, recordSet }) => `${action} ${printable(spacedJson(recordSet))}`),
  ];
}

/** JSON on one line, with blanks at which it can be broken. */
function spacedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replace(/\n\s*/g, ' ');
}

/** A Docker id as people write it: its first 12 digits. */
function short(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
