import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { EcsApi } from './ecs-api.ts';
import type { Limit } from './fair-share-limiter.ts';
import { isNameVariable } from './name-variables.ts';
import { unreadScope } from './unread.ts';

/** What the inventory keeps of a container definition. */
export interface DefinedContainer
  extends Pick<ContainerDefinition, 'environment' | 'dockerLabels' | 'portMappings' | 'essential'> {
  /** The names of its secrets, whose values ECS does not tell, as far as they are names in the zone. */
  readonly secretNames?: readonly string[] | undefined;
  /** Whether variables come from files, which ECS does not tell. */
  readonly hasEnvironmentFiles?: boolean | undefined;
  /** Whether ECS checks it by itself. */
  readonly hasHealthCheck?: boolean | undefined;
}

/** What the inventory keeps of a task definition. */
export interface Definition {
  readonly networkMode: string | undefined;
  readonly containers: ReadonlyMap<string, DefinedContainer>;
}

/**
 * Definitions by revision ARN. A revision is immutable, so the cache is right for the life of the
 * process; failures are never kept.
 */
export type DefinitionCache = Map<string, Definition>;

/** Reads revisions while the tasks that have them are still being read. */
export type DefinitionReader = ReturnType<typeof definitionReader>;

/** Reads each revision that the cache does not have yet once, as soon as it is wanted. */
export function definitionReader(
  ecs: EcsApi,
  cache: DefinitionCache,
  limit: Limit,
  signal: AbortSignal | undefined,
) {
  const readings = new Map<string, Promise<IncompleteScope | undefined>>();
  const read = async (arn: string): Promise<IncompleteScope | undefined> => {
    try {
      cache.set(arn, keep(await limit(() => ecs.describeTaskDefinition(arn, signal))));
      return undefined;
    } catch (error) {
      signal?.throwIfAborted();
      const scope = `task-definition/${arn.slice(arn.lastIndexOf('/') + 1)}`;
      return unreadScope(scope, 'ecs:DescribeTaskDefinition', error, 'service-names');
    }
  };
  return {
    /** Reads the revision unless the cache has it, or it was asked for before. */
    want: (arn: string) => {
      if (cache.has(arn) || readings.has(arn)) return;
      const reading = read(arn);
      // An abort is thrown where it is waited for.
      reading.catch(() => {});
      readings.set(arn, reading);
    },
    /** Resolves when all that was wanted is in the cache or was in vain; rejects when the signal aborts. */
    settled: async () => {
      const inOrder = [...readings].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const failures = await Promise.all(inOrder.map(([, reading]) => reading));
      return failures.filter((failure) => failure !== undefined);
    },
  };
}

/** An answer that names no containers is none: every revision has at least one. */
function keep({ networkMode, containerDefinitions = [] }: TaskDefinition): Definition {
  const isAnswer = containerDefinitions.length > 0 && containerDefinitions.every(({ name }) => name);
  if (!isAnswer) throw new Error('the answer does not say which containers it defines');
  const containers = containerDefinitions.map(
    (defined) => [String(defined.name), keepContainer(defined)] as const,
  );
  return { networkMode, containers: new Map(containers) };
}

function keepContainer(defined: ContainerDefinition): DefinedContainer {
  const { environment, dockerLabels, portMappings, essential, healthCheck } = defined;
  const { secrets = [], environmentFiles = [] } = defined;
  return {
    environment,
    dockerLabels,
    portMappings,
    essential: essential ?? true,
    secretNames: secrets.flatMap(({ name = '' }) => (isNameVariable(name) ? [name] : [])),
    hasEnvironmentFiles: environmentFiles.length > 0,
    // A check that says NONE takes that of the image away.
    hasHealthCheck: healthCheck !== undefined && healthCheck.command?.[0] !== 'NONE',
  };
}
