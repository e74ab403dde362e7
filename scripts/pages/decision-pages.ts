import { AGENT_FORMS } from '../../src/model/agent-form.ts';
import { WITHHELD_REASONS } from '../../src/model/registration.ts';
import { isRemovableVerdict, REASONS, type ReasonWords, VERDICTS } from '../../src/model/verdict.ts';
import {
  EXEMPTIONS,
  GUARDRAIL_NAMES,
  GUARDRAIL_WORDS,
  MATCH_SPECS,
  type Rule,
  SCOPE_EXEMPTIONS,
  SCOPE_RULES,
  UNVERIFIED_COUNTS,
} from '../../src/plan/plan.ts';

/** The parts of `docs/decisions.md` that are written out of the code, by the name of their markers. */
export function decisionSections(): Readonly<Record<string, string>> {
  const tables = { verdicts: verdictTable(), guardrails: guardrailTable(), reasons: reasonTable() };
  return { ...tables, counts: countTable() };
}

/** The same for `docs/registration.md`. */
export function registrationSections(): Readonly<Record<string, string>> {
  return { 'agent-forms': agentFormTable(), withheld: withheldTable() };
}

/** A document with the given parts between their markers; throws a `TypeError` where a marker is missing. */
export function withSections(document: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, section]) => {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new TypeError(`the document has no place for ${name}`);
    return `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`;
  }, document);
}

function guardrailTable(): string {
  const rows = GUARDRAIL_NAMES.map((name) => {
    const { holdsBack, byDefault, liftedBy, example } = GUARDRAIL_WORDS[name];
    return [`\`${name}\``, holdsBack, byDefault, liftedBy, `\`${example}\``];
  });
  return table(['guardrail', 'holds back', 'by default', 'lifted by', 'in the report, for example'], rows);
}

function countTable(): string {
  const rows = Object.entries(UNVERIFIED_COUNTS).map(([reason, { counts, because }]) => [
    `\`${reason}\``,
    typeof counts === 'string' ? counts : counts ? 'yes' : 'no',
    because,
  ]);
  return table(['unverified because of', 'counts', 'because'], rows);
}

function reasonTable(): string {
  const rows = VERDICTS.flatMap((verdict) =>
    Object.entries<ReasonWords>(REASONS[verdict]).map(([reason, { meaning, advice }]) => [
      `\`${reason}\``,
      verdict,
      meaning,
      advice,
    ]),
  );
  return table(['code', 'verdict', 'what it says of an entry', 'what to do'], rows);
}

/** The table of `judge/rules.ts`: a row for each reason of each rule. */
function verdictTable(): string {
  const kinds = Object.entries(MATCH_SPECS).flatMap(([kind, { rules }]) =>
    rules.flatMap((rule: Rule<never>, index) => rowsOf(rule, index === 0 ? `\`${kind}\`` : '')),
  );
  const anything = EXEMPTIONS.flatMap((rule) => rowsOf(rule, 'anything'));
  const ofScope = [...SCOPE_RULES, ...SCOPE_EXEMPTIONS].flatMap((rule) =>
    rowsOf(rule, 'anything, where a run is about a few tasks alone'),
  );
  const head = ['it leads to', 'and', 'verdict', 'reason', 'then'];
  return table(head, [...kinds, ...anything, ...ofScope]);
}

function rowsOf({ verdict, rows, isHeld }: Rule<never>, first: string): readonly (readonly string[])[] {
  const end = isHeld ? 'held back' : isRemovableVerdict(verdict) ? 'goes' : 'stays';
  return rows.map(([reason, words], index) => [
    index === 0 ? first : '',
    words,
    verdict,
    `\`${reason}\``,
    end,
  ]);
}

function agentFormTable(): string {
  const rows = Object.values(AGENT_FORMS).map(({ writer, form, outcome }) => [writer, form, outcome]);
  return table(['written by', 'form', 'what becomes of it'], rows);
}

function withheldTable(): string {
  const rows = Object.entries<ReasonWords>(WITHHELD_REASONS).map(([reason, { meaning, advice }]) => [
    `\`${reason}\``,
    meaning,
    advice,
  ]);
  return table(['code', 'what it says of a record that is not there', 'what to do'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}
