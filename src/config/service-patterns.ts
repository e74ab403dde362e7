import { nameSwitch } from '../model/name-pattern.ts';
import type { Settings } from './settings.ts';

/** Tells the ECS services that a setting selects, by name; `undefined` where it selects none. */
export function servicesMatching(
  patterns: Settings['stopUnhealthyTasks'],
): ((name: string) => boolean) | undefined {
  return patterns === false ? undefined : nameSwitch(patterns);
}
