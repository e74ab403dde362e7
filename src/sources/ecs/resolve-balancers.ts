import type { AwsClients } from '../../aws/aws-clients.ts';
import { describeError } from '../../aws/aws-error.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { describeNamed } from './describe-named.ts';
import type { BalancersApi, DescribeById, LoadBalancer } from './elb-api.ts';
import { readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** How many target groups or load balancers one call takes. */
export const BALANCER_BATCH_SIZE = 20;

/** What balances the load of a service, as the service names it: a target group's ARN, or a name. */
export interface BalancerRefs {
  readonly targetGroups: readonly string[];
  readonly classic: readonly string[];
}

/** Where a reference leads: `none` is AWS's own word, `unknown` is a question that AWS did not answer. */
export type Resolved = { readonly kind: 'found'; readonly dnsNames: readonly string[] } | Unresolved;

type Unresolved = { readonly kind: 'none' | 'unknown'; readonly why: string };

/** Says of every reference where it leads. */
export interface Resolution {
  readonly targetGroup: (arn: string) => Resolved;
  readonly classic: (name: string) => Resolved;
  readonly incomplete: readonly IncompleteScope[];
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
export async function resolveBalancers(refs: BalancerRefs, context: Access): Promise<Resolution> {
  let loaded: Promise<BalancersApi> | undefined;
  // Where nothing is to be asked nothing is loaded; where it cannot be loaded, every call fails with why.
  const load = () => {
    loaded ??= context.balancers();
    return loaded;
  };
  const resolveGroups = async () => {
    const groups = await read(
      refs.targetGroups,
      TARGET_GROUPS,
      async () => (await load()).targetGroups,
      context,
    );
    const arns = groups.items.flatMap(({ balancerArns }) => balancerArns);
    const balancers = await read(arns, BALANCERS, async () => (await load()).loadBalancers, context);
    return { groups, balancers };
  };
  const [{ groups, balancers }, classic] = await Promise.all([
    resolveGroups(),
    read(refs.classic, BALANCERS, async () => (await load()).classicBalancers, context),
  ]);
  return {
    targetGroup: (arn) =>
      groups.resolve(arn, ({ balancerArns }) => {
        if (balancerArns.length === 0)
          return { kind: 'none', why: `target group ${arn} belongs to no load balancer` };
        const resolved = balancerArns.map((id) => balancers.resolve(id, dnsNameOf));
        const dnsNames = resolved.flatMap((one) => (one.kind === 'found' ? one.dnsNames : []));
        return resolved.find(({ kind }) => kind !== 'found') ?? { kind: 'found', dnsNames };
      }),
    classic: (name) => classic.resolve(name, dnsNameOf),
    incomplete: [...groups.incomplete, ...balancers.incomplete, ...classic.incomplete],
  };
}

function dnsNameOf({ dnsName }: LoadBalancer): Resolved {
  return { kind: 'found', dnsNames: [dnsName] };
}

async function read<T extends { readonly id: string }>(
  ids: readonly string[],
  { kind, noun, operation }: typeof TARGET_GROUPS | typeof BALANCERS,
  loadDescribe: () => Promise<DescribeById<T>>,
  { balancerLimit, signal }: Access,
) {
  const { items, unknown, faults } = await describeNamed(ids, BALANCER_BATCH_SIZE, (batch) =>
    readPages(async (marker) => {
      const describe = await loadDescribe();
      return balancerLimit(() => describe(batch, marker, signal));
    }, signal),
  );
  const found = new Map(items.map((item) => [item.id, item]));
  const failed = new Map(faults.flatMap(({ names, error }) => names.map((id) => [id, error] as const)));
  return {
    items,
    resolve: (id: string, ofItem: (item: T) => Resolved): Resolved => {
      const item = found.get(id);
      if (item !== undefined) return ofItem(item);
      if (unknown.includes(id)) return { kind: 'none', why: `there is no ${noun} ${id}` };
      const why = failed.has(id)
        ? `could not be read: ${describeError(failed.get(id))}`
        : 'was left out of the answer';
      return { kind: 'unknown', why: `${noun} ${id} ${why}` };
    },
    incomplete: faults.map(({ names, error }) =>
      unreadScope(batchScope(kind, names), operation, error, 'balancers'),
    ),
  };
}

/** The real Elastic Load Balancing. What it needs of the SDK is loaded only now: few runs need it. */
export async function loadBalancersApi(clients: Pick<AwsClients, 'loadBalancing'>): Promise<BalancersApi> {
  const [{ elbApi }, both] = await Promise.all([import('./elb-api.ts'), clients.loadBalancing()]);
  return elbApi(both);
}
