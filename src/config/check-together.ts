import { missing, originAt } from './faults.ts';
import { findSetting, nameOf, SETTING_LEAVES, type SettingLeaf } from './setting-paths.ts';
import { problemAt, type SettingsProblem, showValue } from './settings-error.ts';
import { isBelow, type Path, type Written } from './settings-tree.ts';

const MEMORY = 'health.memory';
/** More than one run in a row can't be counted by a run that knows nothing of the one before. */
const THRESHOLDS: ReadonlySet<string> = new Set(['health.unhealthyThreshold', 'health.healthyThreshold']);

const STOPPING = 'stopUnhealthyTasks';
/** Whatever finds a task unhealthy. */
const CHECKS = ['health.enabled', 'health.trustEcs'] as const;

/** What has to be set together with what is in force; a value that is not valid is reported as that alone. */
export function checkTogether(
  inForce: ReadonlySet<Written>,
  faults: readonly Path[],
  howToSet: (leaf: SettingLeaf) => string,
): readonly SettingsProblem[] {
  const byName = new Map([...inForce].map((one) => [nameOf(one.path), one]));
  const valid = [...byName].filter(([, { path }]) => !faults.some((fault) => isBelow(path, fault)));
  const unset = SETTING_LEAVES.filter(({ name }) => !byName.has(name));
  const memory = unset.find(({ name }) => name === MEMORY);
  const isOff = (name: string) => (byName.get(name)?.value ?? findSetting(name)?.defaultValue) === false;
  return [
    ...unset
      .filter(({ isRequired }) => isRequired)
      .map((leaf) => missing(leaf.name, { kind: 'none' }, howToSet(leaf))),
    ...valid.flatMap(([name, written]) => {
      if (memory !== undefined && THRESHOLDS.has(name) && written.value !== 1) {
        const remedy = `${howToSet(memory)}, or ${name} to 1`;
        return needs(name, written, `needs ${MEMORY}, which is not set`, remedy);
      }
      if (name === STOPPING && written.value !== false && CHECKS.every(isOff)) {
        const remedy = `set one of them to true, or ${name} to false`;
        return needs(name, written, `needs ${CHECKS.join(' or ')}, which are both off`, remedy);
      }
      return [];
    }),
  ];
}

function needs(setting: string, written: Written, fault: string, remedy: string): readonly SettingsProblem[] {
  const value = showValue(written.value);
  return [problemAt(originAt(written, setting), { setting, value, fault, remedy })];
}
