import { setting } from './setting-traits.ts';
import { namePattern } from './value-schemas.ts';

/** What every rule for services begins with. */
export const ruleMatch = setting(namePattern, {
  kind: 'text',
  description:
    'The services that the rule is for: a pattern of their names relative to the zone (`*` stands for any characters).',
  allowed: 'a name pattern relative to the zone such as _api.* or *._tcp',
  example: '_api.*',
});
