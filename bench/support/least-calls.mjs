// The fewest calls that AWS's page and batch sizes allow for a fleet, operation by operation, in a first
// run of a process that applies all it finds. Worked out from the world itself, not from what a run did.

const [LIST, DESCRIBE, EC2_FILTER, ZONE_PAGE, SERVICES] = [100, 100, 199, 300, 10];
const [MAX_RECORDS, MAX_CHARACTERS] = [1_000, 32_000];

const BY_NAME = new Set(['task-gone', 'superseded', 'port-reassigned', 'instance-gone']);

/** By `service:Operation`; what is not needed is left out. */
export function leastCalls({ world, zone, planted }, { health }) {
  const clusters = [...world.clusters.values()];
  const goes = planted.filter(({ expected }) => expected === 'stale' || (health && expected === 'unhealthy'));
  const again = confirmationReads(clusters, goes, world);
  const unknown = unknownHosts(goes).size;
  // Whether a network out of sight may have hosts of the same names is asked where anything is known by its name alone.
  const coverage = goes.some(({ reason }) => BY_NAME.has(reason)) ? 1 : 0;
  const calls = {
    'route53:ListHostedZonesByName': 1,
    'route53:ListResourceRecordSets': pages(zone.list().length, ZONE_PAGE),
    'route53:ChangeResourceRecordSets': leastBatches(goes),
    'ecs:ListClusters': pages(clusters.length, LIST),
    'ecs:ListTasks': sum(clusters, ({ tasks }) => pages(tasks.size, LIST)) + again.listings,
    'ecs:DescribeTasks': sum(clusters, ({ tasks }) => Math.ceil(tasks.size / DESCRIBE)),
    'ecs:ListContainerInstances': sum(clusters, (one) => pages(one.containerInstances.size, LIST)),
    'ecs:DescribeContainerInstances':
      sum(clusters, (one) => Math.ceil(one.containerInstances.size / DESCRIBE)) + again.descriptions,
    'ecs:DescribeTaskDefinition': usedDefinitions(clusters).size,
    'ecs:DescribeServices': health ? sum(clusters, (cluster) => failingServices(cluster, planted)) : 0,
    'ec2:DescribeInstances':
      Math.ceil(world.instances.size / EC2_FILTER) +
      Math.ceil(unknown / EC2_FILTER) +
      Math.ceil((unknown + again.hosts) / EC2_FILTER),
    // By address at first, and once more by name before they go.
    'ec2:DescribeNetworkInterfaces': 2 * Math.ceil(unknown / EC2_FILTER),
    'ec2:DescribeVpcs': coverage,
    'route53:GetHostedZone': coverage,
    'route53:ListResourceRecordSetProtections': goes.length > 0 ? 1 : 0,
  };
  return Object.fromEntries(Object.entries(calls).filter(([, count]) => count > 0));
}

/**
 * Before anything stale goes, its machine is described once more, by ECS and by its name, and its tasks are listed: those
 * that are to run host by host, or of the cluster where that is less; of those that stop as many pages as its entries
 * pay for.
 */
function confirmationReads(clusters, goes, { instances }) {
  const nameOf = ({ ec2InstanceId }) => instances.get(ec2InstanceId)?.privateDnsName;
  const entries = goes.filter(({ reason }) => reason === 'task-gone');
  const looks = clusters.map((cluster) => {
    const byName = new Map([...cluster.containerInstances.values()].map((one) => [nameOf(one), one]));
    const own = entries.filter((entry) => byName.has(hostOf(entry)));
    return { cluster, own, hosts: [...new Set(own.map(hostOf))].map((name) => byName.get(name)) };
  });
  const asked = looks.filter(({ own }) => own.length > 0);
  return {
    hosts: sum(asked, ({ hosts }) => hosts.length),
    descriptions: sum(asked, ({ hosts }) => Math.ceil(hosts.length / DESCRIBE)),
    listings: sum(asked, ({ cluster, own, hosts }) => {
      const allowed = Math.ceil(own.length / LIST);
      const stopping = hosts.length <= allowed ? hosts.length : 1;
      const running = sum(hosts, (host) => pages(tasksOn(cluster, host), LIST));
      return Math.min(running, pages(cluster.tasks.size, LIST)) + stopping;
    }),
  };
}

function tasksOn({ tasks }, { containerInstanceArn }) {
  return [...tasks.values()].filter((task) => task.containerInstanceArn === containerInstanceArn).length;
}

// A listing that has nothing to list is still asked once.
function pages(items, size) {
  return Math.max(1, Math.ceil(items / size));
}

function sum(items, countOf) {
  return items.reduce((total, item) => total + countOf(item), 0);
}

function usedDefinitions(clusters) {
  return new Set(clusters.flatMap(({ tasks }) => [...tasks.values()].map((task) => task.taskDefinitionArn)));
}

function unknownHosts(entries) {
  return new Set(entries.filter(({ reason }) => reason === 'instance-gone').map(hostOf));
}

/** One question for ten services of a cluster, of which something fails. */
function failingServices(cluster, planted) {
  const names = new Set();
  for (const { expected, name } of planted)
    if (expected === 'unhealthy') names.add(name.slice(1, name.indexOf('.')));
  const own = [...cluster.services.values()].filter(({ serviceName }) => names.has(serviceName));
  return Math.ceil(own.length / SERVICES);
}

/**
 * No batch can carry more than the limits, and a set travels whole. All values of a fleet are about as
 * long, so that no packing can do better than as many of the shortest as fit.
 */
function leastBatches(entries) {
  const sets = new Map();
  for (const { name, setIdentifier, value } of entries) {
    const key = `${name} ${setIdentifier}`;
    const set = sets.get(key) ?? { records: 0, characters: 0 };
    sets.set(key, { records: set.records + 1, characters: set.characters + value.length });
  }
  const all = [...sets.values()];
  const total = (key) => sum(all, (set) => set[key]);
  return Math.max(Math.ceil(total('records') / MAX_RECORDS), Math.ceil(total('characters') / MAX_CHARACTERS));
}

function hostOf({ value }) {
  return value.slice(value.lastIndexOf(' ') + 1);
}
