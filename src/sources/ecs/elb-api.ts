import * as classic from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancingClients } from '../../aws/aws-clients.ts';
import { sendOptions } from '../../aws/send-options.ts';
import { requiredList } from '../../aws/unreadable-answer.ts';
import type { Page } from './read-pages.ts';

/** A target group by its ARN, and the load balancers that send to it. */
export interface TargetGroup {
  readonly id: string;
  readonly balancerArns: readonly string[];
}

/** A load balancer by its ARN, or by its name if it is a Classic one. */
export interface LoadBalancer {
  readonly id: string;
  readonly dnsName: string;
}

/** A target of a target group, and how it is; state and reason are Elastic Load Balancing's own codes. */
export interface Target {
  /** Of an instance, or its address: as the target group names it. */
  readonly id: string;
  readonly port: number | undefined;
  readonly state: string;
  readonly reason: string | undefined;
}

/** One request for what has the given ids; the marker leads to the next page. */
export type DescribeById<T> = (
  ids: readonly string[],
  marker: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<Page<T>>;

/**
 * What the inventory needs of Elastic Load Balancing: one request a call, at most 20 ids
 * each, or one target group with all of its targets. One that is unknown fails the whole call.
 */
export interface BalancersApi {
  readonly targetGroups: DescribeById<TargetGroup>;
  /** Application and Network Load Balancers, by ARN. */
  readonly loadBalancers: DescribeById<LoadBalancer>;
  /** Classic Load Balancers, by name. */
  readonly classicBalancers: DescribeById<LoadBalancer>;
  targets(targetGroupArn: string, signal: AbortSignal | undefined): Promise<readonly Target[]>;
}

/** Elastic Load Balancing of both generations, through the SDK. */
export function elbApi({ elbv2, elb }: LoadBalancingClients): BalancersApi {
  return {
    async targetGroups(arns, marker, abortSignal) {
      const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns], Marker: marker });
      const answer = await elbv2.send(command, sendOptions(abortSignal));
      const items = requiredList(answer.TargetGroups, 'TargetGroups').map((group) => ({
        id: group.TargetGroupArn ?? '',
        balancerArns: group.LoadBalancerArns ?? [],
      }));
      return { items, nextToken: answer.NextMarker };
    },
    async loadBalancers(arns, marker, abortSignal) {
      const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [...arns], Marker: marker });
      const answer = await elbv2.send(command, sendOptions(abortSignal));
      const found = requiredList(answer.LoadBalancers, 'LoadBalancers');
      const items = found.flatMap((one) => named(one.LoadBalancerArn, one.DNSName));
      return { items, nextToken: answer.NextMarker };
    },
    async classicBalancers(names, marker, abortSignal) {
      const input = { LoadBalancerNames: [...names], Marker: marker };
      const answer = await elb.send(
        new classic.DescribeLoadBalancersCommand(input),
        sendOptions(abortSignal),
      );
      const found = requiredList(answer.LoadBalancerDescriptions, 'LoadBalancerDescriptions');
      const items = found.flatMap((one) => named(one.LoadBalancerName, one.DNSName));
      return { items, nextToken: answer.NextMarker };
    },
    async targets(TargetGroupArn, abortSignal) {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn });
      const answer = await elbv2.send(command, sendOptions(abortSignal));
      const described = requiredList(answer.TargetHealthDescriptions, 'TargetHealthDescriptions');
      return described.map(({ Target: target, TargetHealth: health }) => ({
        id: target?.Id ?? '',
        port: target?.Port,
        state: health?.State ?? '',
        reason: health?.Reason,
      }));
    },
  };
}

/** One without a DNS name, as Gateway Load Balancers are, is as good as left out. */
function named(id: string | undefined, dnsName: string | undefined): readonly LoadBalancer[] {
  return id === undefined || dnsName === undefined || dnsName === '' ? [] : [{ id, dnsName }];
}
