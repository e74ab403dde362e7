import type { AwsClients } from '../aws/aws-clients.ts';
import { sendOptions } from '../aws/send-options.ts';
import type { Settings } from '../config/settings.ts';
import { requestNameOf } from '../model/cluster.ts';
import type { Inventory } from '../model/inventory.ts';
import { RunError } from '../model/run-error.ts';
import type { CloudMapApi } from '../sources/ecs/cloud-map-api.ts';
import { loadCloudMap } from '../sources/ecs/cloud-map-directory.ts';
import { ec2Api } from '../sources/ecs/ec2-api.ts';
import { ecsApi } from '../sources/ecs/ecs-api.ts';
import { createInventory } from '../sources/ecs/take-inventory.ts';
import type { CallRecord } from './call-record.ts';
import { isOutOfReach } from './examine-calls.ts';
import { fail, failWith, ok, type Result, skip } from './finding.ts';
import { recordedCloudMap, sampledEc2, sampledEcs, type Tally } from './sampled-apis.ts';

interface ClusterExamination extends Pick<Inventory, 'endpoints' | 'incomplete' | 'notices'> {
  readonly result: Result;
}

interface Sources {
  readonly clients: Pick<AwsClients, 'ecs' | 'ec2' | 'loadBalancing' | 'cloudMap'>;
  readonly region: string;
  readonly record: CallRecord;
  /** The actions that the settings need: no other call is made. */
  readonly needed: readonly string[];
}

/** Takes a small inventory with the code that takes the real one, so that the same calls are made. */
export async function examineClusters(
  { clusters, names, namespace, records }: Settings,
  sources: Sources,
  signal: AbortSignal,
): Promise<ClusterExamination> {
  const { clients, region, record, needed } = sources;
  const [tasks, instances] = [new Map<string, Tally>(), new Map<string, Tally>()];
  const ecs = sampledEcs(ecsApi(clients.ecs), record, tasks, instances);
  const ec2 = sampledEc2(ec2Api(clients.ec2), record);
  const cloudMap = async () => recordedCloudMap(await loadCloudMap(clients), record);
  const port = createInventory({
    ecs,
    ec2,
    region,
    clusters,
    definitions: new Map(),
    cloudMap,
    names: { order: names, namespace, ipv6: records.ipv6 },
  });
  /** Some calls a run only makes when something is wrong; they are tried all the same. */
  const askTheRest = async (found: Inventory['clusters']) => {
    const [cluster] = needed.includes('ecs:DescribeServices') ? found : [];
    const isEc2Silent = record.answersOf('ec2').errors.some(isOutOfReach);
    const hasInstances = record.answersOf('ec2:DescribeInstances').calls > 0;
    // What they fail with is on record, under their own operations.
    await Promise.allSettled([
      hasInstances || ec2.describeInstances('instance-id', [NO_INSTANCE], undefined, signal),
      isEc2Silent || ec2.interfaceNames([NO_HOST], undefined, signal),
      isEc2Silent || ec2.describeVpcs('vpc-id', [NO_VPC], undefined, signal),
      cluster && ecs.describeServices(requestNameOf(cluster), [NO_SERVICE], signal),
      needed.includes('elasticloadbalancing:DescribeLoadBalancers') && sampleBalancers(sources, signal),
      needed.includes(LIST_SERVICES) && askCloudMap(await cloudMap(), record, signal),
      needed.includes(TARGET_HEALTH) && sampleTargets(found[0]?.arn, sources, signal),
    ]);
    signal.throwIfAborted();
  };
  try {
    const inventory = await port.take(() => {}, signal);
    await Promise.all([
      // Lists services, and describes none of them.
      needed.includes('ecs:ListServices') &&
        port.readBalancedServices({ clusters: inventory.clusters, isOfInterest: () => false }, signal),
      askTheRest(inventory.clusters),
    ]);
    const parts = inventory.clusters.map(
      ({ name }) =>
        `${name} (${amount(tasks.get(name), 'task')}, ${amount(instances.get(name), 'instance')})`,
    );
    return { ...inventory, result: clustersResult(parts, sources) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError)) throw error;
    await askTheRest([]);
    const result = failWith(error.message.replace(/^clusters: /, ''));
    return { result, endpoints: [], incomplete: [], notices: [] };
  }
}

