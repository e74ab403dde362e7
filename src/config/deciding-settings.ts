import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { valuesIn } from './compare-settings.ts';
import type { SettingsSources } from './parse-settings.ts';
import { RULE_SETTINGS, SETTINGS, type Setting } from './setting-paths.ts';

/** Settings as a plan is kept with them: by their dotted names, as a config file would hold them, without secrets. */
export type DecidingSettings = Readonly<Record<string, z.core.util.JSONType>>;

/** Those that say which tasks are stopped decide, too, although they change no record. */
const OF_STOPS: ReadonlySet<string> = new Set(['stopUnhealthyTasks', 'stopLimit']);

const DECIDING = SETTINGS.filter(
  ({ name, role }) => role === 'compared' || role === 'shared' || OF_STOPS.has(name),
);

/** In place of a secret: that there is one is told, and nothing else. */
const SECRET = '(set)';

/** What decides about a plan: all that says what is looked at, how, and what is made of it; defaults included. */
export function decidingSettings(sources: SettingsSources): DecidingSettings {
  const valueIn = valuesIn(sources);
  return Object.fromEntries(DECIDING.map((setting) => [setting.name, shown(setting, valueIn(setting))]));
}

function shown({ name, kind, isSecret }: Setting, value: unknown): z.core.util.JSONType {
  const isSet = value !== undefined && !isDeepStrictEqual(value, {});
  // A list of rules is secret for what some of them hold: that alone is left out.
  if (isSecret && kind !== 'rules') return isSet ? SECRET : null;
  const inRules = RULE_SETTINGS.get(name) ?? [];
  const secrets = new Set(inRules.flatMap((one) => (one.isSecret ? [one.name] : [])));
  const json = JSON.stringify(value ?? null, (key, inner: unknown) => (secrets.has(key) ? SECRET : inner));
  return JSON.parse(json) as z.core.util.JSONType;
}

export interface DecidingDifference {
  readonly name: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** The settings that are other than they were, by what they mean: `60s` and `1m` are the same. */
export function decidingDifferences(
  before: DecidingSettings,
  now: DecidingSettings,
): readonly DecidingDifference[] {
  return DECIDING.flatMap((setting) => {
    const [was, is] = [before[setting.name], now[setting.name]];
    const isSame =
      isDeepStrictEqual(was, is) || isDeepStrictEqual(meaning(setting, was), meaning(setting, is));
    return isSame ? [] : [{ name: setting.name, before: was ?? undefined, now: is ?? undefined }];
  });
}

/** Only itself where it is no value of the setting, such as what stands for a secret. */
function meaning({ schema, kind }: Setting, value: unknown): unknown {
  const result = z.safeParse(schema, value ?? undefined);
  return kind !== 'rules' && result.success ? result.data : { value };
}
