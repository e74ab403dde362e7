import { describeError } from '../aws/aws-error.ts';
import type { Notice } from '../model/inventory.ts';
import type { Observation } from '../plan/observation.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import type { Ports } from './ports.ts';

/**
 * Makes the plan of an observation. One that changes anything is made anew with the record set protections of the zone;
 * where they cannot be read, it stays as it is, and the observation has a notice of it.
 */
export async function planWithProtections(
  observation: Observation,
  { zone }: Pick<Ports, 'zone'>,
  policy: Policy,
  signal: AbortSignal | undefined,
): Promise<{ readonly observation: Observation; readonly plan: Plan }> {
  const plan = makePlan(observation, policy);
  if (plan.groups.length === 0 || observation.protections !== undefined) return { observation, plan };
  try {
    const protections = await zone.readProtections(observation.zone, signal);
    if (protections.size === 0) return { observation, plan };
    const informed = { ...observation, protections };
    return { observation: informed, plan: makePlan(informed, policy) };
  } catch (error) {
    signal?.throwIfAborted();
    const notices = [...observation.inventory.notices, protectionsUnread(error)];
    return { observation: { ...observation, inventory: { ...observation.inventory, notices } }, plan };
  }
}

function protectionsUnread(error: unknown): Notice {
  return {
    subject: 'route53:ListResourceRecordSetProtections',
    detail: `it is not known which names are protected (${describeError(error)}): a batch that touches one is rejected, and goes again without it`,
  };
}
