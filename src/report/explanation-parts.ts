import { printable } from '../model/printable.ts';
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
} from './explanation-lines.ts';
import type { ExplainedEntry, MissingRecord } from './explanation-schema.ts';
import type { Colors } from './text-document.ts';

/** A text, or one after columns of its own, which keep their blanks; it stands below them where it does not fit next to them. */
export type Line = string | { readonly columns: string; readonly text: string };

/** What there is to say, each under a label of the program's own; the words are printable. */
export type Parts = readonly (readonly [label: string, lines: readonly Line[]])[];

/** The verdict of an entry with its reason, as codes. */
export function codeOf({ verdict, reason }: ExplainedEntry): string {
  return `${verdict}: ${reason}`;
}

/** What becomes of an entry, in a word or two. */
export function endOf({ outcome, heldBy }: ExplainedEntry): string {
  return { removed: 'goes', left: 'stays', 'held-back': `held back by ${heldBy?.guardrail}` }[outcome];
}

/** What becomes of a record that is not in the zone. */
export function endOfMissing({ outcome, reason }: MissingRecord): string {
  return outcome === 'registered' ? 'is to be registered' : `is not registered: ${reason}`;
}

/** All that leads to the verdict of an entry, and what follows from it. */
export function partsOf(entry: ExplainedEntry, colors: Colors): Parts {
  const { verdict, srvRecord, host, container, check, probe, health } = entry;
  const code = paintOf(verdict, colors)(codeOf(entry));
  const parts: readonly (readonly [string, readonly Line[] | undefined])[] = [
    ['Record', recordLines(entry).map(printable)],
    ['Claims', srvRecord && claimLines(srvRecord).map(printable)],
    ['Match', matchLines(entry).map(printable)],
    ['Host', host && hostLines(host).map(printable)],
    ['Container', container && containerLines(container).map(printable)],
    ['Target group', targetLines(entry).map(printable)],
    ['Check', check && checkLines(check).map(printable)],
    ['Probe', probe && probeLines(probe).map(printable)],
    ['Health', health && healthLines(health)],
    ['Verdict', verdictLines(entry, code)],
    ['Confirmation', entry.confirmation.map(({ asked, seen }) => printable(`${asked}: ${seen}`))],
    ['Guardrails', guardrailLines(entry, colors)],
    ['A run would', outcomeLines(entry, colors)],
  ];
  return parts.map(([label, lines = []]) => [label, lines]);
}

/** Why a record is not in the zone, and what to do about it. */
export function missingParts({ setIdentifier, detail, advice }: MissingRecord): Parts {
  return [
    ['Record', setIdentifier === undefined ? [] : [`set identifier ${printable(setIdentifier)}`]],
    ['Because', [printable(detail)]],
    ['To do', [printable(advice)]],
  ];
}

function verdictLines({ meaning, advice }: ExplainedEntry, code: string): readonly string[] {
  return [`${code}: ${plain(meaning)}`, ...(/^nothing\b/.test(advice) ? [] : [`to do: ${plain(advice)}`])];
}

/** The colour of a verdict. */
export function paintOf(verdict: ExplainedEntry['verdict'], { green, red, yellow, dim }: Colors) {
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
  if (outcome === 'left') return [colors.green('leave the entry')];
  if (heldBy !== undefined) {
    const { guardrail, liftedBy } = heldBy;
    return [colors.yellow(`leave the entry: held back by ${guardrail}`), `lifted by: ${plain(liftedBy)}`];
  }
  return [colors.red('remove the entry:'), ...changes.map((change) => printable(changeLine(change)))];
}
