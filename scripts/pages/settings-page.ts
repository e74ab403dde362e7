import { stringify } from 'yaml';
import { z } from 'zod';
import { settingWords } from '../../src/config/setting.ts';
import {
  defaultItems,
  findSetting,
  RULE_SETTINGS,
  SETTINGS,
  type Setting,
} from '../../src/config/setting-paths.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { buildTree } from '../../src/config/settings-tree.ts';

/** The parts of `docs/settings.md` that follow from the schema: an example file, a table of all settings, the rules. */
export function settingsSections(): Readonly<Record<'example' | 'settings' | 'rules', string>> {
  const head = '| Setting | Variable | Flag | Default | Meaning |\n| --- | --- | --- | --- | --- |';
  return {
    example: `\`\`\`yaml\n${exampleConfig()}\n\`\`\``,
    settings: [head, ...SETTINGS.map(row)].join('\n'),
    rules: [...RULE_SETTINGS].map(([name, settings]) => rulesOf(name, settings)).join('\n\n'),
  };
}

/** A JSON Schema (draft 7, which editors know best) of the config file, as text. */
export function settingsJsonSchema(): string {
  const { required: _, ...schema } = z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      const { example } = settingWords.get(zodSchema) ?? {};
      if (example !== undefined) jsonSchema.examples = [example];
    },
  });
  // Nothing is required of a file: what it leaves out may come from a variable or a flag.
  const titled = { ...schema, title: 'Settings of ecs-dns' };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

/** A config file, in YAML, with every setting in it. */
export function exampleConfig(): string {
  const examples = buildTree(SETTINGS.map(({ path, example }) => ({ path, value: example })));
  return stringify(examples, { lineWidth: 0 }).trimEnd();
}

/** What a table says where there is nothing to say. */
const NONE = '–';

/** A rule's setting means what the general setting of its name means; others are told in full. */
function rulesOf(list: string, settings: readonly Setting[]): string {
  const section = list.slice(0, list.lastIndexOf('.'));
  const isShared = ({ name }: Setting) => findSetting(`${section}.${name}`) !== undefined;
  const own = settings.filter((one) => !one.isRequired && !isShared(one));
  const items = own.map((one) => `- ${code(one.name)}: ${meaningOf(one)}`).join('\n');
  return [
    `### \`${list}\``,
    `These mean what the setting of \`${section}\` with their name means, take the same values, and replace it\nfor the services of the rule:`,
    settings
      .filter(isShared)
      .map(({ name }) => code(name))
      .join(', '),
    ...(own.length === 0 ? [] : ['These stand in rules only:', items]),
  ].join('\n\n');
}

function row(setting: Setting): string {
  const { name, kind, variable, flag, shortFlag } = setting;
  const flags = shortFlag === undefined ? code(flag) : `${code(flag)}, ${code(shortFlag)}`;
  const names = kind === 'rules' ? [NONE, NONE] : [code(variable), flags];
  const meaning = meaningOf(setting).replaceAll('|', '\\|');
  return `| ${[code(name), ...names, defaultCell(setting), meaning].join(' | ')} |`;
}

function meaningOf({ description, allowed }: Setting): string {
  return `${description} Allowed: ${allowed}.`;
}

function defaultCell(setting: Setting): string {
  if (setting.isRequired) return '*required*';
  if (setting.defaultValue === undefined) return NONE;
  return defaultItems(setting).map(code).join(', ') || 'empty';
}

function code(text: string): string {
  return `\`${text}\``;
}
