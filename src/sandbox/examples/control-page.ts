import { html, type Markup } from '../../report/html/html.ts';
import { dataTable, htmlPage, pageSection } from '../../report/html/html-page.ts';
import type { Fleet } from '../fleet/generate-fleet.ts';
import { containersSection } from './containers-section.ts';
import type { ControlView } from './control-view.ts';

/** The services that have a page, with what it is called. */
const PAGES = { portal: 'portal', shop: 'shop', home: 'bookings' };

/** The containers with what stops them, and the records that DNS has at this moment. */
export function controlPage(view: ControlView, isPaused: boolean): string {
  const reloading = isPaused
    ? html`The page is paused: <a href="/">resume</a>.`
    : html`The page reloads by itself: <a href="/?pause">pause</a>.`;
  const links = Object.entries(PAGES).flatMap(([service, label]) => {
    const url = view.balancers.urlOf(service);
    return url === undefined ? [] : [html`<a href="${url}/">${label}</a>`];
  });
  return htmlPage({
    title: 'Examples in the sandbox',
    kind: 'sandbox',
    headline: 'Containers and their records',
    facts: [html`zone ${view.fleet.zone.name.replace(/\.$/, '')}`, reloading],
    head: html`<nav aria-label="Examples">${links}</nav>`,
    body: html`${containersSection(view, isPaused ? '?pause' : '')}${recordsSection(view.fleet)}`,
    foot: 'Stop is StopTask: the container gets SIGTERM and time to drain. Kill is SIGKILL: it is gone at once.',
    forms: true,
  });
}

function recordsSection({ zone }: Fleet): Markup {
  const rows = zone
    .list()
    .filter(({ Type }) => Type !== 'SOA' && Type !== 'NS')
    .map(({ Name, Type, TTL, Weight, ResourceRecords = [] }) => [
      html`<code>${relativeName(Name, zone)}</code>`,
      Type,
      html`<code>${ResourceRecords.map(({ Value }) => Value).join(' ')}</code>`,
      TTL,
      Weight,
    ]);
  return pageSection({
    id: 'records',
    title: 'Records',
    count: rows.length,
    lead: 'What the zone has, and the name server answers with; names are relative to the zone.',
    body: dataTable(
      'Records',
      [
        { title: 'Name' },
        { title: 'Type' },
        { title: 'Value' },
        { title: 'TTL', kind: 'number' },
        { title: 'Weight', kind: 'number' },
      ],
      rows,
    ),
  });
}

function relativeName(name: string, zone: Fleet['zone']): string {
  const end = `.${zone.name.replace(/\.$/, '')}.`;
  return name.endsWith(end) ? name.slice(0, -end.length) : name.replace(/\.$/, '');
}
