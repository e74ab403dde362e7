import { normalizeName } from '../model/dns-name.ts';
import { namePattern } from '../model/name-pattern.ts';
import type { ServiceSwitch } from './settings.ts';

/** Tells the ECS services that a switch is on for, by name; `undefined` where it is off for all of them. */
export function switchRule(services: ServiceSwitch): ((name: string) => boolean) | undefined {
  if (services === false) return undefined;
  if (services === true) return () => true;
  const patterns = services.map(namePattern);
  return (name) => patterns.some((matches) => matches(normalizeName(name)));
}
