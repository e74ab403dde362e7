import { escapeHtml, pageAnswer } from '../common/html.ts';
import type { Answer } from '../common/serve.ts';
import type { Outcome } from './ask.ts';
import type { Place } from './discovery.ts';

/** What DNS has of a name now. */
export interface Listing {
  readonly name: string;
  readonly places: readonly Place[];
  readonly fault: string | undefined;
}

export interface PortalView {
  readonly format: string;
  readonly formula: string;
  readonly told: Outcome;
  readonly result: Outcome;
  readonly listings: readonly Listing[];
}

/** Two boxes, what was answered to each and by which container, and the containers that DNS has. */
export function portalPage({ format, formula, told, result, listings }: PortalView): Answer {
  return pageAnswer(
    'Portal',
    `<p class="soft">Two services answer, each found by its SRV records. Every load of the page asks DNS again.</p>
<form method="get" action="/">
<div class="boxes">
${box({ id: 'format', label: 'A format of the time', value: format, most: 100 }, told)}
${box({ id: 'formula', label: 'A formula', value: formula, most: 200 }, result)}
</div>
<button>Ask both</button>
</form>
${listings.map((listing) => table(listing, [told, result])).join('\n')}`,
  );
}

interface Field {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly most: number;
}

function box({ id, label, value, most }: Field, outcome: Outcome): string {
  return `<section class="box" aria-label="${label}">
<label for="${id}">${label}</label>
<input id="${id}" name="${id}" value="${escapeHtml(value)}" maxlength="${most}" autocomplete="off" spellcheck="false">
${outcomeLines(outcome)}
</section>`;
}

function outcomeLines(outcome: Outcome): string {
  const missed =
    outcome.missed.length === 0
      ? ''
      : `<p class="soft">No answer from ${outcome.missed.map((place) => shown(place)).join(', ')}.</p>`;
  if (outcome.kind === 'unanswered') return `<p class="bad">${escapeHtml(outcome.detail)}</p>${missed}`;
  const { text, by } = outcome;
  const line = outcome.kind === 'answered' ? '<p class="answer">' : '<p class="bad">';
  return `${line}${escapeHtml(text)}</p>
<p class="soft">by container <code>${escapeHtml(by.container)}</code> at ${shown(by)}</p>${missed}`;
}

function shown({ address, port }: Place): string {
  return `<code>${escapeHtml(address)}:${port}</code>`;
}

function table({ name, places, fault }: Listing, outcomes: readonly Outcome[]): string {
  const heading = `<h2>${escapeHtml(name)}</h2>`;
  if (fault !== undefined) return `${heading}\n<p class="bad">${escapeHtml(fault)}</p>`;
  const rows = places.map((place) => {
    const container = `<code>${escapeHtml(place.host)}:${place.port}</code> <code class="soft">${escapeHtml(place.address)}</code>`;
    return `<tr><td>${container}</td><td>${place.priority} / ${place.weight}</td><td>${noteOn(place, outcomes)}</td></tr>`;
  });
  return `${heading}
<p class="soft">${places.length} in DNS now</p>
<table>
<thead><tr><th>Container at</th><th>Priority / weight</th><th>This time</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function noteOn(place: Place, outcomes: readonly Outcome[]): string {
  if (outcomes.some((one) => one.kind !== 'unanswered' && isSame(one.by, place))) return 'answered';
  return outcomes.some(({ missed }) => missed.some((other) => isSame(other, place))) ? 'did not answer' : '';
}

function isSame(a: Place, b: Place): boolean {
  return a.address === b.address && a.port === b.port;
}
