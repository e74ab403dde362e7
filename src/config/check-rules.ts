import { checkAssignment, HIDDEN_FAULT } from './check-assignment.ts';
import { nearestName } from './nearest-name.ts';
import { isMapping } from './read-file.ts';
import type { Assignment } from './reading.ts';
import { RULE_SETTINGS, type Setting } from './setting-paths.ts';
import { type Origin, type SettingsProblem, showName, showValue } from './settings-error.ts';

type Rule = Readonly<Record<string, unknown>>;

/** One rule, and how to name what stands in it: a rule is found by its line, not by counting. */
interface Place {
  /** `health.services[1]` */
  readonly name: string;
  /** What may stand in it. */
  readonly known: readonly Setting[];
  /** Whether anything in it may be a secret. */
  readonly isSecret: boolean;
  readonly originOf: (name: string, ...key: readonly string[]) => Origin;
}

/** What is wrong with a list of rules, setting by setting, in the words of the settings they override. */
export function checkRules(assignment: Assignment): readonly SettingsProblem[] {
  const { value } = assignment;
  if (!Array.isArray(value)) return checkAssignment(assignment);
  return value.flatMap((rule: unknown, index) => {
    const place = placeOf(assignment, index);
    return isMapping(rule) ? checkRule(rule, place) : [notARule(rule, place)];
  });
}

function placeOf({ leaf, origin, lineOf }: Assignment, index: number): Place {
  return {
    name: `${leaf.name}[${index}]`,
    known: RULE_SETTINGS.get(leaf.name) ?? [],
    isSecret: leaf.isSecret === true,
    originOf: (name, ...key) => {
      if (origin.kind !== 'file') return origin;
      const line = lineOf?.([...leaf.path, index, ...key]);
      return { ...origin, key: showName(name), ...(line === undefined ? {} : { line }) };
    },
  };
}

function checkRule(rule: Rule, place: Place): readonly SettingsProblem[] {
  const missing = place.known.filter(({ isRequired, name }) => isRequired && !Object.hasOwn(rule, name));
  return [
    ...missing.map((setting) => missingIn(setting, place)),
    ...Object.entries(rule).flatMap(([key, value]) => checkKey(key, value, place)),
  ];
}

function checkKey(key: string, value: unknown, place: Place): readonly SettingsProblem[] {
  const setting = place.known.find((known) => known.name === key);
  if (setting === undefined) return [unknownKey(key, place)];
  const name = `${place.name}.${key}`;
  return checkAssignment({ leaf: { ...setting, name }, value, origin: place.originOf(name, key) });
}

/** What stands there may be what should stand in a rule, a secret as well. */
function notARule(rule: unknown, { name, isSecret, originOf }: Place): SettingsProblem {
  return {
    setting: name,
    origin: originOf(name),
    value: isSecret ? undefined : showValue(rule),
    fault: isSecret ? HIDDEN_FAULT : 'is not valid',
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
  const known = place.known.map(({ name }) => ({ name, lastWord: name }));
  const nearest = nearestName(key, key, known);
  return {
    setting: written,
    origin: place.originOf(written, key),
    value: undefined,
    fault: 'unknown setting',
    remedy:
      nearest === undefined
        ? `the settings of ${place.name} are ${known.map(({ name }) => name).join(', ')}`
        : `did you mean ${place.name}.${nearest}?`,
  };
}
