import * as classic from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancingClients } from '../aws/aws-clients.ts';
import { sendOptions } from '../aws/send-options.ts';
import type { CallRecord } from './call-record.ts';

const ONE = { PageSize: 1 };

/**
 * Makes every call to Elastic Load Balancing once, of both generations. A run asks by name; this asks for any one,
 * which is the same to IAM, and is no error where there is none.
 */
export async function sampleBalancers(
  { elbv2, elb }: LoadBalancingClients,
  { observe }: CallRecord,
  outer: AbortSignal,
): Promise<void> {
  const ask = (operation: string, send: (options: ReturnType<typeof sendOptions>) => Promise<unknown>) =>
    observe(`elasticloadbalancing:${operation}`, outer, (signal) => send(sendOptions(signal)));
  // What they fail with is on record.
  await Promise.allSettled([
    ask('DescribeTargetGroups', (options) => elbv2.send(new DescribeTargetGroupsCommand(ONE), options)),
    ask('DescribeLoadBalancers', (options) => elbv2.send(new DescribeLoadBalancersCommand(ONE), options)),
    ask('DescribeLoadBalancers', (options) =>
      elb.send(new classic.DescribeLoadBalancersCommand(ONE), options),
    ),
  ]);
}
