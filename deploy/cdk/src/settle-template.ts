type Json = Readonly<Record<string, unknown>>;

/** A CloudFormation template, as far as it is looked into. */
export interface CloudFormationTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Conditions: Json;
  readonly Resources: Readonly<Record<string, { readonly Condition?: string }>>;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * The template without conditions, each of which is known once all parameters have values: what does not hold is left
 * out. CDK would else warn of every side that is never taken.
 */
export function settleTemplate(template: CloudFormationTemplate, values: Values): Json {
  const { Conditions, Resources, ...rest } = template;
  const holds = (name: unknown): boolean => decide(Conditions[String(name)], values, holds);
  const kept = Object.entries(Resources)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
    .map(([name, { Condition: _, ...resource }]) => [name, prune(resource, holds)]);
  return { ...rest, Resources: Object.fromEntries(kept) };
}

type Holds = (name: unknown) => boolean;

function decide(condition: unknown, values: Values, holds: Holds): boolean {
  const [[operator, operand] = ['', undefined]] = Object.entries(Object(condition));
  if (operator === 'Condition') return holds(operand);
  const operands: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const each = (one: unknown) => decide(one, values, holds);
  switch (operator) {
    case 'Fn::Equals':
      return settled(operands[0], values) === settled(operands[1], values);
    case 'Fn::Not':
      return !each(operands[0]);
    case 'Fn::And':
      return operands.every(each);
    case 'Fn::Or':
      return operands.some(each);
    default:
      throw new TypeError(`the template has a condition of an unknown kind: ${operator}`);
  }
}

function settled(operand: unknown, values: Values): unknown {
  return typeof operand === 'object' ? values[String(Reflect.get(Object(operand), 'Ref'))] : operand;
}

/** A value with the side of each `Fn::If` that is taken; `undefined` for none. */
function prune(value: unknown, holds: Holds): unknown {
  if (Array.isArray(value)) return value.map((one) => prune(one, holds)).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value && value.Ref === 'AWS::NoValue') return undefined;
  if ('Fn::If' in value && Array.isArray(value['Fn::If'])) {
    const [name, yes, no] = value['Fn::If'];
    return prune(holds(name) ? yes : no, holds);
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, prune(inner, holds)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}
