import type { HostedZone } from '@aws-sdk/client-route-53';
import { errorName } from '../aws/aws-error.ts';
import { explainAwsError } from '../aws/explain-error.ts';
import { pageGuard } from '../aws/page-guard.ts';
import { normalizeName } from '../model/dns-name.ts';
import { RunError } from '../model/run-error.ts';
import type { Zone, ZoneSelector } from '../model/zone.ts';
import type { Route53Api, ZonePage } from './route53-api.ts';

/** The zone, and how many record sets Route 53 counts in it. */
export interface FoundZone extends Zone {
  readonly recordSetCount: number | undefined;
}

/**
 * Finds the one hosted zone that is meant. Throws a `RunError` for a zone that does not exist, for a
 * name that several zones bear, and for a zone that another service keeps.
 */
export async function findZone(
  selector: ZoneSelector,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<FoundZone> {
  const found =
    selector.kind === 'id' ? await byId(selector.id, api, signal) : await byName(selector.name, api, signal);
  const zone = {
    id: bareId(found.Id),
    name: found.Name ?? '',
    recordSetCount: found.ResourceRecordSetCount,
  };
  if (found.LinkedService !== undefined) {
    const { ServicePrincipal = 'another service', Description } = found.LinkedService;
    throw new RunError(
      'zone-linked',
      `zone: ${zone.name} (${zone.id}) belongs to ${ServicePrincipal}${Description ? ` ("${Description}")` : ''}, which rejects changes by anyone else: use a hosted zone of your own`,
    );
  }
  return zone;
}

async function byId(id: string, api: Route53Api, signal: AbortSignal | undefined): Promise<HostedZone> {
  const reading = api.getZone(id, signal).catch((error: unknown) => {
    if (errorName(error) !== 'NoSuchHostedZone') throw error;
    throw new RunError(
      'zone-not-found',
      `zone: there is no hosted zone with the id ${id} in this account: correct the id, or give the zone's name`,
      error,
    );
  });
  return explained('route53:GetHostedZone', signal, reading);
}

/** Waits for a call that a run cannot do without; its failure is a `RunError` that says what to do. */
export async function explained<T>(
  operation: string,
  signal: AbortSignal | undefined,
  call: Promise<T>,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainAwsError(operation, error);
  }
}

async function byName(name: string, api: Route53Api, signal: AbortSignal | undefined): Promise<HostedZone> {
  const { matching, neighbour } = await zonesNamed(name, api, signal);
  const [zone] = matching;
  if (zone === undefined) {
    const near = neighbour === undefined ? '' : ` (the next one in order is ${neighbour})`;
    throw new RunError(
      'zone-not-found',
      `zone: no hosted zone is named ${name} in this account${near}: correct the name, or give the zone's id`,
    );
  }
  if (matching.length > 1) {
    const ids = matching.map(
      (one) => `${bareId(one.Id)} (${one.Config?.PrivateZone ? 'private' : 'public'})`,
    );
    throw new RunError(
      'zone-ambiguous',
      `zone: ${matching.length} hosted zones are named ${name}: ${ids.join(', ')}: give the id of the one that is meant`,
    );
  }
  return zone;
}

const LIST_ZONES = 'route53:ListHostedZonesByName';
/** More zones of one name than an account has of all names. */
const MAX_ZONE_PAGES = 100;

/** The listing starts at the name and goes on with its neighbours; only exact names are wanted. */
async function zonesNamed(name: string, api: Route53Api, signal: AbortSignal | undefined) {
  const matching: HostedZone[] = [];
  const guard = pageGuard(MAX_ZONE_PAGES);
  let from: ZonePage['next'] = { name, id: undefined };
  while (from !== undefined) {
    const listing = api.listZonesFrom(from.name, from.id, signal);
    const page = await explained(LIST_ZONES, signal, listing);
    for (const zone of page.zones) {
      if (normalizeName(zone.Name ?? '') !== name) return { matching, neighbour: zone.Name };
      matching.push(zone);
    }
    if (page.next !== undefined) {
      const { name: nextName, id } = page.next;
      const goOn = async () => guard(page.zones.at(-1)?.Id, `${nextName} ${id}`);
      await explained(LIST_ZONES, signal, goOn());
    }
    from = page.next;
  }
  return { matching, neighbour: undefined };
}

function bareId(id: string | undefined): string {
  return (id ?? '').replace(/^\/hostedzone\//, '');
}
