import { nameSwitch } from '../model/name-pattern.ts';
import type { ServiceSwitch } from './settings.ts';

/** Tells the ECS services that a switch is on for, by name; `undefined` where it is off for all of them. */
export function switchRule(services: ServiceSwitch): ((name: string) => boolean) | undefined {
  return services === false ? undefined : nameSwitch(services);
}
