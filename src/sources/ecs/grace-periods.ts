import { serviceKey } from '../../model/cluster.ts';
import type { Container, GraceLookup } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { readServicesOf } from './services-of.ts';

const MS_PER_SECOND = 1000;

/** Reads `healthCheckGracePeriodSeconds` of the services that have started the given containers. */
export async function lookUpGracePeriods(
  containers: readonly Container[],
  access: Access,
): Promise<GraceLookup> {
  const { services, incomplete } = await readServicesOf(containers, 'service-names', access);
  const periods = services.map(({ cluster, service: { serviceName = '', ...one } }) => {
    const seconds = one.healthCheckGracePeriodSeconds ?? 0;
    return [serviceKey(cluster, serviceName), seconds * MS_PER_SECOND] as const;
  });
  return { periods: new Map(periods), incomplete };
}
