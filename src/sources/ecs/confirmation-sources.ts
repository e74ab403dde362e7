import type { LimitFunction } from 'p-limit';
import type { DefinitionCache } from './definition-cache.ts';
import type { Ec2Api } from './ec2-api.ts';
import type { EcsApi } from './ecs-api.ts';

/** What the confirmation is taken with. */
export interface ConfirmationSources {
  readonly ecs: EcsApi;
  readonly ec2: Ec2Api;
  readonly definitions: DefinitionCache;
  readonly ecsLimit: LimitFunction;
  readonly ec2Limit: LimitFunction;
  readonly signal: AbortSignal | undefined;
}
