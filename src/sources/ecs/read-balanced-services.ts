import {
  type BalancedService,
  type BalancedServices,
  type ClusterServices,
  labelOf,
  type ServiceConfirmation,
  type ServiceConfirmationQuery,
  type ServiceQuery,
  type ServiceSight,
} from '../../model/balanced-service.ts';
import { type Cluster, clusterOf, serviceKey } from '../../model/cluster.ts';
import type { Access } from './access.ts';
import { readServices, type ServiceListing, type ServiceSummary } from './read-services.ts';
import { type Resolution, resolveBalancers } from './resolve-balancers.ts';

/** Reads the services of all clusters, and the DNS names of what balances their load. */
export async function readBalancedServices(
  { clusters, isOfInterest }: ServiceQuery,
  context: Access,
): Promise<BalancedServices> {
  const readings = await Promise.all(
    clusters.map(async (cluster) => ({
      cluster,
      listing: await readServices(cluster, isOfInterest, [], context),
    })),
  );
  const refs = readings.flatMap(({ listing }) => listing.described.map(({ balancers }) => balancers));
  const resolution = await resolveBalancers(
    {
      targetGroups: refs.flatMap(({ targetGroups }) => targetGroups),
      classic: refs.flatMap(({ classic }) => classic),
    },
    context,
  );
  // Services are what is left to tell the account where nothing runs in any cluster.
  const arns = readings.flatMap(({ listing }) =>
    listing.described.flatMap(({ clusterArn }) => clusterArn ?? []),
  );
  return {
    clusters: readings.map(({ cluster, listing }) =>
      clusterServices(clusterOf(cluster.arn, cluster.region, arns), listing, resolution),
    ),
    incomplete: [...readings.flatMap(({ listing }) => listing.incomplete), ...resolution.incomplete],
  };
}

function clusterServices(
  cluster: Cluster,
  { listed, described, incomplete }: ServiceListing,
  resolution: Resolution,
): ClusterServices {
  const services = described.flatMap((kept) => balancedService(kept, resolution));
  return { cluster, listed, services, complete: incomplete.length === 0 };
}

function balancedService(
  { name, state, balancers }: ServiceSummary,
  { targetGroup, classic }: Resolution,
): readonly BalancedService[] {
  if (state === 'inactive') return [];
  const resolved = [...balancers.targetGroups.map(targetGroup), ...balancers.classic.map(classic)];
  const dnsNames = resolved.flatMap((one) => (one.kind === 'found' ? one.dnsNames : []));
  // The idle target group of a blue/green deployment may have no balancer, and the service one all the same.
  const unresolved = resolved.flatMap((one) =>
    one.kind === 'unknown' || (one.kind === 'none' && dnsNames.length === 0) ? one.why : [],
  );
  return [
    {
      name,
      state,
      balancers: [...new Set(dnsNames)].toSorted(),
      unresolved: [...new Set(unresolved)].toSorted(),
    },
  ];
}

/** Lists the services of the clusters anew, and describes those that are looked for, listed or not. */
export async function confirmServices(
  query: readonly ServiceConfirmationQuery[],
  context: Access,
): Promise<ServiceConfirmation> {
  const looks = await Promise.all(
    query.map(async ({ cluster, labels }) => {
      const wanted = new Set(labels);
      const listing = await readServices(cluster, (label) => wanted.has(label), labels, context);
      const sights = labels.flatMap((label) => sightOf(label, listing).map((sight) => ({ label, sight })));
      return { cluster, sights, incomplete: listing.incomplete };
    }),
  );
  return {
    sights: new Map(
      looks.flatMap(({ cluster, sights }) =>
        sights.map(({ label, sight }) => [serviceKey(cluster, label), sight] as const),
      ),
    ),
    incomplete: looks.flatMap(({ incomplete }) => incomplete),
  };
}

/** Nothing where a part of the answer is missing, and what is there does not say enough. */
function sightOf(
  label: string,
  { described, undescribed, incomplete }: ServiceListing,
): readonly ServiceSight[] {
  const there = described.filter(({ name, state }) => labelOf(name) === label && state !== 'inactive');
  if (there.some(({ balancers: { targetGroups, classic } }) => targetGroups.length + classic.length > 0))
    return ['balanced'];
  if (undescribed.has(label) || incomplete.some(({ operation }) => operation === 'ecs:ListServices'))
    return [];
  return [there.length === 0 ? 'gone' : 'unbalanced'];
}
