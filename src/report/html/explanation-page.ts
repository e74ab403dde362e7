import { durationText } from '../../model/duration.ts';
import {
  changeLine,
  checkLines,
  claimLines,
  containerLines,
  healthLines,
  hostLines,
  matchLines,
  probeLines,
  recordLines,
  targetLines,
} from '../explanation-lines.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from '../explanation-schema.ts';
import { entriesText, plural } from '../sections.ts';
import { type Content, html, type Markup, prose } from './html.ts';
import { htmlPage, pageSection, timeText } from './html-page.ts';
import { badge, type Fact, factList, identifierFacts } from './record-rows.ts';
import { callsSection, incompleteSection, listSection, noticesSection } from './report-sections.ts';

/**
 * An explanation as one HTML page: each entry with all that leads to its verdict, nothing folded.
 *
 * @example
 * await writeFile('orders.html', renderExplanationPage(explanation));
 */
export function renderExplanationPage(report: ExplanationReport): string {
  const { selector, zone, startedAt, durationMs, entries, missing } = report;
  const options = { zoneName: zone.name };
  const answer =
    missing.length === 0
      ? ''
      : `, and ${plural(missing.length, 'record')} that ${missing.length === 1 ? 'is' : 'are'} not there`;
  return htmlPage({
    title: `${selector} explained`,
    kind: 'Explanation',
    headline: selector,
    facts: [`${zone.name} (${zone.id})`, timeText(startedAt), durationText(durationMs)],
    head: html`<p class="answer">${entriesText(entries.length)}${answer}.</p>`,
    body: [
      entries.map(entrySection),
      listSection(
        {
          id: 'missing',
          title: 'Not in the zone',
          lead: 'These records are not there, although what they would lead to runs.',
          rows: missing.map(missingRow),
        },
        options,
      ),
      incompleteSection(report, options),
      noticesSection(report, options),
      callsSection(report),
    ],
    foot: 'Nothing was changed.',
  });
}

const OUTCOMES = {
  removed: 'a run would remove the entry',
  'held-back': 'the entry is held back',
  left: 'the entry stays',
} as const satisfies Record<ExplainedEntry['outcome'], string>;

function entrySection(entry: ExplainedEntry, index: number): Markup {
  const { name, type, value, verdict, reason, outcome, heldBy } = entry;
  const holder = heldBy === undefined ? undefined : html` by <code>${heldBy.guardrail}</code>`;
  const lead = html`${badge(verdict)} <code>${reason}</code>: ${OUTCOMES[outcome]}${holder}.`;
  const title = `${name} ${type} ${value}`;
  return pageSection({ id: `entry-${index}`, title, lead, body: factList(factsOf(entry)) });
}

function factsOf(entry: ExplainedEntry): readonly Fact[] {
  const { meaning, advice, heldBy, srvRecord, host, container, check, probe, health } = entry;
  const facts: readonly (readonly [string, Content])[] = [
    ['Meaning', prose(meaning)],
    ['What to do', prose(advice)],
    ['Held back by', heldBy && html`${heldBy.detail}; lifted by ${prose(heldBy.liftedBy)}`],
    [
      'Evidence',
      lines(
        Object.entries(entry.evidence).map(
          ([name, value]) => html`<span class="quiet">${name}</span> <span class="mono">${value}</span>`,
        ),
      ),
    ],
    ['Record', lines(recordLines(entry))],
    ['Claims', srvRecord && lines(claimLines(srvRecord))],
    ['Match', lines(matchLines(entry))],
    ['Host', host && lines(hostLines(host))],
    ['Container', container && lines(containerLines(container))],
    ['Target group', lines(targetLines(entry))],
    ['Check', check && lines(checkLines(check))],
    ['Probe', probe && lines(probeLines(probe))],
    ['Health', health && lines(healthLines(health))],
    ['Confirmation', lines(entry.confirmation.map(({ asked, seen }) => `${asked}: ${seen}`))],
    ['Guardrails', lines(entry.guardrails.map(guardrailText))],
    ['A run would', lines(entry.changes.map(changeLine))],
  ];
  return facts.filter(([, content]) => content !== undefined);
}

function lines(all: readonly Content[]): Content {
  return all.length === 0 ? undefined : all.map((one) => html`<div>${one}</div>`);
}

function guardrailText({ guardrail, answer, decides, detail }: ExplainedEntry['guardrails'][number]): Markup {
  const mark =
    answer === 'passes' ? badge('passes', 'live') : badge('holds', decides ? 'unhealthy' : 'unverified');
  return html`${mark} <code>${guardrail}</code> ${detail}`;
}

function missingRow(record: MissingRecord) {
  const { outcome, reason, detail, advice } = record;
  const badges = [
    outcome === 'registered' ? badge('to register', 'live') : badge('not registered', 'unverified'),
  ];
  const facts: readonly Fact[] = [...identifierFacts(record), ['What to do', prose(advice)]];
  return { ...record, badges, why: detail, code: reason, facts };
}
