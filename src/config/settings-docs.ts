import { stringify } from 'yaml';
import { z } from 'zod';
import { traitsOf } from './setting.ts';
import {
  defaultItems,
  FILE_LEAVES,
  findSetting,
  RULE_SETTINGS,
  SETTING_LEAVES,
  type Setting,
  type SettingLeaf,
} from './setting-paths.ts';

import { settingsSchema } from './settings-schema.ts';
import { buildTree } from './settings-tree.ts';

/** The parts of `docs/settings.md` that follow from the schema: an example file, a table of all settings, the rules. */
export function settingsSections(): Readonly<Record<'example' | 'settings' | 'rules', string>> {
  return {
    example: `\`\`\`yaml\n${exampleConfig()}\n\`\`\``,
    settings: table(SETTING_LEAVES),
    rules: [...RULE_SETTINGS].map(([name, settings]) => rulesOf(name, settings)).join('\n\n'),
  };
}

/** A JSON Schema (draft 7, which editors know best) of the config file, as text. */
export function settingsJsonSchema(): string {
  const { required: _, ...schema } = z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      const traits = traitsOf(zodSchema);
      if (traits !== undefined) jsonSchema.examples = [traits.example];
    },
  });
  // Nothing is required of a file: what it leaves out may come from a variable or a flag.
  const titled = { ...schema, title: 'Settings of ecs-dns' };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

/** A config file, in YAML, with every setting in it. */
export function exampleConfig(): string {
  const examples = buildTree(SETTING_LEAVES.map(({ path, example }) => [path, example]));
  return stringify(examples, { lineWidth: 0 }).trimEnd();
}

/** What a table says where there is nothing to say. */
const NONE = '–';

/** A rule's setting means what the general setting of its name means; others are told in full. */
function rulesOf(name: string, settings: readonly Setting[]): string {
  const section = name.slice(0, name.lastIndexOf('.'));
  const others = settings.filter(({ isRequired }) => !isRequired);
  const isShared = (setting: Setting) => findSetting(`${section}.${setting.name}`) !== undefined;
  const shared = others.filter(isShared);
  const own = others.filter((setting) => !isShared(setting));
  const list = shared.map((setting) => code(setting.name)).join(', ');
  return [
    `### \`${name}\``,
    `These mean what the setting of \`${section}\` with their name means, take the same values, and replace it\nfor the services of the rule:`,
    list,
    ...(own.length === 0 ? [] : ['These stand in rules only:', own.map(item).join('\n')]),
  ].join('\n\n');
}

function item({ name, description, allowed }: Setting): string {
  return `- ${code(name)}: ${description} Allowed: ${allowed}.`;
}

function table(leaves: readonly SettingLeaf[]): string {
  const head = '| Setting | Variable | Flag | Default | Meaning |\n| --- | --- | --- | --- | --- |';
  return [head, ...leaves.map(row)].join('\n');
}

function row(leaf: SettingLeaf): string {
  const meaning = `${leaf.description} Allowed: ${leaf.allowed}.`.replaceAll('|', '\\|');
  return `| ${[code(leaf.name), ...nameCells(leaf), defaultCell(leaf), meaning].join(' | ')} |`;
}

function nameCells(leaf: SettingLeaf): readonly string[] {
  if (FILE_LEAVES.includes(leaf)) return [NONE, NONE];
  const { variable, flag, shortFlag } = leaf;
  return [code(variable), shortFlag === undefined ? code(flag) : `${code(flag)}, ${code(shortFlag)}`];
}

function defaultCell(leaf: SettingLeaf): string {
  if (leaf.isRequired) return '*required*';
  if (leaf.defaultValue === undefined) return NONE;
  return defaultItems(leaf).map(code).join(', ') || 'empty';
}

function code(text: string): string {
  return `\`${text}\``;
}
