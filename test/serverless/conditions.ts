type Mapping = Readonly<Record<string, unknown>>;

/**
 * What CloudFormation makes of a value: of each `Fn::If` the side that its condition chooses, and nothing of
 * what is `AWS::NoValue`. The conditions compare what is known when the template is packaged.
 */
export function applyConditions(value: unknown, conditions: Mapping): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => applyConditions(item, conditions)).filter((item) => item !== undefined);
  }
  if (!isMapping(value)) return value;
  if (value['Ref'] === 'AWS::NoValue') return undefined;
  if (Array.isArray(value['Fn::If'])) {
    const [name, yes, no] = value['Fn::If'];
    return applyConditions(holds(conditions[String(name)], conditions) ? yes : no, conditions);
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, applyConditions(inner, conditions)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function holds(condition: unknown, conditions: Mapping): boolean {
  if (!isMapping(condition)) throw new TypeError(`no condition: ${JSON.stringify(condition)}`);
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  if (operator === 'Condition') return holds(conditions[String(operand)], conditions);
  const operands: readonly unknown[] = Array.isArray(operand) ? operand : [];
  switch (operator) {
    case 'Fn::Equals':
      return operands[0] === operands[1];
    case 'Fn::Not':
      return !holds(operands[0], conditions);
    case 'Fn::And':
      return operands.every((each) => holds(each, conditions));
    case 'Fn::Or':
      return operands.some((each) => holds(each, conditions));
    default:
      throw new TypeError(`no template here has used ${operator} so far`);
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
