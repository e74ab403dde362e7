import { isForgotten } from '../aws/aws-error.ts';
import type { Route53Api } from './route53-api.ts';

/** Whether every name server answers by a change; one that Route 53 has forgotten is long past. */
export async function isInSync(
  changeId: string,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return (await api.getChange(changeId, signal)) === 'INSYNC';
  } catch (error) {
    if (isForgotten(error)) return true;
    throw error;
  }
}
