import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';
import { createColors } from 'picocolors';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import type { Log } from '../log/log.ts';
import { oneLine } from '../model/one-line.ts';
import { printable, printableLines } from '../model/printable.ts';
import { RunError } from '../model/run-error.ts';
import type { TextOptions } from '../report/text-document.ts';
import { wrap } from '../report/wrap.ts';
import type { Progress } from '../run/run.ts';

/** What a stream knows of the terminal that it goes to, if it goes to one. */
interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The streams and variables of the process, so that a test can bring its own. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Writable & Screen;
  readonly stderr: Writable & Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How messages are told, once the settings are known; as text until then. */
  readonly manner?: () => Manner | undefined;
  /** How the process was started. */
  readonly argv?: readonly string[];
}

/** How a command tells on stderr what it has to tell next to its document. */
export interface Manner {
  /** Whether it tells more than what is wrong. */
  readonly isTalkative: boolean;
  /** Where messages are records. */
  readonly log: Log | undefined;
}

/** Whether a stream gets colours: only a terminal, and never under NO_COLOR. Source: no-color.org. */
export function wantsColor(stream: Screen, { env }: Terminal): boolean {
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** How a text is laid out for a stream: to the width of a terminal, and a line a row where it goes anywhere else. */
export function textOptions(stream: Screen, terminal: Terminal): TextOptions {
  const color = wantsColor(stream, terminal);
  const { isTTY, columns = 0 } = stream;
  // A pseudo-terminal that was given no size says 0.
  return isTTY === true && columns > 0 ? { color, width: columns } : { color };
}

export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on stderr, so that stdout stays the report's; everything but y and yes is a no. */
export async function ask(question: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    const noAnswer = once(lines, 'close').then(() => '');
    const answer = await Promise.race([
      lines.question(`${printableLines(question)} [y/N] `, { signal }),
      noAnswer,
    ]);
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    // Ctrl-C and Ctrl-D at the question are answers, too.
    if (error instanceof Error && error.name === 'AbortError' && !signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

/** Prints lines to stderr, each marked as the program's own, or a record: whatever a message holds, it stays one line. */
export function complain(message: string | readonly string[], terminal: Terminal): void {
  const { red } = createColors(wantsColor(terminal.stderr, terminal));
  const log = terminal.manner?.()?.log;
  for (const detail of [message].flat()) {
    if (log === undefined) writeLine(detail, red(PREFIX), terminal);
    else log.write('failed', { detail });
  }
}

export function inform(detail: string, terminal: Terminal): void {
  const { isTalkative = true, log } = terminal.manner?.() ?? {};
  if (log !== undefined) log.write('told', { detail });
  else if (isTalkative) writeLine(detail, PREFIX, terminal);
}

const PREFIX = 'ecs-dns:';

/** One line, or as many as the terminal is too narrow for; what goes on stands deeper, so that the next line shows. */
function writeLine(detail: string, prefix: string, terminal: Terminal): void {
  const { width } = textOptions(terminal.stderr, terminal);
  const lines = wrap(printable(detail), width, { first: `${prefix} `, rest: '  ' });
  terminal.stderr.write(`${lines.join('\n')}\n`);
}

const LABELS: Readonly<Record<Progress['step'], string>> = {
  inventory: 'clusters read',
  probe: 'endpoints probed',
};

/** What is said of an error: its message where it was foreseen; of settings, a line for each problem. */
export function messagesOf(error: unknown): readonly string[] {
  if (error instanceof SettingsError) return error.message.split('\n');
  return [error instanceof RunError ? error.message : `unexpected error: ${oneLine(error)}`];
}

/** A bar on stderr for each step of a run; silent unless stderr is a terminal, and where little is to be told. */
export function progressBar({ stderr, env, manner }: Terminal): {
  readonly show: (progress: Progress) => void;
  readonly stop: () => void;
} {
  const { isTalkative = true, log } = manner?.() ?? {};
  const isShown = stderr.isTTY === true && env['TERM'] !== 'dumb' && isTalkative && log === undefined;
  if (!isShown) return { show: () => {}, stop: () => {} };
  let bar: SingleBar | undefined;
  let shown: Progress['step'] | undefined;
  const stop = () => {
    bar?.stop();
    shown = undefined;
  };
  return {
    show: ({ step, done, total }) => {
      if (step !== shown) {
        stop();
        shown = step;
        const format = `{bar} {value}/{total} ${LABELS[step]}`;
        const options = { format, stream: stderr, clearOnComplete: true, barsize: 24, gracefulExit: false };
        bar = new SingleBar(options, Presets.legacy);
        bar.start(total, done);
      }
      bar?.update(done);
    },
    stop,
  };
}

/** The forms of a document, by the setting `output`; all of them can be JSON. */
export interface Renderers<T> {
  readonly text: (document: T, options: TextOptions) => string;
  readonly html?: (document: T) => string;
  readonly markdown?: (document: T) => string;
}

/** Prints a document to stdout, in the form that the setting asks for; the program has made sure that there is one. */
export function printDocument<T>(
  document: T,
  { text, html, markdown }: Renderers<T>,
  { output }: Pick<Settings, 'output'>,
  terminal: Terminal,
): void {
  const { stdout } = terminal;
  if (output === 'json') stdout.write(`${printableLines(JSON.stringify(document, null, 2))}\n`);
  else if (output === 'html' && html !== undefined) stdout.write(html(document));
  else if (output === 'markdown' && markdown !== undefined) stdout.write(markdown(document));
  else stdout.write(text(document, textOptions(stdout, terminal)));
}
