import { required } from './setting.ts';
import { namePattern } from './value-types.ts';

/** What every rule for services begins with. */
export const ruleMatch = required(namePattern, {
  description:
    'The services that the rule is for: a pattern of their names relative to the zone (`*` stands for any characters).',
  example: '_api.*',
});
