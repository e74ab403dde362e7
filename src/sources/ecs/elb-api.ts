import * as classic from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancingClients } from '../../aws/aws-clients.ts';
import { sendOptions } from '../../aws/send-options.ts';
import type { BalancersApi, LoadBalancer } from './balancers-api.ts';

/** Elastic Load Balancing of both generations, through the SDK. */
export function elbApi({ elbv2, elb }: LoadBalancingClients): BalancersApi {
  return {
    async targetGroups(arns, marker, abortSignal) {
      const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns], Marker: marker });
      const answer = await elbv2.send(command, sendOptions(abortSignal));
      const items = (answer.TargetGroups ?? []).map((group) => ({
        arn: group.TargetGroupArn ?? '',
        balancerArns: group.LoadBalancerArns ?? [],
      }));
      return { items, nextToken: answer.NextMarker };
    },
    async loadBalancers(arns, marker, abortSignal) {
      const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns], Marker: marker });
      const answer = await elbv2.send(command, sendOptions(abortSignal));
      const items = (answer.LoadBalancers ?? []).flatMap((one) => named(one.LoadBalancerArn, one.DNSName));
      return { items, nextToken: answer.NextMarker };
    },
    async classicBalancers(names, marker, abortSignal) {
      const input = { LoadBalancerNames: [...names], Marker: marker };
      const answer = await elb.send(
        new classic.DescribeLoadBalancersCommand(input),
        sendOptions(abortSignal),
      );
      const found = answer.LoadBalancerDescriptions ?? [];
      const items = found.flatMap((one) => named(one.LoadBalancerName, one.DNSName));
      return { items, nextToken: answer.NextMarker };
    },
  };
}

/** One without a DNS name, as Gateway Load Balancers are, is as good as left out. */
function named(id: string | undefined, dnsName: string | undefined): readonly LoadBalancer[] {
  return id === undefined || dnsName === undefined || dnsName === '' ? [] : [{ id, dnsName }];
}
