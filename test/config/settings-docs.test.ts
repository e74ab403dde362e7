import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SETTING_LEAVES } from '../../src/config/setting-paths.ts';
import { exampleConfig, settingsJsonSchema, settingsMarkdown } from '../../src/config/settings-docs.ts';
import { configFolder, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

describe('the settings reference', () => {
  const rows = settingsMarkdown()
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  it('has one row for every setting', () => {
    expect(rows).toHaveLength(SETTING_LEAVES.length);
  });

  it.each(SETTING_LEAVES.map((leaf) => [leaf.name, leaf] as const))('describes %s', (name, leaf) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`\`${leaf.variable}\``);
    expect(row).toContain(`\`${leaf.flag}\``);
    expect(row).toContain(leaf.description);
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  it('holds the example', () => {
    expect(settingsMarkdown()).toContain(`\`\`\`yaml\n${exampleConfig()}\n\`\`\``);
  });
});

describe('the example', () => {
  it('is a config file that loads', () => {
    const settings = load({ file: files.write(exampleConfig()), env: { ECS_DNS_ZONE: undefined } });
    expect(settings.zone).toEqual({ kind: 'name', name: 'servicediscovery.internal' });
  });
});

describe('the JSON Schema', () => {
  const schema: JsonSchema = JSON.parse(settingsJsonSchema());

  it('accepts the example', () => {
    expect(faultsOf(schema, parse(exampleConfig()))).toEqual([]);
  });

  it.each([
    ['an unknown key', { zonee: 'a.b' }, ['zonee']],
    ['an unknown key in a section', { health: { timeuot: '2s' } }, ['health.timeuot']],
    ['a duration without a unit', { health: { timeout: '2' } }, ['health.timeout']],
    ['a number in quotes', { health: { attempts: '3' } }, ['health.attempts']],
    ['a number out of bounds', { health: { attempts: 11 } }, ['health.attempts']],
    ['a word that is no choice', { output: 'yaml' }, ['output']],
    ['a header with a line break', { health: { headers: { A: 'b\nc' } } }, ['health.headers.A']],
    ['a pattern with a blank', { manage: ['a b'] }, ['manage']],
  ])('rejects %s', (_, config, faults) => {
    expect(faultsOf(schema, config)).toEqual(faults);
  });

  it('requires nothing, because a variable or flag may set it', () => {
    expect(faultsOf(schema, {})).toEqual([]);
    expect(schema).not.toHaveProperty('required');
  });

  it.each(SETTING_LEAVES.map((leaf) => [leaf.name, leaf] as const))('describes %s', (_, leaf) => {
    const node = leaf.path.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
    expect(node).toMatchObject({ description: leaf.description, examples: [leaf.example] });
    expect(node?.default).toEqual(leaf.defaultValue);
  });
});

/** The part of JSON Schema that the settings make use of. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: false | JsonSchema;
  readonly default?: unknown;
}

/** The places where a value breaks the schema. */
function faultsOf(schema: JsonSchema, value: unknown, path: readonly string[] = []): readonly string[] {
  const here = [path.join('.')];
  if (schema.anyOf !== undefined) {
    return schema.anyOf.some((option) => faultsOf(option, value).length === 0) ? [] : here;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return here;
  if (schema.type !== undefined && !isOfType(schema.type, value)) return here;
  if (typeof value === 'string') return new RegExp(schema.pattern ?? '').test(value) ? [] : here;
  if (typeof value === 'number') {
    return value < (schema.minimum ?? value) || value > (schema.maximum ?? value) ? here : [];
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return here;
    return value.flatMap((item, index) => faultsOf(schema.items ?? {}, item, [...path, String(index)]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const child = schema.properties?.[key] ?? schema.additionalProperties;
    if (child === false || faultsOf(schema.propertyNames ?? {}, key).length > 0)
      return [[...path, key].join('.')];
    return faultsOf(child ?? {}, item, [...path, key]);
  });
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
