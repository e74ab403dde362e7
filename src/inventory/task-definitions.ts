import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { LimitFunction } from 'p-limit';
import { describeError } from '../aws/aws-error.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import type { EcsApi } from './ecs-api.ts';

/** What the inventory keeps of a container definition. */
type KeptContainer = Pick<ContainerDefinition, 'environment' | 'dockerLabels' | 'portMappings' | 'essential'>;

/** What the inventory keeps of a task definition. */
export interface Definition {
  readonly networkMode: string | undefined;
  readonly containers: ReadonlyMap<string, KeptContainer>;
}

/**
 * Definitions by revision ARN. A revision is immutable, so the cache is right for the life of the
 * process; failures are never kept.
 */
export type DefinitionCache = Map<string, Definition>;

/** Reads the revisions that the cache does not have yet, once each. */
export async function readDefinitions(
  arns: readonly string[],
  ecs: EcsApi,
  cache: DefinitionCache,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<readonly IncompleteScope[]> {
  const missing = [...new Set(arns)].filter((arn) => !cache.has(arn)).toSorted();
  const failures = await Promise.all(
    missing.map((arn) =>
      limit(async (): Promise<IncompleteScope | undefined> => {
        try {
          cache.set(arn, keep(await ecs.describeTaskDefinition(arn, signal)));
          return undefined;
        } catch (error) {
          signal?.throwIfAborted();
          return unreadable(arn, error);
        }
      }),
    ),
  );
  return failures.filter((failure) => failure !== undefined);
}

function keep({ networkMode, containerDefinitions }: TaskDefinition): Definition {
  const containers = (containerDefinitions ?? []).map(
    ({ name, environment, dockerLabels, portMappings, essential }) =>
      [name ?? '', { environment, dockerLabels, portMappings, essential: essential ?? true }] as const,
  );
  return { networkMode, containers: new Map(containers) };
}

function unreadable(arn: string, error: unknown): IncompleteScope {
  return {
    scope: `task-definition/${arn.slice(arn.lastIndexOf('/') + 1)}`,
    operation: 'ecs:DescribeTaskDefinition',
    error: describeError(error),
    hides: 'service-names',
  };
}
