import type { PolicyDocument, PolicyStatement } from '../../src/iam/policy-for.ts';

/** One request as IAM sees it: what is asked for, of which resources, and the keys it carries. */
export interface AuthorizationRequest {
  readonly action: string;
  /** All of them have to be allowed. */
  readonly resources: readonly string[];
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** Whether the policy allows a request, by the rules of IAM as far as these policies use them. */
export function isAllowed({ Statement }: PolicyDocument, request: AuthorizationRequest): boolean {
  return request.resources.every((resource) =>
    Statement.some((statement) => allows(statement, { ...request, resource })),
  );
}

function allows(
  { Action, Resource, Condition = {} }: PolicyStatement,
  { action, resource, keys }: Omit<AuthorizationRequest, 'resources'> & { readonly resource: string },
): boolean {
  if (!Action.includes(action) || !Resource.some((pattern) => matches(pattern, resource))) return false;
  return Object.entries(Condition).every(([operator, rules]) =>
    Object.entries(rules).every(([key, allowed]) => holds(operator, keys[key] ?? [], allowed)),
  );
}

function holds(operator: string, values: readonly string[], allowed: readonly string[]): boolean {
  switch (operator) {
    case 'ForAllValues:StringEquals':
      return values.every((value) => allowed.includes(value));
    case 'StringEquals':
      return values.some((value) => allowed.includes(value));
    case 'ArnLike':
      return values.some((value) => allowed.some((pattern) => matches(pattern, value)));
    default:
      throw new TypeError(`no policy here has used ${operator} so far`);
  }
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
