import { AGENT_FORMS } from '../../model/agent-form.ts';
import type { ComparisonReport } from '../comparison-schema.ts';
import { plural } from '../sections.ts';
import { type Content, html, type Markup, prose } from './html.ts';
import { dataTable, htmlPage, pageSection, type Tile, tiles } from './html-page.ts';
import {
  badge,
  entryRow,
  type Fact,
  type RecordRow,
  type RowOptions,
  reasonWords,
  recordSetFacts,
} from './record-rows.ts';
import { runFacts, selfTestAlert } from './report-page.ts';
import {
  callsSection,
  heldBackSection,
  incompleteSection,
  listSection,
  noticesSection,
  type Section,
  withheldSection,
} from './report-sections.ts';

/**
 * A comparison as one HTML page: first what only the switch brings about, then what it prevents, and what comes anyway.
 *
 * @example
 * await writeFile('switch.html', renderComparisonPage(report));
 */
export function renderComparisonPage(report: ComparisonReport): string {
  const { zone, left, entering, leaving } = report;
  const options = { zoneName: zone.name };
  const entries = [...left, ...entering];
  return htmlPage({
    title: `switch of ${zone.name}`,
    kind: 'Comparison',
    headline: zone.name,
    facts: runFacts(report),
    head: html`<p class="answer">${answerOf(report)}</p>
${summaryTiles(report)}`,
    body: [
      selfTestAlert(report),
      settingsSection(report),
      incompleteSection(report, options),
      diffSections('gained', 'Only with the switch', report, options),
      diffSections('lost', 'Only without the switch', report, options),
      diffSections('eitherWay', 'With the switch or without', report, options),
      entriesSection('entering', 'Managed after the switch, and not yet', entering, options),
      entriesSection('leaving', 'Managed now, and not after the switch', leaving, options),
      heldBackSection({ ...report, entries }, options),
      withheldSection(report, options),
      entriesSection('left', 'Left as they are', left, options),
      formsSection(report),
      noticesSection(report, options),
      callsSection(report),
    ],
    foot: 'Nothing was changed.',
  });
}

function answerOf({ summary: { registered, rewritten, removed, left } }: ComparisonReport): string {
  const parts = `register ${plural(registered, 'record')}, rewrite ${rewritten}, remove ${removed}`;
  return `The switch would ${parts}, and leave ${left} as ${left === 1 ? 'it is' : 'they are'}.`;
}

function summaryTiles({ summary, gained, left }: ComparisonReport): Markup {
  const linkIf = (list: readonly unknown[], id: string) => (list.length === 0 ? undefined : `#${id}`);
  const all: readonly Tile[] = [
    {
      count: summary.removed,
      label: 'Removed',
      link: linkIf(gained.removed, 'gained-removed'),
      tone: 'unhealthy',
    },
    {
      count: summary.registered,
      label: 'Registered',
      link: linkIf(gained.registered, 'gained-registered'),
      tone: 'live',
    },
    {
      count: summary.rewritten,
      label: 'Rewritten',
      link: linkIf(gained.rewritten, 'gained-rewritten'),
      tone: 'draining',
    },
    { count: summary.left, label: 'Left', link: linkIf(left, 'left') },
    {
      count: summary.heldBack,
      label: 'Held back',
      link: summary.heldBack === 0 ? undefined : '#held-back',
      tone: 'unverified',
    },
    {
      count: summary.withheld,
      label: 'Not registered',
      link: summary.withheld === 0 ? undefined : '#withheld',
      tone: 'unverified',
    },
    { count: summary.lost, label: 'No longer made' },
    { count: summary.eitherWay, label: 'In any case' },
  ];
  return tiles(all);
}

function settingsSection({ settings }: ComparisonReport): Markup {
  const rows = settings.map(({ name, from, to }) => [
    html`<span class="mono">${name}</span>`,
    html`<span class="mono">${valueText(from)}</span>`,
    html`<span class="mono">${valueText(to)}</span>`,
  ]);
  const columns = [{ title: 'Setting' }, { title: 'Now' }, { title: 'After the switch' }];
  return pageSection({ id: 'settings', title: 'The switch', body: dataTable('The switch', columns, rows) });
}

function valueText(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Side = 'gained' | 'lost' | 'eitherWay';
type Diff = ComparisonReport['gained']['registered'][number];

const KINDS = [
  ['registered', 'new', 'live'],
  ['rewritten', 'rewrite', 'draining'],
  ['removed', 'removed', 'unhealthy'],
] as const;

function diffSections(
  side: Side,
  title: string,
  report: ComparisonReport,
  options: RowOptions,
): readonly Section[] {
  return KINDS.map(([kind, word, tone]) =>
    listSection(
      {
        id: `${side}-${kind}`,
        title: `${title}: ${kind}`,
        lead: 'Each has its record set behind it, as it is and as it would be.',
        rows: report[side][kind].map((diff) => diffRow(diff, badge(word, tone))),
      },
      options,
    ),
  );
}

function diffRow({ from, to, reasons, ...identity }: Diff, mark: Markup): RecordRow {
  const facts: readonly Fact[] = [
    ...(from === undefined
      ? []
      : recordSetFacts(from).map(([name, value]) => [`${name} now`, value] as const)),
    ...(to === undefined ? [] : recordSetFacts(to).map(([name, value]) => [`${name} then`, value] as const)),
  ];
  return { ...identity, badges: [mark], why: whyOf(reasons), code: reasons.join(', '), facts };
}

function whyOf(reasons: readonly string[]): Content {
  const [reason = ''] = reasons;
  if (reason === 'missing') return 'no record leads there yet';
  const { meaning } = reasonWords(reason);
  return meaning === reason ? undefined : prose(meaning);
}

function entriesSection(
  id: string,
  title: string,
  entries: ComparisonReport['left'],
  options: RowOptions,
): Section {
  const lead = 'Each with its verdict, and the evidence behind it.';
  return listSection({ id, title, lead, rows: entries.map((entry) => entryRow(entry)) }, options);
}

function formsSection({ agentForms }: ComparisonReport): Section {
  if (agentForms.length === 0) return undefined;
  const rows = agentForms.map(({ form, writer, recordSets }) => {
    const { form: words, outcome } = AGENT_FORMS[form];
    return [writer, recordSets, words, outcome];
  });
  const columns = [
    { title: 'Written by' },
    { title: 'Record sets', kind: 'number' as const },
    { title: 'Form' },
    { title: 'What becomes of them' },
  ];
  const title = 'Not managed, and in the form of an older tool';
  return pageSection({ id: 'forms', title, body: dataTable(title, columns, rows) });
}
