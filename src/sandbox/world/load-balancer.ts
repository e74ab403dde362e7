import type { Random } from './random.ts';

export type LoadBalancerKind = 'application' | 'network' | 'classic';

export interface LoadBalancerOptions {
  readonly kind: LoadBalancerKind;
  /** At most 32 letters, digits and hyphens; one that is free by default. */
  readonly name?: string;
  readonly scheme?: 'internal' | 'internet-facing';
  /** As AWS would make it up by default. */
  readonly dnsName?: string;
  /** What its DNS name leads to; nothing by default. */
  readonly addresses?: readonly string[];
}

/** A load balancer of either generation; mutable, like the whole world. */
export interface LoadBalancer {
  /** Its ARN; the name of a Classic one, which has none. */
  readonly id: string;
  readonly kind: LoadBalancerKind;
  readonly name: string;
  scheme: 'internal' | 'internet-facing';
  dnsName: string;
  /** What its DNS name leads to. */
  addresses: readonly string[];
}

/** A target and how its health checks find it; states and reasons are AWS's own codes. */
export interface Target {
  /** Of an instance, or its address. */
  readonly id: string;
  readonly port: number;
  state: string;
  reason?: string;
}

export interface TargetGroup {
  readonly targetGroupArn: string;
  readonly targetGroupName: string;
  loadBalancerArns: string[];
  /** Those that are registered. */
  targets: Target[];
}

/** The world's part in making one. */
export interface BalancerContext {
  readonly random: Random;
  readonly region: string;
  readonly account: string;
}

/** A load balancer with a DNS name in the form of its kind. */
export function newLoadBalancer(context: BalancerContext, options: LoadBalancerOptions): LoadBalancer {
  const { kind, scheme = 'internal' } = options;
  const name = options.name ?? `lb-${context.random.hex(8)}`;
  return {
    id: kind === 'classic' ? name : balancerArn(context, kind, name),
    kind,
    name,
    scheme,
    dnsName:
      options.dnsName ?? dnsNameOf(context, kind, scheme === 'internal' ? `internal-${name}` : name, name),
    addresses: options.addresses ?? [],
  };
}

function balancerArn(context: BalancerContext, kind: 'application' | 'network', name: string): string {
  const type = kind === 'application' ? 'app' : 'net';
  return elbArn(context, `loadbalancer/${type}/${name}/${context.random.hex(16)}`);
}

function dnsNameOf(
  { random, region }: BalancerContext,
  kind: LoadBalancerKind,
  label: string,
  name: string,
): string {
  return kind === 'network'
    ? `${name}-${random.hex(16)}.elb.${region}.amazonaws.com`
    : `${label}-${random.decimal(10)}.${region}.elb.amazonaws.com`;
}

/** A target group behind one load balancer, or behind none yet. */
export function newTargetGroup(context: BalancerContext, balancer: LoadBalancer | undefined): TargetGroup {
  const targetGroupName = `tg-${context.random.hex(8)}`;
  return {
    targetGroupArn: elbArn(context, `targetgroup/${targetGroupName}/${context.random.hex(16)}`),
    targetGroupName,
    loadBalancerArns: balancer === undefined ? [] : [balancer.id],
    targets: [],
  };
}

function elbArn({ region, account }: BalancerContext, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;
}
