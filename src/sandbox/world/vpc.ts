/** The VPC in which everything is that names none. */
export const DEFAULT_VPC = 'vpc-0a1b2c3d4e5f60718';

/** A VPC as EC2 describes it; ranges in CIDR notation. */
export interface Vpc {
  readonly vpcId: string;
  /** The account that owns it, which need not be the one that asks. */
  readonly ownerId: string;
  readonly cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
}

export type VpcOptions = Pick<Vpc, 'vpcId'> & Partial<Vpc>;
