import { parseSettings } from '../../src/config/parse-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { type PolicyDocument, policyFor } from '../../src/iam/policy-for.ts';
import { type PolicyNeeds, policyNeeds } from '../../src/iam/policy-needs.ts';

export const ZONE_ID = 'Z0123456789ABC';
export const NOWHERE = { region: undefined, account: undefined };
export const SOMEWHERE = { region: 'us-east-1', account: '123456789012' };

/** The policy for the settings that these flags make. */
export function policyOf(
  flags: FlagValues = {},
  { readOnly = false, scope = NOWHERE, zoneId = ZONE_ID }: Partial<PolicyNeeds> = {},
): PolicyDocument {
  const settings = parseSettings({ env: {}, flags: { '--zone': ZONE_ID, ...flags } });
  return policyFor(policyNeeds(settings, zoneId, { readOnly, scope }));
}

/** All actions of a policy, sorted. */
export function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  return Statement.flatMap(({ Action }) => Action).toSorted();
}
