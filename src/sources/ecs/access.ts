import type { LimitFunction } from 'p-limit';
import type { CloudMapApi } from './cloud-map-api.ts';
import type { DefinitionCache } from './definition-cache.ts';
import type { Ec2Api } from './ec2-api.ts';
import type { EcsApi } from './ecs-api.ts';
import type { BalancersApi } from './elb-api.ts';
import type { NamesOf } from './name-claims.ts';

/** What a reading is taken with: the services, and what bounds the requests under way to each. */
export interface Access {
  readonly ecs: EcsApi;
  readonly ec2: Ec2Api;
  readonly balancers: () => Promise<BalancersApi>;
  readonly cloudMap: () => Promise<CloudMapApi>;
  readonly definitions: DefinitionCache;
  /** What names tasks, by the last reading of the registries of their services. */
  readonly namesOf: NamesOf;
  readonly ecsLimit: LimitFunction;
  readonly ec2Limit: LimitFunction;
  readonly balancerLimit: LimitFunction;
  readonly cloudMapLimit: LimitFunction;
  readonly signal: AbortSignal | undefined;
}

/** What asking EC2 needs. */
export type Ec2Access = Pick<Access, 'ec2' | 'ec2Limit' | 'signal'>;
