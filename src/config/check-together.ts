import { missing, originAt } from './faults.ts';
import { findSetting, nameOf, SETTINGS, type Setting } from './setting-paths.ts';
import { problemAt, type SettingsProblem, showValue } from './settings-error.ts';
import { isBelow, type Path, type Written } from './settings-tree.ts';

const STATE = 'state';
/** More than one run in a row can't be counted by a run that knows nothing of the one before. */
const THRESHOLDS: ReadonlySet<string> = new Set(['health.unhealthyThreshold', 'health.healthyThreshold']);
/** Whatever finds a task unhealthy. */
const CHECKS = ['health.enabled', 'health.trustEcs', 'health.trustTargetGroups'] as const;

/** What has to be set together with what is in force; a value that is not valid is reported as that alone. */
export function checkTogether(
  inForce: readonly Written[],
  faults: readonly Path[],
  isObject: boolean,
): readonly SettingsProblem[] {
  const byName = new Map(inForce.map((one) => [nameOf(one.path), one]));
  const valid = [...byName].filter(([, { path }]) => !faults.some((fault) => isBelow(path, fault)));
  const unset = SETTINGS.filter(({ name }) => !byName.has(name));
  const state = unset.find(({ name }) => name === STATE);
  const isOff = (name: string) => (byName.get(name)?.value ?? findSetting(name)?.defaultValue) === false;
  const howToSet = ({ name, flag, variable, allowed }: Setting) =>
    `set ${isObject ? name : `${flag}, ${variable} or ${name} in a config file`} to ${allowed}`;
  const lacking = valid.flatMap(([setting, written]) => {
    const needs = (what: string, remedy: string) =>
      problemAt(originAt(written, setting), {
        setting,
        value: showValue(written.value),
        fault: `needs ${what}`,
        remedy,
      });
    if (state !== undefined && THRESHOLDS.has(setting) && written.value !== 1) {
      return needs(`${STATE}, which is not set`, `${howToSet(state)}, or ${setting} to 1`);
    }
    if (setting === 'stopUnhealthyTasks' && written.value !== false && CHECKS.every(isOff)) {
      const remedy = `set one of them to true, or ${setting} to false`;
      return needs(`${CHECKS.slice(0, -1).join(', ')} or ${CHECKS.at(-1)}, which are all off`, remedy);
    }
    return [];
  });
  const required = unset.filter(({ isRequired }) => isRequired);
  return [...required.map((one) => missing(one.name, { kind: 'none' }, howToSet(one))), ...lacking];
}
