import { checkAssignment } from './check-assignment.ts';
import { checkCompleteness } from './check-completeness.ts';
import { checkRules } from './check-rules.ts';
import { type FileName, readConfigFile } from './read-file.ts';
import { type FlagValues, readFlags } from './read-flags.ts';
import { readMapping } from './read-mapping.ts';
import { type Environment, readVariables } from './read-variables.ts';
import type { Assignment, Reading } from './reading.ts';
import { CONFIG_VARIABLE } from './setting-paths.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { SettingsError, type SettingsProblem } from './settings-error.ts';
import { settingsSchema } from './settings-schema.ts';
import { buildTree } from './tree.ts';

export interface SettingsSources {
  /** The config file that `--config` names; without it `ECS_DNS_CONFIG` may name one. */
  readonly file?: string | undefined;
  readonly env: Environment;
  readonly flags?: FlagValues;
  /** The id of the zone that counts where no source names one. */
  readonly zoneId?: string | undefined;
}

/**
 * The settings of a run: a flag wins over a variable, a variable over the file, the file over the
 * default; lists and maps are replaced whole. A value is checked even where a stronger one hides it.
 * Throws a `SettingsError` that holds every problem of every source.
 */
export function loadSettings(sources: SettingsSources): Settings {
  const { assignments, problems } = readSources(sources);
  if (problems.length > 0) throw new SettingsError(problems);
  const tree = buildTree(assignments.map(({ leaf, value }) => [leaf.path, value]));
  return resolveSettings(settingsSchema.parse(tree));
}

/** What the sources hold together, the weakest first, with every problem of it. */
export function readSources({ file, env, flags = {}, zoneId }: SettingsSources): Reading {
  const content = readNamedFile(fileName(file, env));
  const known = readFlags(zoneId === undefined ? {} : { '--zone': `/hostedzone/${zoneId}` });
  const weakestFirst = [known, content.reading, readVariables(env), readFlags(flags)];
  const assignments = weakestFirst.flatMap((reading) => reading.assignments);
  const problems = weakestFirst.flatMap(problemsOf);
  if (!content.isUnread) problems.push(...checkCompleteness(assignments));
  return { assignments, problems };
}

/** A file that could not be read may well set what would otherwise be missing. */
function readNamedFile(name: FileName | undefined): { reading: Reading; isUnread: boolean } {
  if (name === undefined) return { reading: { assignments: [], problems: [] }, isUnread: false };
  const content = readConfigFile(name);
  if (content.kind === 'unusable') {
    return { reading: { assignments: [], problems: content.problems }, isUnread: true };
  }
  return { reading: readMapping(content), isUnread: false };
}

function fileName(file: string | undefined, env: Environment): FileName | undefined {
  if (file !== undefined) return { file, namedBy: '--config' };
  const named = env[CONFIG_VARIABLE];
  return named === undefined ? undefined : { file: named, namedBy: CONFIG_VARIABLE };
}

function problemsOf({ assignments, problems }: Reading): SettingsProblem[] {
  return [...problems, ...assignments.flatMap(checkValue)];
}

function checkValue(assignment: Assignment): readonly SettingsProblem[] {
  return assignment.leaf.kind === 'rules' ? checkRules(assignment) : checkAssignment(assignment);
}
