import { isLabelAgentSet } from '../../model/agent-form.ts';
import { firstLabel, normalizeName } from '../../model/dns-name.ts';
import { type ManagedIdentifier, parseManagedIdentifier } from '../../model/managed-identifier.ts';
import { instanceInName } from '../../model/private-dns-name.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';

/** What an address set is about that this worker has made, or the label agent for a name. */
export type AddressOwner = Extract<ManagedIdentifier, { kind: 'task' | 'multi-value' }> | LabelAgent;
type LabelAgent = { readonly kind: 'label-agent' };
/** A task by its identifier in the zone. */
export type TaskOwner = Extract<ManagedIdentifier, { kind: 'task' }>;

/** Whether a type is one of addresses. */
export function isAddressType(type: string): boolean {
  return type === 'A' || type === 'AAAA';
}

/** Whether a set is answered along with others of its name, in one of the two ways in which this worker writes. */
export function isShared(set: RecordSet): boolean {
  return set.Weight !== undefined || set.MultiValueAnswer === true;
}

/**
 * Whose addresses an A or AAAA set of this worker's, or of the label agent, holds; `undefined` for every other set. One
 * of a task has one value: with more of them, another tool has written it.
 */
export function addressOwner(set: RecordSet): AddressOwner | undefined {
  if (!isAddressType(set.Type) || !isShared(set)) return undefined;
  const own = parseManagedIdentifier(set.SetIdentifier);
  if (own?.kind === 'multi-value') return own;
  if (isLabelAgentSet(set) && !isMachineName(normalizeName(set.Name))) return { kind: 'label-agent' };
  return own?.kind === 'task' && valuesOf(set).length === 1 ? own : undefined;
}

/** Whether a name is one under which agents write the address of a host: they name it after its address, or its id. */
export function isMachineName(name: string): boolean {
  return firstLabel(name).startsWith('ip-') || instanceInName(name) !== undefined;
}

/** Whether a name (normalised) is the one that a task's own address has for the SRV sets that point at it. */
export function isNameOfTask(name: string, { taskId }: Pick<TaskOwner, 'taskId'>): boolean {
  return firstLabel(name) === taskId;
}

/** Tells the one task whose address a name of the zone is, where all address sets of the name say so. */
export type TaskBehind = (name: string) => TaskOwner | undefined;

/** Collects the names of tasks in a zone; names are normalised. */
export function tasksBehind(recordSets: readonly RecordSet[]): TaskBehind {
  const owners = new Map<string, TaskOwner>();
  const disputed = new Set<string>();
  for (const set of recordSets) {
    if (!isAddressType(set.Type)) continue;
    const name = normalizeName(set.Name);
    const owner = addressOwner(set);
    const isTasks = owner?.kind === 'task' && isNameOfTask(name, owner);
    const known = owners.get(name);
    if (!isTasks || (known !== undefined && known.cluster !== owner.cluster)) disputed.add(name);
    else owners.set(name, owner);
  }
  return (name) => (disputed.has(name) ? undefined : owners.get(name));
}