/** Ids and names that do not exist: the filters of EC2 and ECS answer them with nothing, and that is enough. */
const NO_INSTANCE = 'i-00000000000000000';
const NO_VPC = 'vpc-00000000000000000';
const NO_HOST = 'ecs-dns-doctor.invalid';
const NO_SERVICE = 'ecs-dns-doctor';

const ONE = { PageSize: 1 };

/**
 * Makes every call to Elastic Load Balancing once, of both generations. A run asks by name; this asks for any one,
 * which is the same to IAM, and is no error where there is none.
 */
async function sampleBalancers(
  { clients, record }: Pick<Sources, 'clients' | 'record'>,
  outer: AbortSignal,
): Promise<void> {
  const [{ elbv2, elb }, v2, classic] = await Promise.all([
    clients.loadBalancing(),
    import('@aws-sdk/client-elastic-load-balancing-v2'),
    import('@aws-sdk/client-elastic-load-balancing'),
  ]);
  const ask = (operation: string, send: (options: ReturnType<typeof sendOptions>) => Promise<unknown>) =>
    record.observe(`elasticloadbalancing:${operation}`, outer, (signal) => send(sendOptions(signal)));
  await Promise.allSettled([
    ask('DescribeTargetGroups', (options) => elbv2.send(new v2.DescribeTargetGroupsCommand(ONE), options)),
    ask('DescribeLoadBalancers', (options) => elbv2.send(new v2.DescribeLoadBalancersCommand(ONE), options)),
    ask('DescribeLoadBalancers', (options) =>
      elb.send(new classic.DescribeLoadBalancersCommand(ONE), options),
    ),
  ]);
}

const LIST_SERVICES = 'servicediscovery:ListServices';

/** Asks what was not asked: a run asks nothing of Cloud Map where no service of ECS has a registry. */
async function askCloudMap(api: CloudMapApi, { answersOf }: CallRecord, signal: AbortSignal): Promise<void> {
  await Promise.allSettled([
    answersOf('servicediscovery:ListNamespaces').calls > 0 || api.namespaces(undefined, signal),
    answersOf(LIST_SERVICES).calls > 0 || api.services(undefined, undefined, signal),
  ]);
}

/** Whether all registries were read that the sample has. */
export function judgeRegistries(incomplete: Inventory['incomplete']): Result {
  const unread = incomplete.find(({ operation }) => operation.startsWith('servicediscovery:'));
  if (unread === undefined) return ok('what the services of the sample register with could be read');
  const { scope, error } = unread;
  return fail(
    `${scope}: ${error}`,
    'as long as that is so, nothing is registered under the names of these registries',
  );
}

const TARGET_HEALTH = 'elasticloadbalancing:DescribeTargetHealth';

/** Asks for a target group that does not exist, which says whether the role may. */
async function sampleTargets(
  clusterArn: string | undefined,
  { clients, record, region }: Sources,
  outer: AbortSignal,
): Promise<void> {
  const [{ elbv2 }, { DescribeTargetHealthCommand }] = await Promise.all([
    clients.loadBalancing(),
    import('@aws-sdk/client-elastic-load-balancing-v2'),
  ]);
  const [, partition = 'aws', , , account = ''] = clusterArn?.split(':') ?? [];
  const group = `targetgroup/${NO_SERVICE}/${'0'.repeat(16)}`;
  const TargetGroupArn = `arn:${partition}:elasticloadbalancing:${region}:${account || '0'.repeat(12)}:${group}`;
  const command = new DescribeTargetHealthCommand({ TargetGroupArn });
  await record.observe(TARGET_HEALTH, outer, (signal) => elbv2.send(command, sendOptions(signal)));
}

const MAX_NAMED = 20;

function clustersResult(parts: readonly string[], { region, record }: Sources): Result {
  if (parts.length > 0) {
    const more = parts.length > MAX_NAMED ? `, and ${parts.length - MAX_NAMED} more` : '';
    return ok(`${parts.length}: ${parts.slice(0, MAX_NAMED).join(', ')}${more}`);
  }
  if (record.answersOf('ecs:ListClusters').errors.length > 0) return skip('the call that lists them fails');
  return fail(
    `ECS has no cluster in ${region}`,
    'check the region and the account: with nothing running, every stale removal is held back',
  );
}

function amount(tally: Tally | undefined, what: string): string {
  if (tally === undefined) return `unknown ${what}s`;
  const { count, hasMore } = tally;
  return `${hasMore ? 'more than ' : ''}${count} ${what}${count === 1 ? '' : 's'}`;
}
