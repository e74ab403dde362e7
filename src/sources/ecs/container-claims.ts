import { claimedNames } from './claimed-names.ts';
import { mappedPorts } from './container-ports.ts';
import type { Definition } from './definition-cache.ts';
import type { NameClaim, TaskNames } from './name-claims.ts';
import type { SelfDescription } from './self-description.ts';
import type { ContainerSummary, TaskSummary } from './task-summary.ts';

/** What a container of a task is called, by its metadata and by the claims that are for it. */
export type ClaimContainer = (container: string, said: SelfDescription) => SelfDescription;

/** All tasks of a deployment say the same, as long as their metadata do. */
const known = new WeakMap<SelfDescription, Map<TaskNames, SelfDescription>>();

/**
 * Deals the claims on a task out to its containers.
 *
 * | the claim is for      | it goes to                                                                     |
 * |-----------------------|--------------------------------------------------------------------------------|
 * | a container, by name  | that one                                                                       |
 * | a port                | the first that has it; where none does, the leading one, which is told of then |
 * | a port not known      | each that has ports                                                            |
 * | the address           | the leading one: the first that has ports, or else the first essential one     |
 */
export function claimsFor(
  names: TaskNames,
  { containers, definitionArn }: Pick<TaskSummary, 'containers' | 'definitionArn'>,
  definition: Definition | undefined,
): ClaimContainer {
  const members = inOrder(containers, definition);
  const lead =
    members.find(({ ports }) => ports.length > 0) ?? members.find(({ essential }) => essential) ?? members[0];
  const ownerOf = ({ container, port }: NameClaim): string | undefined =>
    container ?? (members.find(({ ports }) => port !== undefined && ports.includes(port)) ?? lead)?.name;
  const isFor = (claim: NameClaim, { name, ports }: Member) =>
    claim.kind === 'port' && claim.port === undefined ? ports.length > 0 : ownerOf(claim) === name;
  const revision = definitionArn.slice(definitionArn.lastIndexOf('/') + 1);
  const read = (name: string, said: SelfDescription): SelfDescription => {
    const member = members.find((one) => one.name === name);
    const claims = member === undefined ? [] : names.claims.filter((claim) => isFor(claim, member));
    const isLead = member !== undefined && (member.ports.length > 0 || member === lead);
    const ports = member?.ports ?? [];
    const isOpen = names.isOpen && isLead;
    return claimedNames(names, { said, ports, claims, isOpen, subject: `${revision} ${name}` });
  };
  return (name, said) => {
    const byNames = known.get(said) ?? new Map<TaskNames, SelfDescription>();
    const found = byNames.get(names) ?? read(name, said);
    known.set(said, byNames.set(names, found));
    return found;
  };
}

interface Member {
  readonly name: string;
  readonly ports: readonly number[];
  readonly essential: boolean;
}

/** In the order of the definition, which is the same for all tasks; what AWS puts into a task bears no name. */
function inOrder(
  containers: readonly ContainerSummary[],
  definition: Definition | undefined,
): readonly Member[] {
  if (definition === undefined) {
    return containers.map(({ name, bound }) => ({ name, ports: portsIn(bound), essential: false }));
  }
  return [...definition.containers].flatMap(([name, { portMappings = [], essential = false }]) => {
    const there = containers.find((one) => one.name === name);
    if (there === undefined) return [];
    return { name, ports: portsIn([...there.bound, ...mappedPorts(portMappings)]), essential };
  });
}

function portsIn(ports: readonly { readonly containerPort: number }[]): readonly number[] {
  return [...new Set(ports.map(({ containerPort }) => containerPort))];
}
