import { Help, type Option } from 'commander';
import { type SettingOption, settingOptions, shownDefault } from '../config/setting-options.ts';
import { plural } from '../report/sections.ts';
import { type CommandSpec, listed, type OwnOption, outputsOf, QUIET } from './command-spec.ts';
import { SETTING_GROUPS, SETTING_USES, type SettingName, type SettingUse } from './setting-uses.ts';

/** One line of a command's help. */
export interface HelpLine {
  /** As commander takes it: a value that has to be given is optional to it, so that its lack is told with the rest. */
  readonly flags: string;
  readonly term: string;
  readonly description: string;
  readonly isRepeatable?: true | undefined;
  /** The setting that it sets, if it is one's. */
  readonly setting?: SettingName;
  readonly visible: 'always' | 'with all' | 'never';
}

/** The options of a command under one heading. */
export interface HelpGroup {
  readonly heading: string;
  readonly lines: readonly HelpLine[];
}

const OWN = 'Options';
const CONFIG: OwnOption = {
  flags: '--config <file>',
  description: 'settings, as YAML or JSON (ECS_DNS_CONFIG)',
};
/** So many settings fit into a help that shows all of them. */
const MANY = 14;

/** All options that a command takes, in the order of the help; `sandbox` takes no settings. */
export function helpGroupsOf(spec: CommandSpec): readonly HelpGroup[] {
  const own = { heading: OWN, lines: spec.options.map((one) => ownLine(one)) };
  if (spec.name === 'sandbox') return [own];
  const { name } = spec;
  const options = settingOptions();
  const used = options.filter((one) => one.term !== undefined && useOf(one).commands.includes(name));
  const isLong = used.length > MANY;
  const groups = SETTING_GROUPS.map((heading) => ({
    heading,
    lines: [
      ...(heading === 'Where and how' ? [ownLine(CONFIG)] : []),
      ...(heading === 'Output' ? [ownLine(QUIET)] : []),
      ...options
        .filter((one) => useOf(one).group === heading)
        .map((one) => settingLine(one, spec, isLong))
        .toSorted((a, b) => Number(b.visible === 'always') - Number(a.visible === 'always')),
    ],
  }));
  return [own, ...groups];
}

/** How many lines the short help leaves out. */
export function leftOut(groups: readonly HelpGroup[]): number {
  return groups.flatMap(({ lines }) => lines).filter(({ visible }) => visible === 'with all').length;
}

/** What comes after the options: examples, and where the rest is. */
export function epilogue(spec: CommandSpec, isAll: boolean): string {
  const width = Math.max(...spec.examples.map(([args]) => args.length)) + 2;
  const examples = spec.examples.flatMap(([args, meaning]) =>
    width + meaning.length > MAX_EXAMPLE
      ? [`  ecs-dns ${args}`, `      ${meaning}`]
      : [`  ecs-dns ${args.padEnd(width)}${meaning}`],
  );
  const more = isAll ? 0 : leftOut(helpGroupsOf(spec));
  const rest =
    more === 0 ? [] : [`${plural(more, 'more setting', 'more settings')}: ecs-dns ${spec.name} --help --all`];
  return [
    '',
    spec.examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples,
    '',
    ...rest,
    `Read more: docs/cli.md${spec.name === 'sandbox' ? ', docs/sandbox.md' : ', docs/settings.md'}`,
    '',
  ].join('\n');
}

/** Beyond, a line of 80 columns would not do. */
const MAX_EXAMPLE = 70;

export const PROGRAM_EPILOGUE = `
Options:
  -h, --help     print this; after a command, what it takes
  -V, --version  print the version

Start with: ecs-dns plan --zone servicediscovery.internal

Every setting is a flag, a variable (--zone is ECS_DNS_ZONE) or a line of the
file that --config names. Region and credentials are those of the AWS SDK.
Read more: ecs-dns <command> --help, docs/cli.md, docs/settings.md
`;

const MAX_TERM = 28;

/** Terms that are long stand on a line of their own, so that descriptions keep their column. */
export class GroupedHelp extends Help {
  readonly #terms: ReadonlyMap<string, string>;

  constructor(terms: ReadonlyMap<string, string>) {
    super();
    this.#terms = terms;
  }

  override optionTerm(option: Option): string {
    return this.#terms.get(option.flags) ?? option.flags;
  }

  override padWidth(...args: Parameters<Help['padWidth']>): number {
    return Math.min(MAX_TERM, super.padWidth(...args));
  }

  override formatItem(term: string, width: number, description: string, helper: Help): string {
    if (term.length <= width) return super.formatItem(term, width, description, helper);
    const below = super.formatItem('', width, description, helper);
    return `  ${term}\n${below}`;
  }
}

function ownLine({ flags, description, byDefault }: OwnOption): HelpLine {
  const shown = byDefault === undefined ? description : `${description} (default ${byDefault})`;
  return { flags: optionalValue(flags), term: flags, description: shown, visible: 'always' };
}

function settingLine(
  { setting, flags, term, isRepeatable }: SettingOption,
  spec: CommandSpec,
  isLong: boolean,
): HelpLine {
  const { zone } = spec;
  const { brief, commands, isCommon } = useOf({ setting });
  const isUsed = commands.some((one) => one === spec.name);
  const byDefault = (setting.name === 'policy' ? spec.policy : undefined) ?? shownDefault(setting);
  const notes = [
    ...(setting.isRequired ? [zone ?? 'required'] : []),
    ...(byDefault === undefined ? [] : [`default ${byDefault}`]),
  ];
  const meaning = brief.replace('{outputs}', listed(outputsOf(spec)));
  const description = notes.length === 0 ? meaning : `${meaning} (${notes.join(', ')})`;
  return {
    flags: optionalValue(flags),
    term: term ?? flags,
    description,
    isRepeatable,
    setting: setting.name as SettingName,
    visible: term === undefined || !isUsed ? 'never' : isLong && !isCommon ? 'with all' : 'always',
  };
}

/** Every setting has one: a test holds the two lists together. */
function useOf({ setting }: Pick<SettingOption, 'setting'>): SettingUse {
  return SETTING_USES[setting.name as SettingName];
}

function optionalValue(flags: string): string {
  return flags.replace(/<(.+)>$/, '[$1]');
}
