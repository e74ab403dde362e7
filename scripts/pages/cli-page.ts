import type { CommandSpec } from '../../src/cli/command-spec.ts';
import type { HelpGroup, HelpLine } from '../../src/cli/help.ts';

/** The options of a command, as its help groups them. */
type GroupsOf = (spec: CommandSpec) => readonly HelpGroup[];

/**
 * The parts of `docs/cli.md` that follow from the program: the list of commands, and a section for each. They are those
 * of the built program, which loads what it needs from where it stands.
 */
export function cliSections(
  commands: readonly CommandSpec[],
  groupsOf: GroupsOf,
): Readonly<Record<'list' | 'commands', string>> {
  return {
    list: ['| command | |', '| --- | --- |', ...commands.map(listRow)].join('\n'),
    commands: commands.map((spec) => sectionOf(spec, groupsOf(spec))).join('\n\n'),
  };
}

function listRow({ name, group, summary }: CommandSpec): string {
  return `| [\`${name}\`](#${name}) | ${group}: ${summary} |`;
}

function sectionOf(spec: CommandSpec, groups: readonly HelpGroup[]): string {
  const { name, description, argument, examples } = spec;
  const subject = argument === undefined ? '' : ` <${argument.name}>`;
  const given = argument === undefined ? [] : [`\`<${argument.name}>\` is ${argument.description}.`];
  const lines = examples.map(([args, meaning]) => `ecs-dns ${args}   # ${meaning}`);
  return [
    `## ${name}`,
    description,
    `\`\`\`\necs-dns ${name} [options]${subject}\n\`\`\``,
    ...given,
    ...tables(groups),
    exitCodes(spec),
    `\`\`\`sh\n${lines.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

/** What the help never shows is another way to write what it has, or has no effect. */
function tables(groups: readonly HelpGroup[]): readonly string[] {
  return groups.flatMap(({ heading, lines }) => {
    const shown = lines.filter(({ visible }) => visible !== 'never');
    return shown.length === 0
      ? []
      : [[`| ${heading} | |`, '| --- | --- |', ...shown.map(optionRow)].join('\n')];
  });
}

function optionRow({ term, description }: HelpLine): string {
  return `| \`${escaped(term)}\` | ${escaped(description.replace(/<([^>]*)>/g, '`<$1>`'))} |`;
}

function exitCodes({ exitCodes: codes }: CommandSpec): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ['| exit code | |', '| --- | --- |', ...rows].join('\n');
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
