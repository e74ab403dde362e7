import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** A template as CloudFormation reads it: of YAML 1.1, and each short form of a function in its long one. */
export function parseTemplate(text: string): unknown {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return readNode(document.contents);
}

function readNode(node: unknown): unknown {
  const plain = readPlain(node);
  const [, name] = /^!(\w+)$/.exec((node as Node | null)?.tag ?? '') ?? [];
  if (name === undefined) return plain;
  if (name === 'Ref' || name === 'Condition') return { [name]: plain };
  return { [`Fn::${name}`]: name === 'GetAtt' ? String(plain).split('.') : plain };
}

function readPlain(node: unknown): unknown {
  if (isSeq(node)) return node.items.map(readNode);
  if (isScalar(node)) return node.value;
  if (!isMap(node)) throw new TypeError('an alias, which CloudFormation does not read');
  return Object.fromEntries(node.items.map(({ key, value }) => [String(readNode(key)), readNode(value)]));
}
