import { stringify } from 'yaml';
import { z } from 'zod';
import { traitsOf } from './setting.ts';
import {
  CONFIG_VARIABLE,
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

/** The settings reference in Markdown: how settings are given, an example file and a table of all. */
export function settingsMarkdown(): string {
  const parts = [INTRODUCTION, yamlBlock(exampleConfig()), VALUES, SYNC, table(SETTING_LEAVES), rules()];
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
- Switches that name services take patterns as well: \`web-*,api-*\` in a variable, \`--cname 'web-*,api-*'\`
  as a flag, a list in the file. They have to be quoted where a shell would expand them.
- A variable that is set to nothing is an empty list, and an error for settings that are no list.
- Headers are separated by commas in the variable, so a value with a comma in it needs the file or a
  flag.

Unknown names and bad values are errors wherever they stand, even behind a stronger value. All of them
are reported at once, one line each, before any call to AWS is made.`;

const RULES = `## Rules for services

Each rule has a \`match\`: a pattern like those of \`manage\`, for names relative to the zone. Of the rules
that match a service's name only the first applies. It wins over what the service says of itself, and that
over the settings for all. What a rule leaves out stays as it is.`;

const SYNC = `\`records\`, \`addresses\`, \`cname\` and \`correct\` count under \`policy: sync\` alone. Under \`prune\` they
are checked, but not used, and that is no error: one file can hold them for both, and a flag or a variable say
which of the two a run is. \`stopUnhealthyTasks\`, \`stopLimit\` and \`eventBus\` count under either.`;

/** What the table has no room for. */
function rules(): string {
  const sections = [...RULE_SETTINGS].map(([name, settings]) => rulesOf(name, settings));
  return [RULES, ...sections].join('\n\n');
}

/** A rule's setting means what the setting beside the rules with its name means; others are told in full. */
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
