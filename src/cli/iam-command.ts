import { type AwsClients, createAwsClients } from '../aws/aws-clients.ts';
import { requireRegion } from '../aws/explain-error.ts';
import { isRegionName } from '../aws/region-name.ts';
import { systemClock } from '../aws/system-clock.ts';
import { policyFor } from '../iam/policy-for.ts';
import { agentNeeds, policyNeeds } from '../iam/policy-needs.ts';
import { findZone } from '../route53/find-zone.ts';
import { route53Api } from '../route53/route53-api.ts';
import { inTime } from '../run/in-time.ts';
import type { Call } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { inform } from './terminal.ts';

/**
 * `ecs-dns iam`: prints the policy that the settings need, as JSON. AWS is asked for nothing but the id
 * of a zone that is given by its name; the region is the one that the SDK would use, if there is one.
 */
export async function iamCommand({ settings: load, flags, terminal, signal: outer }: Call): Promise<number> {
  const settings = load();
  const { account, readOnly = false, agent: isAgent = false } = flags;
  const clients = createAwsClients();
  try {
    const { zone } = settings;
    const region = await knownRegion(clients);
    if (region !== undefined && !isRegionName(region)) {
      inform(
        `AWS_REGION or the profile: "${region}" is not named as AWS names its regions; correct it if it is a slip: the ARNs have it`,
        terminal,
      );
    }
    const api = route53Api(clients.route53, clients.route53Changes);
    const bounds = { clock: systemClock, timeoutMs: settings.timeoutMs, signal: outer };
    const { id } = await inTime(bounds, async ({ signal, onStep }) => {
      onStep('finding the zone');
      return zone.kind === 'id' ? zone : findZone(zone, api, signal);
    });
    const needs = policyNeeds(settings, id, { readOnly, scope: { region, account } });
    const document = policyFor(isAgent ? agentNeeds(needs) : needs);
    terminal.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return EXIT.done;
  } finally {
    clients.destroy();
  }
}

/** A policy can do without a region, but not with a set-up that is not what was meant. */
async function knownRegion(clients: AwsClients): Promise<string | undefined> {
  const region = await clients.region();
  return typeof region !== 'string' && region.code === 'region' ? undefined : requireRegion(clients);
}
