import type { ContainerOverride } from '@aws-sdk/client-ecs';
import type { Endpoint, RecordOverrides } from '../../model/inventory.ts';
import type { DefinedContainer } from './definition-cache.ts';
import { CHECK_SETTINGS, RECORD_SETTINGS, readSettings } from './metadata-settings.ts';
import {
  addressNameOf,
  allServiceNames,
  hiddenAddressName,
  mayBeNamedOtherwise,
  nameMetadata,
  portNameOf,
} from './service-names.ts';
import type { ContainerSummary, TaskSummary } from './task-summary.ts';

/** What a container says of itself, in its task definition and in what its task was started with. */
export type SelfDescription = Readonly<ReturnType<typeof describe>>;

/** By the number of ports that are bound; all tasks of a revision that override nothing say the same. */
const descriptions = new WeakMap<DefinedContainer, Map<number, SelfDescription>>();

/** Reads what a container says of itself; `portCount` is the number of container ports that are bound. */
export function selfDescription(
  defined: DefinedContainer | undefined,
  { name, override }: ContainerSummary,
  task: TaskSummary,
  portCount: number,
): SelfDescription {
  const revision = task.definitionArn.slice(task.definitionArn.lastIndexOf('/') + 1);
  const read = () => describe(defined, override, `${revision} ${name}`, portCount);
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
) {
  const names = defined && nameMetadata(defined, override);
  const metadata = names?.metadata;
  const checks = readSettings(metadata, subject, CHECK_SETTINGS);
  const overrides = readSettings(metadata, subject, RECORD_SETTINGS);
  const ports = new Map<number, PortSaid>();
  const readPort = (port: number): PortSaid => ({
    ...(names === undefined ? UNREAD : portNameOf(names, port, portCount)),
    check: checks.of(port),
    overrides: overrides.of(port),
  });
  // A container that has no bindings yet has the ports it is going to have.
  const mappings = defined?.portMappings ?? [];
  const mapped = portCount > 0 ? portCount : mappings.length;
  return {
    serviceNames: metadata === undefined ? ('unknown' as const) : allServiceNames(metadata, mapped),
    mayHaveOtherNames: mappings.some(
      ({ containerPort = 0 }) => names && mayBeNamedOtherwise(portNameOf(names, containerPort, mapped)),
    ),
    addressName: defined && addressNameOf(defined, override),
    hiddenAddressName: defined && hiddenAddressName(defined, override),
    /** Where a name is no container's own, what is asked of its records; by default that of its first port. */
    addressOverrides: undefined as RecordOverrides | undefined,
    notices: [...checks.notices, ...overrides.notices],
    portOf: (containerPort: number) => {
      const known = ports.get(containerPort) ?? readPort(containerPort);
      ports.set(containerPort, known);
      return known;
    },
    /** The ECS service that has started the task, if one did. */
    serviceOf: lastKnown(serviceOf),
  };
}

type PortSaid = Pick<Endpoint, 'serviceName' | 'nameIssue' | 'isNamedByRegistry' | 'check' | 'overrides'>;

const UNREAD = { serviceName: undefined, nameIssue: undefined };

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
