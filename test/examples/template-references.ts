/** What a part of a template points at. */
export interface Reference {
  readonly kind: 'value' | 'condition' | 'resource';
  readonly name: string;
}

type Mapping = Readonly<Record<string, unknown>>;

/** All references in a template, wherever they stand. */
export function referencesIn(value: unknown): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(READERS[key]?.(inner) ?? []),
    ...referencesIn(inner),
  ]);
}

const READERS: Readonly<Record<string, (argument: unknown) => readonly Reference[]>> = {
  Ref: (name) => [{ kind: 'value', name: String(name) }],
  'Fn::GetAtt': (argument) => [{ kind: 'resource', name: String(listOf(argument)[0]) }],
  'Fn::Sub': (argument) => {
    const [text, known = {}] = listOf(argument);
    const placeholders = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name);
    return placeholders
      .filter((name) => !Object.hasOwn(known as Mapping, name))
      .map((name) => {
        const [resource = '', attribute] = name.split('.');
        return { kind: attribute === undefined ? 'value' : 'resource', name: resource };
      });
  },
  'Fn::If': (argument) => [{ kind: 'condition', name: String(listOf(argument)[0]) }],
  Condition: (name) => (typeof name === 'string' ? [{ kind: 'condition', name }] : []),
  DependsOn: (names) => listOf(names).map((name) => ({ kind: 'resource', name: String(name) })),
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
