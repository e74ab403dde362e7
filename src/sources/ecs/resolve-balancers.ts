import type { LimitFunction } from 'p-limit';
import { describeError } from '../../aws/aws-error.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import { BALANCER_BATCH_SIZE, type BalancersApi, type DescribeById } from './balancers-api.ts';
import { describeNamed } from './describe-named.ts';
import { readPages } from './read-pages.ts';
import { batchScope } from './unread.ts';

/** What balances the load of a service, as the service names it: a target group's ARN, or a name. */
export interface BalancerRefs {
  readonly targetGroups: readonly string[];
  readonly classic: readonly string[];
}

/**
 * Where a reference leads.
 *
 * | kind    | meaning                                                               |
 * |---------|-----------------------------------------------------------------------|
 * | found   | to load balancers of these DNS names                                  |
 * | none    | to none: AWS does not know it, or nothing sends to the target group   |
 * | unknown | AWS could not be asked, or did not answer                             |
 */
export type Resolved = { readonly kind: 'found'; readonly dnsNames: readonly string[] } | Unresolved;

type Unresolved = { readonly kind: 'none' | 'unknown'; readonly why: string };

/** Says of every reference where it leads. */
export interface Resolution {
  readonly targetGroup: (arn: string) => Resolved;
  readonly classic: (name: string) => Resolved;
  readonly incomplete: readonly IncompleteScope[];
}

/** What resolving needs. */
export interface ResolveContext {
  readonly balancers: () => Promise<BalancersApi>;
  readonly balancerLimit: LimitFunction;
  readonly signal: AbortSignal | undefined;
}

const TARGET_GROUPS = {
  kind: 'target-groups',
  noun: 'target group',
  operation: 'elasticloadbalancing:DescribeTargetGroups',
} as const;
const BALANCERS = {
  kind: 'load-balancers',
  noun: 'load balancer',
  operation: 'elasticloadbalancing:DescribeLoadBalancers',
} as const;

/** Finds the DNS names of all load balancers in full batches; what could not be read is told, never thrown. */
export async function resolveBalancers(refs: BalancerRefs, context: ResolveContext): Promise<Resolution> {
  const api = await loadApi(refs, context);
  const [{ groups, balancers }, classic] = await Promise.all([
    resolveGroups(refs.targetGroups, api, context),
    read(refs.classic, BALANCERS, api.classicBalancers, ({ id }) => id, context),
  ]);
  return {
    targetGroup: (arn) => ofGroup(arn, groups, balancers),
    classic: (name) => ofBalancer(name, classic),
    incomplete: [...groups.incomplete, ...balancers.incomplete, ...classic.incomplete],
  };
}

/** Where it cannot be loaded, every call fails with what it failed with. Nothing to ask loads nothing. */
async function loadApi(
  { targetGroups, classic }: BalancerRefs,
  { balancers, signal }: ResolveContext,
): Promise<BalancersApi> {
  try {
    if (targetGroups.length + classic.length > 0) return await balancers();
    return failing(new Error('nothing was to be asked'));
  } catch (error) {
    signal?.throwIfAborted();
    return failing(error);
  }
}

function failing(error: unknown): BalancersApi {
  const fail = () => Promise.reject(error);
  return { targetGroups: fail, loadBalancers: fail, classicBalancers: fail };
}

async function resolveGroups(arns: readonly string[], api: BalancersApi, context: ResolveContext) {
  const groups = await read(arns, TARGET_GROUPS, api.targetGroups, ({ arn }) => arn, context);
  const balancerArns = [...groups.found.values()].flatMap((group) => group.balancerArns);
  const balancers = await read(balancerArns, BALANCERS, api.loadBalancers, ({ id }) => id, context);
  return { groups, balancers };
}

interface Answers<T> {
  readonly found: ReadonlyMap<string, T>;
  /** Why one that was asked for is not found. */
  readonly missing: (id: string) => Unresolved;
  readonly incomplete: readonly IncompleteScope[];
}

async function read<T>(
  ids: readonly string[],
  { kind, noun, operation }: typeof TARGET_GROUPS | typeof BALANCERS,
  describe: DescribeById<T>,
  idOf: (item: T) => string,
  { balancerLimit, signal }: ResolveContext,
): Promise<Answers<T>> {
  const describeBatch = (batch: readonly string[]) =>
    readPages((marker) => balancerLimit(() => describe(batch, marker, signal)), signal);
  const { items, unknown, faults } = await describeNamed(ids, BALANCER_BATCH_SIZE, describeBatch);
  const absent = new Set(unknown);
  const failed = new Map(faults.flatMap(({ names, error }) => names.map((id) => [id, error] as const)));
  const missing = (id: string): Unresolved => {
    if (absent.has(id)) return { kind: 'none', why: `there is no ${noun} ${id}` };
    const why = failed.has(id)
      ? `${noun} ${id} could not be read: ${describeError(failed.get(id))}`
      : `${noun} ${id} was left out of the answer`;
    return { kind: 'unknown', why };
  };
  return {
    found: new Map(items.map((item) => [idOf(item), item])),
    missing,
    incomplete: faults.map(({ names, error }) => ({
      scope: batchScope(kind, names),
      operation,
      error: describeError(error),
      hides: 'balancers',
    })),
  };
}

interface WithDnsName {
  readonly dnsName: string;
}

function ofGroup(
  arn: string,
  groups: Answers<{ readonly balancerArns: readonly string[] }>,
  balancers: Answers<WithDnsName>,
): Resolved {
  const group = groups.found.get(arn);
  if (group === undefined) return groups.missing(arn);
  if (group.balancerArns.length === 0)
    return { kind: 'none', why: `target group ${arn} belongs to no load balancer` };
  const resolved = group.balancerArns.map((id) => ofBalancer(id, balancers));
  const dnsNames = resolved.flatMap((one) => (one.kind === 'found' ? one.dnsNames : []));
  return resolved.find(({ kind }) => kind !== 'found') ?? { kind: 'found', dnsNames };
}

function ofBalancer(id: string, balancers: Answers<WithDnsName>): Resolved {
  const found = balancers.found.get(id);
  return found === undefined ? balancers.missing(id) : { kind: 'found', dnsNames: [found.dnsName] };
}
