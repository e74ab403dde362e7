// The job done the way it is commonly done: one thing after the other. The zone is listed, then every cluster,
// then the instances; each record's container is asked for /health, up to three times with two seconds each,
// before the next one is; and each record that has to go goes in a call of its own. Unlike what people run it
// reads every page of every cluster, because on these fleets it would remove the wrong records otherwise.
import { get } from 'node:http';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';

const [TRIES, TIMEOUT_MS] = [3, 2_000];

/** Cleans the zone and returns how many record sets it removed. */
export async function cleanSequentially(access, zoneName) {
  const [ecs, ec2, route53] = [new ECSClient(access), new EC2Client(access), new Route53Client(access)];
  const zoneId = await findZone(route53, zoneName);
  const recordSets = await listRecordSets(route53, zoneId);
  const running = await listEndpoints(ecs, ec2);
  let removed = 0;
  for (const set of recordSets) {
    if (set.Type !== 'SRV') continue;
    if (await isGood(set, running)) continue;
    await remove(route53, zoneId, set);
    removed += 1;
  }
  for (const client of [ecs, ec2, route53]) client.destroy();
  return removed;
}

async function findZone(route53, name) {
  const { HostedZones } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: name }));
  return HostedZones[0].Id.replace('/hostedzone/', '');
}

async function listRecordSets(route53, HostedZoneId) {
  const sets = [];
  let cursor = {};
  while (cursor !== undefined) {
    const page = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...cursor }));
    sets.push(...page.ResourceRecordSets);
    cursor = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined;
  }
  return sets;
}

/** Address by `host:port` of every port of every running task. */
async function listEndpoints(ecs, ec2) {
  const endpoints = new Map();
  for (const cluster of await listAll(ecs, ListClustersCommand, 'clusterArns', {})) {
    const hosts = await listHosts(ecs, ec2, cluster);
    for (const tasks of slices(await listAll(ecs, ListTasksCommand, 'taskArns', { cluster }))) {
      const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
      for (const task of described.tasks) addEndpoints(endpoints, task, hosts.get(task.containerInstanceArn));
    }
  }
  return endpoints;
}

async function listHosts(ecs, ec2, cluster) {
  const hosts = new Map();
  const arns = await listAll(ecs, ListContainerInstancesCommand, 'containerInstanceArns', { cluster });
  for (const containerInstances of slices(arns)) {
    const command = new DescribeContainerInstancesCommand({ cluster, containerInstances });
    const described = (await ecs.send(command)).containerInstances;
    const InstanceIds = described.map(({ ec2InstanceId }) => ec2InstanceId);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const instances = new Map(
      Reservations.flatMap(({ Instances }) => Instances).map((one) => [one.InstanceId, one]),
    );
    for (const { containerInstanceArn, ec2InstanceId } of described)
      hosts.set(containerInstanceArn, instances.get(ec2InstanceId));
  }
  return hosts;
}

function addEndpoints(endpoints, task, host) {
  const details = task.attachments?.find(({ type }) => type === 'ElasticNetworkInterface')?.details;
  if (details !== undefined) {
    const detail = (name) => details.find((one) => one.name === name)?.value;
    endpoints.set(detail('privateDnsName'), detail('privateIPv4Address'));
    return;
  }
  for (const { networkBindings } of task.containers)
    for (const { hostPort } of networkBindings)
      endpoints.set(`${host.PrivateDnsName}:${hostPort}`, host.PrivateIpAddress);
}

async function listAll(client, Command, field, input) {
  const items = [];
  let nextToken;
  do {
    const page = await client.send(new Command({ ...input, nextToken }));
    items.push(...page[field]);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return items;
}

/** One bad value makes the whole set bad. */
async function isGood({ ResourceRecords }, running) {
  for (const { Value } of ResourceRecords) {
    const [, , port, host] = Value.split(' ');
    const address = running.get(`${host}:${port}`) ?? running.get(host);
    if (address === undefined || !(await isHealthy(address, port))) return false;
  }
  return true;
}

async function isHealthy(address, port) {
  for (let attempt = 0; attempt < TRIES; attempt++) if ((await status(address, port)) === 200) return true;
  return false;
}

function status(host, port) {
  return new Promise((resolve) => {
    const asked = get({ host, port, path: '/health', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    asked.setTimeout(TIMEOUT_MS, () => asked.destroy());
    asked.once('error', () => resolve(0));
    asked.once('close', () => resolve(0));
  });
}

async function remove(route53, HostedZoneId, ResourceRecordSet) {
  const Changes = [{ Action: 'DELETE', ResourceRecordSet }];
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
}

function slices(items) {
  return Array.from({ length: Math.ceil(items.length / 100) }, (_, i) => items.slice(i * 100, (i + 1) * 100));
}
