import type { AwsClients } from '../aws/aws-clients.ts';
import type { Settings } from '../config/settings.ts';
import { requestNameOf } from '../model/cluster.ts';
import type { Inventory } from '../model/inventory.ts';
import { RunError } from '../model/run-error.ts';
import type { Ec2Api } from '../sources/ecs/ec2-api.ts';
import type { EcsApi } from '../sources/ecs/ecs-api.ts';
import { createInventory } from '../sources/ecs/take-inventory.ts';
import { servicesOf } from './aws-services.ts';
import type { CallRecord } from './call-record.ts';
import { isOutOfReach } from './examine-calls.ts';
import { fail, failWith, ok, type Result, skip } from './finding.ts';
import { type ClusterTallies, sampledEc2, sampledEcs, type Tally } from './sampled-apis.ts';

/** What the clusters look like, and the endpoints of the few tasks that were looked at. */
export interface ClusterExamination extends Pick<Inventory, 'endpoints' | 'incomplete' | 'notices'> {
  readonly result: Result;
}

/** What an inventory is taken of, all of it on record. */
export interface Sources {
  readonly ecs: EcsApi;
  readonly ec2: Ec2Api;
  readonly clients: Pick<AwsClients, 'loadBalancing'>;
  readonly region: string;
  readonly record: CallRecord;
  /** The actions that the settings need: no other call is made. */
  readonly needed: ReadonlySet<string>;
}

/** Takes a small inventory with the code that takes the real one, so that the same calls are made. */
export async function examineClusters(
  settings: Settings,
  { ecs, ec2, clients, region, record, needed }: Sources,
  signal: AbortSignal,
): Promise<ClusterExamination> {
  const tallies: ClusterTallies = { tasks: new Map(), instances: new Map() };
  const apis = { ecs: sampledEcs(ecs, record, tallies), ec2: sampledEc2(ec2, record) };
  const rest = { ...apis, clients, record, needed };
  const { clusters } = settings;
  const port = createInventory({ ...apis, region, clusters, definitions: new Map() });
  try {
    const inventory = await port.take(() => {}, signal);
    await Promise.all([
      needed.has('ecs:ListServices') &&
        port.readBalancedServices({ clusters: inventory.clusters, isOfInterest: NONE }, signal),
      askTheRest(inventory.clusters, rest, signal),
    ]);
    return { ...inventory, result: describeClusters(inventory, tallies, record) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError)) throw error;
    await askTheRest([], rest, signal);
    return {
      result: failWith(error.message.replace(/^clusters: /, '')),
      endpoints: [],
      incomplete: [],
      notices: [],
    };
  }
}

/** Lists services, and describes none of them. */
const NONE = () => false;

/** Ids and names that do not exist: the filters of EC2 and ECS answer them with nothing, and that is enough. */
const NO_INSTANCE = 'i-00000000000000000';
const NO_HOST = 'ecs-dns-doctor.invalid';
const NO_SERVICE = 'ecs-dns-doctor';

/** Some calls a run only makes when something is wrong; they are tried all the same. */
async function askTheRest(
  clusters: Inventory['clusters'],
  { ecs, ec2, clients, record, needed }: Omit<Sources, 'region'>,
  signal: AbortSignal,
): Promise<void> {
  const [cluster] = needed.has('ecs:DescribeServices') ? clusters : [];
  const isEc2Silent = record.errorsOf('ec2').some(isOutOfReach);
  const hasInstances = record.answersOf('ec2:DescribeInstances') !== undefined;
  // What they fail with is on record, under their own operations.
  await Promise.allSettled([
    ...(hasInstances ? [] : [ec2.describeInstances('instance-id', [NO_INSTANCE], undefined, signal)]),
    ...(isEc2Silent ? [] : [ec2.interfaceNames([NO_HOST], undefined, signal)]),
    ...(cluster === undefined ? [] : [ecs.describeServices(requestNameOf(cluster), [NO_SERVICE], signal)]),
    ...(servicesOf(needed).includes('elasticloadbalancing')
      ? [askBalancers({ clients, record }, signal)]
      : []),
  ]);
  signal.throwIfAborted();
}

/** What it needs of the SDK is loaded only where it is needed. */
async function askBalancers(
  { clients, record }: Pick<Sources, 'clients' | 'record'>,
  signal: AbortSignal,
): Promise<void> {
  const [{ sampleBalancers }, both] = await Promise.all([
    import('./sample-balancers.ts'),
    clients.loadBalancing(),
  ]);
  await sampleBalancers(both, record, signal);
}

const MAX_NAMED = 20;

function describeClusters(
  { clusters, region }: Inventory,
  { tasks, instances }: ClusterTallies,
  record: CallRecord,
): Result {
  if (clusters.length === 0) {
    const listed = record.answersOf('ecs:ListClusters');
    return listed?.errors.length
      ? skip('the call that lists them fails')
      : fail(
          `ECS has no cluster in ${region}`,
          'check the region and the account: with nothing running, every stale removal is held back',
        );
  }
  const parts = clusters.map(
    ({ name }) => `${name} (${amount(tasks.get(name), 'task')}, ${amount(instances.get(name), 'instance')})`,
  );
  const more = parts.length > MAX_NAMED ? `, and ${parts.length - MAX_NAMED} more` : '';
  return ok(`${parts.length}: ${parts.slice(0, MAX_NAMED).join(', ')}${more}`);
}

function amount(tally: Tally | undefined, what: string): string {
  if (tally === undefined) return `unknown ${what}s`;
  const { count, hasMore } = tally;
  return `${hasMore ? 'more than ' : ''}${count} ${what}${count === 1 ? '' : 's'}`;
}
