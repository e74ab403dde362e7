import { isUtf8 } from 'node:buffer';
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
import { mayNeverEnd } from './endless-file.ts';
import { problemAt, type SettingsProblem } from './settings-error.ts';
import { isMapping, type Path, readMapping, type Source } from './settings-tree.ts';

const READ_FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'a directory'],
]);

/**
 * Reads a YAML or JSON file that the user named by `namedBy`; the only place where settings touch the disk.
 * JSON is read as YAML, which finds repeated keys as well.
 */
export function readConfigFile(name: string, namedBy: string): Source {
  let bytes: Uint8Array;
  const remedy = `name a readable file with ${namedBy}`;
  if (mayNeverEnd(name)) return unusable(shownFile(name), "can't be read (a FIFO or a device)", remedy);
  try {
    bytes = readFileSync(name);
  } catch (error) {
    const code = String(Reflect.get(Object(error), 'code') ?? 'unknown error');
    const fault = `can't be read (${READ_FAULTS.get(code) ?? code})`;
    return unusable(shownFile(name), fault, remedy);
  }
  return parseConfig(bytes, shownFile(name));
}

function parseConfig(bytes: Uint8Array, file: string): Source {
  if (!isUtf8(bytes)) return unusable(file, 'is not UTF-8 text', 'save it as UTF-8');
  const lines = new LineCounter();
  const document = parseDocument(new TextDecoder().decode(bytes), {
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.map((fault) => syntaxProblem(fault, file, lines.linePos(fault.pos[0]).line));
    return { written: [], problems, isUnread: true };
  }
  const value = contentOf(document);
  if (value === undefined) {
    const fault = 'uses a YAML alias that leads nowhere or unfolds without end';
    return unusable(file, fault, 'write the value out');
  }
  if (isMapping(value)) {
    const lineOf = (path: Path) => lineAt(document, lines, path);
    return { written: readMapping(value, { origin: { kind: 'file', file }, lineOf }), problems: [] };
  }
  const held = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'a single value';
  return unusable(file, `holds ${held}, not a mapping`, 'write settings as "name: value"');
}

/** `undefined` where an alias can't be followed; the parser's message is left out because it quotes the file. */
function contentOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
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
  const origin = { kind: 'file', file, line } as const;
  if (code === 'DUPLICATE_KEY') {
    return problemAt(origin, { fault: 'this key is already set above', remedy: 'keep one of the two' });
  }
  const fault = `not valid YAML or JSON (${code.toLowerCase().replaceAll('_', ' ')})`;
  return problemAt(origin, { fault, remedy: 'correct it there or in the line above' });
}

function unusable(file: string, fault: string, remedy: string): Source {
  return { written: [], problems: [problemAt({ kind: 'file', file }, { fault, remedy })], isUnread: true };
}

/** A path is shown as it was written, unless it would break the line or the terminal. */
function shownFile(file: string): string {
  return /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(file) ? file : JSON.stringify(file);
}
