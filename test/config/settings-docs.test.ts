import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withSections } from '../../scripts/pages/decision-pages.ts';
import { exampleConfig, settingsJsonSchema, settingsSections } from '../../scripts/pages/settings-page.ts';
import { findSetting, RULE_SETTINGS, SETTINGS, TEXT_SETTINGS } from '../../src/config/setting-paths.ts';
import { configFolder, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const PAGE = withSections(readFileSync('docs/settings.md', 'utf8'), settingsSections());

/** list, name, setting */
const RULES = [...RULE_SETTINGS].flatMap(([list, settings]) =>
  settings.map((setting) => [list, setting.name, setting] as const),
);

describe('the settings reference', () => {
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| `'));

  it('has one row for every setting', () => {
    expect(rows).toHaveLength(SETTINGS.length);
  });

  it.each(SETTINGS.map((leaf) => [leaf.name, leaf] as const))('describes %s', (name, leaf) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(leaf.description);
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  it.each(TEXT_SETTINGS.map((leaf) => [leaf.name, leaf] as const))(
    'names all ways to set %s',
    (name, leaf) => {
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row).toContain(`| \`${leaf.variable}\` | \`${leaf.flag}\``);
    },
  );

  it.each([
    ['zone', '| `zone` | `ECS_DNS_ZONE` | `--zone` | *required* |'],
    ['state', '| `state` | `ECS_DNS_STATE` | `--state` | – |'],
    ['health.budget', '| `health.budget` | `ECS_DNS_HEALTH_BUDGET` | `--health-budget` | `2m` |'],
    ['health.services', '| `health.services` | – | – | empty |'],
    ['records.services', '| `records.services` | – | – | empty |'],
    ['cname', '| `cname` | `ECS_DNS_CNAME` | `--cname` | `false` |'],
    ['eventBus', '| `eventBus` | `ECS_DNS_EVENT_BUS` | `--event-bus` | – |'],
  ])('shows for %s what it has and what it has not', (name, cells) => {
    expect(rows.find((line) => line.startsWith(`| \`${name}\` |`))).toContain(cells);
  });

  it.each(RULES)('names what a rule may hold: %s %s', (list, name) => {
    const [, section = ''] = PAGE.split(`### \`${list}\`\n`);
    const [rules] = section.split('\n### ');
    expect(name === 'match' ? PAGE : rules).toContain(`\`${name}\``);
  });

  it.each([
    'These stand in rules only:\n\n- `weight`: The weight',
    'answers. 1 unless the service asks for another. Allowed: a whole number from 0 to 65535.',
    'the setting of `records` with their name',
  ])('says what only a rule may hold: %j', (text) => {
    expect(PAGE).toContain(text);
  });

  it('is up to date', () => {
    expect(readFileSync('docs/settings.md', 'utf8')).toBe(PAGE);
  });

  it('holds the example', () => {
    expect(PAGE).toContain(`\`\`\`yaml\n${exampleConfig()}\n\`\`\``);
  });
});

describe('the example', () => {
  it('is a config file that loads', () => {
    const settings = load({ file: files.write(exampleConfig()), env: { ECS_DNS_ZONE: undefined } });
    expect(settings.zone).toEqual({ kind: 'name', name: 'servicediscovery.internal' });
    expect(settings.health.services).toHaveLength(2);
    expect(settings.records.services).toHaveLength(2);
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
    ['a password without a user', { health: { basicAuth: ':x' } }, ['health.basicAuth']],
    ['a host name with a port', { health: { hostName: 'a.b:80' } }, ['health.hostName']],
    ['an empty body text', { health: { bodyContains: '' } }, ['health.bodyContains']],
    ['a state store of another kind', { state: 'redis:x' }, ['state']],
    [
      'an unknown key in a rule',
      { health: { services: [{ match: '*', budget: '2m' }] } },
      ['health.services.0.budget'],
    ],
    [
      'a bad value in a rule',
      { health: { services: [{ match: '*', timeout: '5' }] } },
      ['health.services.0.timeout'],
    ],
    ['a TTL without a unit', { records: { ttl: '60' } }, ['records.ttl']],
    ['a switch in quotes', { cname: 'true' }, ['cname']],
    ['a switch among patterns', { cname: ['web-*', 'true'] }, ['cname']],
    ['no pattern at all', { stopUnhealthyTasks: [] }, ['stopUnhealthyTasks']],
    ['an event bus with a blank', { eventBus: 'my bus' }, ['eventBus']],
    [
      'a weight beyond what Route 53 takes',
      { records: { services: [{ match: '*', weight: 256 }] } },
      ['records.services.0.weight'],
    ],
    ['a rule without a pattern', { health: { services: [{ kind: 'tcp' }] } }, ['health.services.0.match']],
  ])('rejects %s', (_, config, faults) => {
    expect(faultsOf(schema, config)).toEqual(faults);
  });

  it('requires nothing, because a variable or flag may set it', () => {
    expect(faultsOf(schema, {})).toEqual([]);
    expect(schema).not.toHaveProperty('required');
  });

  it.each(SETTINGS.map((leaf) => [leaf.name, leaf] as const))('describes %s', (_, leaf) => {
    const node = leaf.path.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
    expect(node).toMatchObject({ description: leaf.description, examples: [leaf.example] });
    expect(node?.default).toEqual(leaf.defaultValue);
  });

  it.each(RULES)('describes what a rule may hold: %s %s', (list, name, setting) => {
    const node = list.split('.').reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
    const rule = node?.items?.properties?.[name];
    expect(rule).toMatchObject({ description: setting.description, examples: [setting.example] });
    expect(rule).not.toHaveProperty('default');
  });

  it('holds no secret but the made-up one of the example', () => {
    expect(settingsJsonSchema().split(String(findSetting('health.basicAuth')?.example))).toHaveLength(3);
  });
});

/** The part of JSON Schema that the settings make use of. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: false | JsonSchema;
  readonly required?: readonly string[];
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
  if (typeof value === 'string') {
    const isFitting = value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? 1000);
    return isFitting && new RegExp(schema.pattern ?? '').test(value) ? [] : here;
  }
  if (typeof value === 'number') {
    return value < (schema.minimum ?? value) || value > (schema.maximum ?? value) ? here : [];
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return here;
    return value.flatMap((item, index) => faultsOf(schema.items ?? {}, item, [...path, String(index)]));
  }
  if (typeof value !== 'object' || value === null) return [];
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key));
  const faults = Object.entries(value).flatMap(([key, item]) => {
    const child = schema.properties?.[key] ?? schema.additionalProperties;
    if (child === false || faultsOf(schema.propertyNames ?? {}, key).length > 0)
      return [[...path, key].join('.')];
    return faultsOf(child ?? {}, item, [...path, key]);
  });
  return [...missing.map((key) => [...path, key].join('.')), ...faults];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
