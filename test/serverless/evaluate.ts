import type { Template } from './template-schema.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, string | readonly string[]>>;

/**
 * What CloudFormation makes of a part of a template that is deployed with these parameters, and those pseudo parameters
 * that are given: of each `Fn::If` the side that its condition chooses, nothing of what is `AWS::NoValue`, and values in
 * place of references to what is known. The rest stays as it is.
 */
export function evaluate(
  { Parameters, Conditions }: Pick<Template, 'Parameters' | 'Conditions'>,
  given: Values,
): (value: unknown) => unknown {
  const defaults = Object.entries(Parameters).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, String(Default)] as const],
  );
  const values: Values = { ...Object.fromEntries(defaults), ...given };
  const of = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(of).filter((item) => item !== undefined);
    if (!isMapping(value)) return value;
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    const apply = FUNCTIONS[name];
    if (apply !== undefined) return apply(argument, { values, conditions: Conditions, of });
    const entries = Object.entries(value).map(([key, inner]) => [key, of(inner)]);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  return of;
}

/** What a resource is like then; nothing where its condition does not hold. */
export function deployedResource(template: Template, name: string, given: Values): Mapping | undefined {
  const { Condition, Properties } = template.Resources[name] ?? { Properties: {} };
  const side = { 'Fn::If': [Condition, Properties, { Ref: 'AWS::NoValue' }] };
  const deployed = evaluate(template, given)(Condition === undefined ? Properties : side);
  return isMapping(deployed) ? deployed : undefined;
}

interface World {
  readonly values: Values;
  readonly conditions: Mapping;
  readonly of: (value: unknown) => unknown;
}

const FUNCTIONS: Readonly<Record<string, (argument: unknown, world: World) => unknown>> = {
  Ref: (name, { values }) => (name === 'AWS::NoValue' ? undefined : (values[String(name)] ?? { Ref: name })),
  'Fn::Sub': (argument, { values, of }) => {
    const [text, own = {}] = Array.isArray(argument) ? argument : [argument];
    const known: Mapping = { ...values, ...Object(of(own)) };
    const filled = String(text).replaceAll(/\$\{([^}]+)\}/g, (all, name) => known[name]?.toString() ?? all);
    return filled.includes('${') ? { 'Fn::Sub': filled } : filled;
  },
  'Fn::Join': (argument, { of }) => {
    const [separator, parts] = listOf(of(argument));
    return listOf(parts).join(String(separator));
  },
  'Fn::Select': (argument, { of }) => {
    const [index, values] = listOf(of(argument));
    return listOf(values)[Number(index)];
  },
  'Fn::If': (argument, { conditions, of }) => {
    const [name, yes, no] = listOf(argument);
    return of(holds(conditions[String(name)], conditions, of) ? yes : no);
  },
  'Fn::Split': (argument, { of }) => {
    const [separator, text] = listOf(of(argument));
    return String(text).split(String(separator));
  },
};

function holds(condition: unknown, conditions: Mapping, of: World['of']): boolean {
  if (!isMapping(condition)) throw new TypeError(`no condition: ${JSON.stringify(condition)}`);
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  if (operator === 'Condition') return holds(conditions[String(operand)], conditions, of);
  switch (operator) {
    case 'Fn::Equals': {
      const [a, b] = listOf(of(operand));
      return a === b;
    }
    case 'Fn::Not':
      return !holds(listOf(operand)[0], conditions, of);
    case 'Fn::And':
      return listOf(operand).every((each) => holds(each, conditions, of));
    case 'Fn::Or':
      return listOf(operand).some((each) => holds(each, conditions, of));
    default:
      throw new TypeError(`no template here has used ${operator} so far`);
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
