import type { Cluster } from './cluster.ts';

/**
 * Whose a record set is that this worker made, told by its set identifier alone. The agents' form
 * `HOST:DOCKER_ID` stays that of SRV records and of hosts; these are for what the agents never wrote.
 *
 * | kind    | the set is …                                        | identifier                                |
 * |---------|-----------------------------------------------------|-------------------------------------------|
 * | task    | the address of one task                             | `ecs-dns:REGION/ACCOUNT/CLUSTER/TASK_ID`  |
 * | service | the CNAME of a load-balanced ECS service            | `ecs-dns:REGION/ACCOUNT/CLUSTER`          |
 * | multi-value | all values of a name that has too many for one each | `ecs-dns:many`                            |
 */
export type ManagedIdentifier =
  | { readonly kind: 'task'; readonly cluster: string; readonly taskId: string }
  | { readonly kind: 'service'; readonly cluster: string }
  | { readonly kind: 'multi-value' };

/** What begins so is this worker's alone: no host agent's host name does, and none takes it for its own. */
export const OWN_PREFIX = 'ecs-dns:';
const MANY = `${OWN_PREFIX}many`;
const CLUSTER_KEY = /^[a-z0-9-]+\/\d{12}\/(?:~[0-9a-f]{16}|[A-Za-z0-9_-]{1,54})$/;
const TASK_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** So that the longest identifier stays within the 128 characters that Route 53 takes. */
const MAX_CLUSTER_NAME = 54;

/**
 * A cluster in an identifier: `REGION/ACCOUNT/NAME`, a long name as `~` and a digest of it. `undefined` while
 * the account of the cluster is unknown.
 */
export function clusterPart({ name, region, account }: Cluster): string | undefined {
  if (account === undefined) return undefined;
  return `${region}/${account}/${name.length <= MAX_CLUSTER_NAME ? name : `~${digest(name)}`}`;
}

const FNV_OFFSET = 0xcbf2_9ce4_8422_2325n;
const FNV_PRIME = 0x100_0000_01b3n;

/** The 64-bit FNV-1a hash as 16 hex digits; the names of an account's own clusters are not forged. */
function digest(name: string): string {
  let hash = FNV_OFFSET;
  for (const byte of name) hash = BigInt.asUintN(64, (hash ^ BigInt(byte.charCodeAt(0))) * FNV_PRIME);
  return hash.toString(16).padStart(16, '0');
}

export function formatManagedIdentifier(identifier: ManagedIdentifier): string {
  if (identifier.kind === 'multi-value') return MANY;
  return OWN_PREFIX + identifier.cluster + (identifier.kind === 'task' ? `/${identifier.taskId}` : '');
}

/** Reads an identifier of this worker's; `undefined` for every other form, which is then not one of these. */
export function parseManagedIdentifier(setIdentifier: string | undefined): ManagedIdentifier | undefined {
  if (setIdentifier === MANY) return { kind: 'multi-value' };
  if (!setIdentifier?.startsWith(OWN_PREFIX)) return undefined;
  const rest = setIdentifier.slice(OWN_PREFIX.length);
  if (CLUSTER_KEY.test(rest)) return { kind: 'service', cluster: rest };
  const slash = rest.lastIndexOf('/');
  const [cluster, taskId] = [rest.slice(0, slash), rest.slice(slash + 1)];
  return CLUSTER_KEY.test(cluster) && TASK_ID.test(taskId) ? { kind: 'task', cluster, taskId } : undefined;
}

/** Whether a string is the id of a task, in either of the forms that ECS gives. */
export function isTaskId(text: string): boolean {
  return TASK_ID.test(text);
}

/** The last part of a task's ARN. */
export function taskIdOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}
