import { readFileSync } from 'node:fs';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLParseError,
} from 'yaml';
import type { Origin, SettingsProblem } from './settings-error.ts';
import { isMapping, type Path, readMapping, type Source } from './settings-tree.ts';

/** How the user named the file, and by what (`--config` or the variable). */
export interface FileName {
  readonly file: string;
  readonly namedBy: string;
}

const READ_FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'a directory'],
]);

/** Reads a YAML or JSON file; the only place where settings touch the disk. */
export function readConfigFile({ file, namedBy }: FileName): Source {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = errorCode(error);
    const fault = `can't be read (${READ_FAULTS.get(code) ?? code})`;
    return unusable([
      fileProblem({ kind: 'file', file: shownFile(file) }, fault, `name a readable file with ${namedBy}`),
    ]);
  }
  return parseConfig(bytes, shownFile(file));
}

/** Parses the bytes of a config file (UTF-8). JSON is read as YAML, which finds repeated keys as well. */
function parseConfig(bytes: Uint8Array, file: string): Source {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return unusable([fileProblem({ kind: 'file', file }, 'is not UTF-8 text', 'save it as UTF-8')]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines, logLevel: 'error' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return unusable(faults.map((fault) => syntaxProblem(fault, file, lines.linePos(fault.pos[0]).line)));
  }
  try {
    return asSource(document.toJS(), file, (path) => lineAt(document, lines, path));
  } catch {
    // Aliases are only followed here; the parser's message is left out because it quotes the file.
    return unusable([fileProblem({ kind: 'file', file }, ...ALIAS_FAULT)]);
  }
}

const ALIAS_FAULT = [
  'uses a YAML alias that leads nowhere or unfolds without end',
  'write the value out',
] as const;

function asSource(value: unknown, file: string, lineOf: (path: Path) => number | undefined): Source {
  if (isMapping(value)) {
    return { written: readMapping(value, { origin: { kind: 'file', file }, lineOf }), problems: [] };
  }
  const held = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'a single value';
  const fault = `holds ${held}, not a mapping`;
  return unusable([fileProblem({ kind: 'file', file }, fault, 'write settings as "name: value"')]);
}

function lineAt(document: Document.Parsed, lines: LineCounter, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
    : undefined;
  const node = pair === undefined ? document.getIn(path, true) : pair.key;
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
}

/** The parser's own words are left out: they may quote the file, and with it a secret. */
function syntaxProblem({ code }: Pick<YAMLParseError, 'code'>, file: string, line: number): SettingsProblem {
  const origin: Origin = { kind: 'file', file, line };
  if (code === 'DUPLICATE_KEY') {
    return fileProblem(origin, 'this key is already set above', 'keep one of the two');
  }
  const cause = code.toLowerCase().replaceAll('_', ' ');
  return fileProblem(origin, `not valid YAML or JSON (${cause})`, 'correct it there or in the line above');
}

function fileProblem(origin: Origin, fault: string, remedy: string): SettingsProblem {
  return { setting: undefined, origin, value: undefined, fault, remedy };
}

function unusable(problems: readonly SettingsProblem[]): Source {
  return { written: [], problems, isUnread: true };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** A path is shown as it was written, unless it would break the line or the terminal. */
function shownFile(file: string): string {
  return /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(file) ? file : JSON.stringify(file);
}
