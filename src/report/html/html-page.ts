import type { Verdict } from '../../model/verdict.ts';
import { type Content, html, Markup } from './html.ts';
import { STYLE, STYLE_SOURCE } from './style.ts';

/**
 * What a page may load and do: nothing, but for its own style sheet. The `frame-ancestors` of a server come on top,
 * because a page cannot say that of itself.
 */
export const PAGE_POLICY = `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; form-action 'none'`;

export interface PageParts {
  /** Of the window. */
  readonly title: string;
  /** What kind of page it is, in a word or two above its headline. */
  readonly kind: string;
  readonly headline: string;
  /** Short facts under the headline. */
  readonly facts: readonly Content[];
  /** The rest of the head: the answer, links, tiles. */
  readonly head: Content;
  readonly body: Content;
  readonly foot: Content;
  /** Whether it has forms, which go to where it comes from; by default no form may be sent. */
  readonly forms?: boolean;
}

/** A whole document that needs nothing else: no script, no font, no image, and its style within. */
export function htmlPage(parts: PageParts): string {
  const { title, kind, headline, facts, head, body, foot, forms = false } = parts;
  const policy = forms ? PAGE_POLICY.replace("form-action 'none'", "form-action 'self'") : PAGE_POLICY;
  const style = new Markup(STYLE);
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kind">${kind}</p>
<h1>${headline}</h1>
<div class="head">${facts.map((fact) => html`<span>${fact}</span>`)}</div>
${head}
</header>
<main>
${body}
</main>
<footer>${foot}</footer>
</body>
</html>
`;
  return markup.toString();
}

/** A part of a page under a heading of its own. */
export interface SectionParts {
  /** A word of the program's own, by which links lead to it. */
  readonly id: string;
  readonly title: string;
  readonly count?: number | undefined;
  readonly lead?: Content;
  readonly body: Content;
}

export function pageSection({ id, title, count, lead, body }: SectionParts): Markup {
  const number = count === undefined ? undefined : html` <span class="count">${count}</span>`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}${number}</h2>
${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`}
${body}
</section>
`;
}

/** A number with what it counts, and where there is more of it: a link of the program's own. */
export interface Tile {
  readonly count: number;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly link?: string | undefined;
  /** The verdict whose colour it has, unless it counts nothing. */
  readonly tone?: Verdict | undefined;
}

export function tiles(all: readonly Tile[]): Markup {
  return html`<ul class="tiles">${all.map(tile)}</ul>`;
}

function tile({ count, label, detail, link, tone = 'foreign' }: Tile): Markup {
  const name = link === undefined ? label : html`<a href="${link}">${label}</a>`;
  const more = detail === undefined ? undefined : html` <span class="quiet">${detail}</span>`;
  return html`<li><div class="tile ${count === 0 ? 'zero' : tone}"><b>${count}</b>${name}${more}</div></li>`;
}

export interface Column {
  readonly title: string;
  readonly kind?: 'number' | 'nowrap';
}

/** A table in a box of its own, which scrolls by itself where it is too wide; the first cell heads its row. */
export function dataTable(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  const classOf = (i: number) => columns[i]?.kind ?? '';
  const head = columns.map(({ title }, i) => html`<th scope="col" class="${classOf(i)}">${title}</th>`);
  const body = rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row" class="${classOf(0)}">${first}</th>${rest.map(
        (cell, i) => html`<td class="${classOf(i + 1)}">${cell}</td>`,
      )}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${head}</tr></thead>
<tbody>${body}</tbody>
</table></div>`;
}

/** A time that people and programs read; from a text as documents have it, or from epoch milliseconds. */
export function timeText(at: string | number): Markup {
  return html`${timeCell(at)} UTC`;
}

/** The same under a heading that says that it is in UTC. */
export function timeCell(at: string | number): Markup {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}
