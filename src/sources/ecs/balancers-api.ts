import type { Page } from './read-pages.ts';

/** How many target groups or load balancers one call takes. */
export const BALANCER_BATCH_SIZE = 20;

/** A target group, and the load balancers that send to it. */
export interface TargetGroup {
  readonly arn: string;
  readonly balancerArns: readonly string[];
}

/** A load balancer by its ARN, or by its name if it is a Classic one. */
export interface LoadBalancer {
  readonly id: string;
  readonly dnsName: string;
}

/** One request for what has the given ids; the marker leads to the next page. */
export type DescribeById<T> = (
  ids: readonly string[],
  marker: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<Page<T>>;

/**
 * What the inventory needs of Elastic Load Balancing: one request a call, at most `BALANCER_BATCH_SIZE`
 * ids each. One that is unknown fails the whole call.
 */
export interface BalancersApi {
  readonly targetGroups: DescribeById<TargetGroup>;
  /** Application and Network Load Balancers, by ARN. */
  readonly loadBalancers: DescribeById<LoadBalancer>;
  /** Classic Load Balancers, by name. */
  readonly classicBalancers: DescribeById<LoadBalancer>;
}
