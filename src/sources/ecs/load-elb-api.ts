import type { AwsClients } from '../../aws/aws-clients.ts';
import type { BalancersApi } from './balancers-api.ts';

/** The real one. What it needs of the SDK is loaded only now: few runs need it. */
export async function loadBalancersApi(clients: Pick<AwsClients, 'loadBalancing'>): Promise<BalancersApi> {
  const [{ elbApi }, both] = await Promise.all([import('./elb-api.ts'), clients.loadBalancing()]);
  return elbApi(both);
}
