import { checkAssignment, HIDDEN_FAULT } from './check-assignment.ts';
import { nearestName } from './nearest-name.ts';
import { isMapping } from './read-file.ts';
import type { Assignment } from './reading.ts';
import { RULE_SETTINGS, type Setting } from './setting-paths.ts';
import { type Origin, type SettingsProblem, showName } from './settings-error.ts';

type Rule = Readonly<Record<string, unknown>>;

/** One rule, and how to name what stands in it: a rule is found by its line, not by counting. */
interface Place {
  /** `health.services[1]` */
  readonly name: string;
  readonly originOf: (name: string, ...key: readonly string[]) => Origin;
}

const SETTING_BY_KEY: ReadonlyMap<string, Setting> = new Map(RULE_SETTINGS.map((s) => [s.name, s]));
const KNOWN_KEYS = RULE_SETTINGS.map(({ name }) => ({ name, lastWord: name }));

/** What is wrong with a list of rules, setting by setting, in the words of the settings they override. */
export function checkRules(assignment: Assignment): readonly SettingsProblem[] {
  const { value } = assignment;
  if (!Array.isArray(value)) return checkAssignment(assignment);
  return value.flatMap((rule: unknown, index) => {
    const place = placeOf(assignment, index);
    return isMapping(rule) ? checkRule(rule, place) : [notARule(place)];
  });
}

function placeOf({ leaf, origin, lineOf }: Assignment, index: number): Place {
  return {
    name: `${leaf.name}[${index}]`,
    originOf: (name, ...key) => {
      if (origin.kind !== 'file') return origin;
      const line = lineOf?.([...leaf.path, index, ...key]);
      return { ...origin, key: showName(name), ...(line === undefined ? {} : { line }) };
    },
  };
}

function checkRule(rule: Rule, place: Place): readonly SettingsProblem[] {
  const missing = RULE_SETTINGS.filter(({ isRequired, name }) => isRequired && !Object.hasOwn(rule, name));
  return [
    ...missing.map((setting) => missingIn(setting, place)),
    ...Object.entries(rule).flatMap(([key, value]) => checkKey(key, value, place)),
  ];
}

function checkKey(key: string, value: unknown, place: Place): readonly SettingsProblem[] {
  const setting = SETTING_BY_KEY.get(key);
  if (setting === undefined) return [unknownKey(key, place)];
  const name = `${place.name}.${key}`;
  return checkAssignment({ leaf: { ...setting, name }, value, origin: place.originOf(name, key) });
}

/** What stands there may be what should stand in a rule, a secret as well. */
function notARule({ name, originOf }: Place): SettingsProblem {
  return {
    setting: name,
    origin: originOf(name),
    value: undefined,
    fault: HIDDEN_FAULT,
    remedy: 'write match and the settings that differ',
  };
}

function missingIn({ name, allowed }: Setting, place: Place): SettingsProblem {
  const written = `${place.name}.${name}`;
  return {
    setting: written,
    origin: place.originOf(written),
    value: undefined,
    fault: 'required, but not set',
    remedy: `write ${allowed}`,
  };
}

/** Only the key is shown: what stands behind it may be a secret. */
function unknownKey(key: string, place: Place): SettingsProblem {
  const written = `${place.name}.${key}`;
  const nearest = nearestName(key, key, KNOWN_KEYS);
  return {
    setting: written,
    origin: place.originOf(written, key),
    value: undefined,
    fault: 'unknown setting',
    remedy:
      nearest === undefined
        ? `the settings of ${place.name} are ${[...SETTING_BY_KEY.keys()].join(', ')}`
        : `did you mean ${place.name}.${nearest}?`,
  };
}
