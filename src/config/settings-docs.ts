import { stringify } from 'yaml';
import { z } from 'zod';
import { defaultItems } from './default-items.ts';
import {
  CONFIG_VARIABLE,
  FILE_LEAVES,
  RULE_SETTINGS,
  SETTING_LEAVES,
  type SettingLeaf,
} from './setting-paths.ts';
import { traitsOf } from './setting-traits.ts';
import { settingsSchema } from './settings-schema.ts';
import { buildTree } from './tree.ts';

/** The settings reference in Markdown: how settings are given, an example file and a table of all. */
export function settingsMarkdown(): string {
  const parts = [INTRODUCTION, yamlBlock(exampleConfig()), VALUES, table(SETTING_LEAVES), rules()];
  return `${parts.join('\n\n')}\n`;
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

const INTRODUCTION = `# Settings

Every setting can be given in three places. A flag wins over a variable, a variable over the config
file, the file over the default. A list or map replaces the weaker one as a whole.

- **File**: YAML or JSON, named with \`--config FILE\` or \`${CONFIG_VARIABLE}\`; none is read unasked.
- **Variable**: \`ECS_DNS_\` and the setting's name; lists are separated by commas.
- **Flag**: the setting's name with dashes; lists are separated by commas or by repeating the flag.

What has no variable and no flag in the table below can only be set in the file. Only \`zone\` must be
set. A file with every setting in it:`;

const VALUES = `Editors check such a file against \`docs/settings.schema.json\` when its first line is
\`# yaml-language-server: $schema=\` followed by the schema's location.

- Durations are a whole number and a unit: \`500ms\`, \`2s\`, \`5m\`, \`1h\`.
- Switches are \`true\` or \`false\` in a variable; \`--health-enabled\`, \`--no-health-enabled\` and
  \`--health-enabled=false\` as flags.
- A variable that is set to nothing is an empty list, and an error for settings that are no list.
- Headers are separated by commas in the variable, so a value with a comma in it needs the file or a
  flag.

Unknown names and bad values are errors wherever they stand, even behind a stronger value. All of them
are reported at once, one line each, before any call to AWS is made.`;

/** What the table has no room for: a rule's settings mean what the settings of all checks mean. */
function rules(): string {
  const [match, ...others] = RULE_SETTINGS.map(({ name }) => code(name));
  return `## Rules for services

Each rule of \`health.services\` has a ${match}: a pattern like those of \`manage\`, for names relative to
the zone. Of the rules that match a service's name only the first applies. Beside the pattern a rule may
hold any of these:

${others.join(', ')}

Each means what the setting of \`health\` with its name means, takes the same values, and replaces it for
the services of the rule. What a rule leaves out stays as it is.`;
}

function yamlBlock(yaml: string): string {
  return `\`\`\`yaml\n${yaml}\n\`\`\``;
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
