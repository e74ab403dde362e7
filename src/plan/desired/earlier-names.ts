import { type Container, type Endpoint, type Inventory, isScope } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { Withheld } from '../../model/registration.ts';
import { containerKey, parseSetIdentifier } from '../../model/set-identifier.ts';
import { addressOwner, isNameOfTask } from '../match/managed-addresses.ts';
import { containerOf, type Matched } from '../match/match-kinds.ts';

type Obstacle = Pick<Withheld, 'reason'> & { readonly detail: string };

interface EarlierInput {
  readonly matched: readonly Matched[];
  readonly inventory: Inventory;
  /** Normalised. */
  readonly zoneName: string;
}

/** What speaks against a name that the registries of an ECS service give to a task of an earlier deployment. */
export interface EarlierNames {
  readonly ofPort: (endpoint: Endpoint, name: string) => Obstacle | undefined;
  readonly ofAddress: (container: Container, name: string) => Obstacle | undefined;
}

/**
 * ECS tells the registries of the last deployment alone. What is registered of an earlier one's task bears the name that the
 * task was started with: as long as another name has a set that identifies it, that of the last deployment is not its own.
 * Most runs have no such task, and look for nothing. A run of a scope does not read all names, and leaves it to one that does.
 */
export function earlierNames(input: EarlierInput): EarlierNames {
  let known: ReturnType<typeof registeredNames> | undefined;
  const names = () => {
    known ??= registeredNames(input.matched);
    return known;
  };
  const isPart = isScope(input.inventory);
  const isOfSidecar = (name: string, { taskArn }: Container) =>
    input.inventory.containers.some(
      (one) => one.taskArn === taskArn && `${one.addressName}.${input.zoneName}` === name,
    );
  return {
    ofPort: (endpoint, name) => {
      if (endpoint.nameIssue !== 'registries') return undefined;
      return isPart ? UNSEEN : obstacleOf(names().ports.get(endpoint), name);
    },
    ofAddress: (container, name) => {
      if (container.serviceNames !== 'unknown') return undefined;
      if (isPart) return UNSEEN;
      const others = names().addresses.get(container.taskArn);
      return obstacleOf(
        others.filter((one) => !isOfSidecar(one, container)),
        name,
      );
    },
  };
}

const UNSEEN: Obstacle = {
  reason: 'out-of-scope',
  detail:
    'an earlier deployment has started its task, and this run does not read all that may be registered of it',
};

function registeredNames(matched: readonly Matched[]) {
  const ports = new Multimap<Endpoint, string>();
  const addresses = new Multimap<string, string>();
  for (const { entry, match } of matched) {
    const owner = addressOwner(entry.recordSet);
    const container = containerOf(match);
    if (owner?.kind === 'task' && container !== undefined && !isNameOfTask(entry.name, owner))
      addresses.add(container.taskArn, entry.name);
    if (match.kind === 'endpoint' && isIdentified(entry.recordSet.SetIdentifier, match.endpoint.container))
      ports.add(match.endpoint, entry.name);
  }
  return { ports, addresses };
}

/** Whether a set of a port bears the id of a container. */
function isIdentified(identifier: string | undefined, { id }: Container): boolean {
  const owner = parseSetIdentifier(identifier);
  return owner !== undefined && id !== undefined && containerKey(owner.containerId) === containerKey(id);
}

function obstacleOf(names: readonly string[], name: string): Obstacle | undefined {
  const other = names.find((one) => one !== name);
  if (other === undefined) return undefined;
  const detail = `an earlier deployment has started its task, which is registered as ${other}`;
  return { reason: 'registry-unknown', detail };
}
