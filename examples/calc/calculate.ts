import jsep from 'jsep';

/** What a formula comes to, or what is wrong with it. */
export type Result =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'invalid'; readonly detail: string };

/** The work is proportional to the length: there are no loops, and numbers have 64 bits. */
const MAX_LENGTH = 200;
/** As many digits as a double holds: 0.1 + 0.2 is 0.3. */
const DIGITS = 15;

jsep.addBinaryOp('^', 11, true);
// Jsep binds a sign before any operator. In mathematics a power comes first: -2^2 is -4, and 2^-2 is 0.25.
jsep.hooks.add('gobble-token', function (env) {
  if (this.char !== '-' && this.char !== '+') return;
  const operator = this.char;
  this.index++;
  env.node = { type: 'UnaryExpression', operator, argument: powerOf(this), prefix: true };
});

/** Reads a formula with jsep, which makes a tree and runs nothing, and works out the few kinds of nodes that are known. */
export function calculate(formula: string): Result {
  if (formula.trim() === '') return invalid('write a formula, such as 6 * (3 + 4)');
  if (formula.length > MAX_LENGTH) return invalid(`a formula has at most ${MAX_LENGTH} characters`);
  try {
    const value = Number(workOut(jsep(formula)).toPrecision(DIGITS));
    return Number.isFinite(value) ? { kind: 'number', value } : invalid('the result is no finite number');
  } catch (error) {
    return invalid(error instanceof Error ? error.message : 'the formula cannot be read');
  }
}

/** An operand with the powers that follow it, those to the right first. */
function powerOf(parser: jsep.HookScope): jsep.Expression {
  const base = parser.gobbleToken() || parser.throwError('A number is missing');
  parser.gobbleSpaces();
  if (parser.char !== '^') return base;
  parser.index++;
  return { type: 'BinaryExpression', operator: '^', left: base, right: powerOf(parser) };
}

function invalid(detail: string): Result {
  return { kind: 'invalid', detail };
}

/** What is no number, operator, constant or function of these tables throws: member access, assignments, strings. */
function workOut(node: jsep.Expression): number {
  const known = node as jsep.CoreExpression;
  switch (known.type) {
    case 'Literal':
      if (typeof known.value === 'number') return known.value;
      throw new SyntaxError(`${known.raw} is no number`);
    case 'Identifier':
      return wanted(CONSTANTS, known.name, 'constant');
    case 'UnaryExpression':
      return wanted(SIGNS, known.operator, 'sign')(workOut(known.argument));
    case 'BinaryExpression':
      return wanted(OPERATORS, known.operator, 'operator')(workOut(known.left), workOut(known.right));
    case 'CallExpression':
      return call(known);
    case 'ArrayExpression':
    case 'Compound':
    case 'ConditionalExpression':
    case 'MemberExpression':
    case 'SequenceExpression':
    case 'ThisExpression':
      break;
  }
  throw new SyntaxError('write numbers, + - * / % ^, brackets and functions such as sqrt(2)');
}

function call({ callee, arguments: args }: jsep.CallExpression): number {
  const { type, name } = callee as jsep.CoreExpression;
  if (type !== 'Identifier' || typeof name !== 'string') throw new SyntaxError('that is no function');
  const { of, least, most } = wanted(FUNCTIONS, name, 'function');
  if (args.length < least || args.length > most)
    throw new SyntaxError(`${name} takes another number of values`);
  return of(...args.map((one) => workOut(one)));
}

function wanted<T>(known: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  throw new SyntaxError(`no ${kind} ${name}; there are ${[...known.keys()].join(', ')}`);
}

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

const SIGNS: ReadonlyMap<string, (a: number) => number> = new Map([
  ['+', (a: number) => a],
  ['-', (a: number) => -a],
]);

const OPERATORS: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['/', (a: number, b: number) => a / b],
  ['%', (a: number, b: number) => a % b],
  ['^', (a: number, b: number) => a ** b],
]);

interface Known {
  readonly of: (...values: number[]) => number;
  readonly least: number;
  readonly most: number;
}

const one = (of: (value: number) => number): Known => ({ of, least: 1, most: 1 });
const some = (of: (...values: number[]) => number): Known => ({ of, least: 1, most: Infinity });

const FUNCTIONS: ReadonlyMap<string, Known> = new Map([
  ['abs', one(Math.abs)],
  ['ceil', one(Math.ceil)],
  ['cos', one(Math.cos)],
  ['exp', one(Math.exp)],
  ['floor', one(Math.floor)],
  ['ln', one(Math.log)],
  ['log10', one(Math.log10)],
  ['max', some(Math.max)],
  ['min', some(Math.min)],
  ['round', one(Math.round)],
  ['sin', one(Math.sin)],
  ['sqrt', one(Math.sqrt)],
  ['tan', one(Math.tan)],
]);
