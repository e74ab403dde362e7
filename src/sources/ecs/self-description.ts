import type { ContainerOverride } from '@aws-sdk/client-ecs';
import type { Container, Endpoint, Notice } from '../../model/inventory.ts';
import type { DefinedContainer } from './definition-cache.ts';
import { checkSettings, recordSettings } from './metadata-settings.ts';
import { addressNameOf, allServiceNames, serviceMetadata, serviceNameOf } from './service-names.ts';
import type { ContainerSummary, TaskSummary } from './task-summary.ts';

/** What a container says of itself, in its task definition and in what its task was started with. */
export interface SelfDescription {
  readonly serviceNames: Container['serviceNames'];
  readonly notices: readonly Notice[];
  readonly addressName: Container['addressName'];
  portOf(containerPort: number): Pick<Endpoint, 'serviceName' | 'check' | 'overrides'>;
  /** The ECS service that has started the task, if one did. */
  serviceOf(task: TaskSummary): string | undefined;
}

/** By the number of ports that are bound; all tasks of a revision that override nothing say the same. */
const descriptions = new WeakMap<DefinedContainer, Map<number, SelfDescription>>();

/** Reads what a container says of itself; `portCount` is the number of container ports that are bound. */
export function selfDescription(
  defined: DefinedContainer | undefined,
  { name, override }: ContainerSummary,
  task: TaskSummary,
  portCount: number,
): SelfDescription {
  const read = () => describe(defined, override, `${definitionName(task)} ${name}`, portCount);
  if (defined === undefined || override !== undefined) return read();
  const known = descriptions.get(defined) ?? new Map<number, SelfDescription>();
  descriptions.set(defined, known);
  const description = known.get(portCount) ?? read();
  known.set(portCount, description);
  return description;
}

function describe(
  defined: DefinedContainer | undefined,
  override: ContainerOverride | undefined,
  subject: string,
  portCount: number,
): SelfDescription {
  const metadata = defined === undefined ? undefined : serviceMetadata(defined, override);
  const checks = checkSettings(metadata, subject);
  const overrides = recordSettings(metadata, subject);
  const ports = new Map<number, Pick<Endpoint, 'serviceName' | 'check' | 'overrides'>>();
  const readPort = (port: number) => ({
    serviceName: metadata === undefined ? undefined : serviceNameOf(metadata, port, portCount),
    check: checks.of(port),
    overrides: overrides.of(port),
  });
  return {
    serviceNames:
      metadata === undefined ? 'unknown' : allServiceNames(metadata, mappedPorts(defined, portCount)),
    addressName: defined === undefined ? undefined : addressNameOf(defined, override),
    notices: [...checks.notices, ...overrides.notices],
    portOf: (port) => {
      const known = ports.get(port) ?? readPort(port);
      ports.set(port, known);
      return known;
    },
    serviceOf: lastKnown(serviceOf),
  };
}

/** The same result for the same group, so that thousands of tasks share one string. */
function lastKnown(read: (group: string) => string | undefined): (task: TaskSummary) => string | undefined {
  let [lastGroup, lastService]: (string | undefined)[] = [];
  return ({ group }) => {
    if (group === undefined) return undefined;
    if (group !== lastGroup) [lastGroup, lastService] = [group, read(group)];
    return lastService;
  };
}

const SERVICE_GROUP = 'service:';

/** The ECS service that has started a task, if one did: such tasks are in a group named after it. */
export function serviceOf(group: string): string | undefined {
  return group.startsWith(SERVICE_GROUP) ? group.slice(SERVICE_GROUP.length) : undefined;
}

function definitionName({ definitionArn }: TaskSummary): string {
  return definitionArn.slice(definitionArn.lastIndexOf('/') + 1);
}

/** A container that has no bindings yet has the ports it is going to have. */
function mappedPorts(defined: DefinedContainer | undefined, bound: number): number {
  return bound > 0 ? bound : (defined?.portMappings ?? []).length;
}
