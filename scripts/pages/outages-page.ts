import { REGISTRATION_REASONS, WITHHELD_REASONS } from '../../src/model/registration.ts';
import { REASON_WORDS } from '../../src/model/verdict.ts';
import { GUARDRAIL_NAMES } from '../../src/plan/plan.ts';

/** One row of `docs/what-can-go-wrong.md`, and the heading that it stands under. */
export interface OutageRow {
  readonly heading: string;
  readonly happens: string;
  readonly seen: string;
  readonly test: string;
}

const ONE_WORD_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(REASON_WORDS),
  ...Object.keys(WITHHELD_REASONS),
  ...REGISTRATION_REASONS,
  ...GUARDRAIL_NAMES,
]);

/** The part of the page that is written out of the rest of it: where each code stands. */
export function outageSections(document: string): Readonly<Record<string, string>> {
  const headings = new Map<string, Set<string>>();
  for (const { heading, seen } of outageRows(document)) {
    for (const code of codesIn(seen)) headings.set(code, (headings.get(code) ?? new Set()).add(heading));
  }
  const rows = [...headings]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, at]) => `| \`${code}\` | ${[...at].map(linkTo).join(', ')} |`);
  return { codes: ['| code | stands under |', '| --- | --- |', ...rows].join('\n') };
}

/** The rows of the tables, from top to bottom. */
export function outageRows(document: string): readonly OutageRow[] {
  return document.split(/^## /m).flatMap((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return lines
      .filter((line) => line.startsWith('| '))
      .map((line) => line.slice(2, -2).split(' | '))
      .filter((cells) => cells.length === COLUMNS && !HEADS.has(cells[0] ?? ''))
      .map(([happens = '', , seen = '', test = '']) => ({ heading, happens, seen, test }));
  });
}

const COLUMNS = 4;
const HEADS: ReadonlySet<string> = new Set(['what happens', '---']);

/** What stands as code and looks like one: words with hyphens between, or a word that is known as a code. */
export function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)*)`/g)].flatMap(([, code = '']) =>
    code.includes('-') || ONE_WORD_CODES.has(code) ? [code] : [],
  );
}

/** By the anchor that GitHub gives a heading. */
function linkTo(heading: string): string {
  return `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`;
}
