import type { HostedZone } from '@aws-sdk/client-route-53';
import { RunError } from '../model/run-error.ts';
import type { Route53Api } from '../route53/route53-api.ts';
import { EC2_FILTER_SIZE, type Ec2Api } from '../sources/ecs/ec2-api.ts';
import type { EcsApi } from '../sources/ecs/ecs-api.ts';
import type { Page } from '../sources/ecs/read-pages.ts';
import type { CallRecord } from './call-record.ts';

/** How many tasks of a cluster are looked at closely. */
const SAMPLE_SIZE = 10;

/** What the first page of a listing held of a cluster, and whether there is more. */
export interface Tally {
  readonly count: number;
  readonly hasMore: boolean;
}

/** What was seen of each cluster, by its name, which is unique in one region and account. */
export interface ClusterTallies {
  readonly tasks: Map<string, Tally>;
  readonly instances: Map<string, Tally>;
}

/** ECS with every call on record, its listings cut to their first page, and to a few tasks of it. */
export function sampledEcs(api: EcsApi, { observe }: CallRecord, tallies: ClusterTallies): EcsApi {
  return {
    listClusters: (token, outer) =>
      observe('ecs:ListClusters', outer, (signal) => api.listClusters(token, signal)),
    listTasks: (cluster, _token, outer) =>
      observe('ecs:ListTasks', outer, async (signal) => {
        const page = await api.listTasks(cluster, undefined, signal);
        tallies.tasks.set(nameOf(cluster), tallyOf(page));
        return { items: page.items.slice(0, SAMPLE_SIZE), nextToken: undefined };
      }),
    listContainerInstances: (cluster, _token, outer) =>
      observe('ecs:ListContainerInstances', outer, async (signal) => {
        const page = await api.listContainerInstances(cluster, undefined, signal);
        tallies.instances.set(nameOf(cluster), tallyOf(page));
        return { items: page.items, nextToken: undefined };
      }),
    listServices: (cluster, _token, outer) =>
      observe('ecs:ListServices', outer, (signal) => firstPage(api.listServices(cluster, undefined, signal))),
    describeTasks: (cluster, arns, outer) =>
      observe('ecs:DescribeTasks', outer, (signal) => api.describeTasks(cluster, arns, signal)),
    describeContainerInstances: (cluster, arns, outer) =>
      observe('ecs:DescribeContainerInstances', outer, (signal) =>
        api.describeContainerInstances(cluster, arns, signal),
      ),
    describeServices: (cluster, names, outer) =>
      observe('ecs:DescribeServices', outer, (signal) => api.describeServices(cluster, names, signal)),
    describeTaskDefinition: (arn, outer) =>
      observe('ecs:DescribeTaskDefinition', outer, (signal) => api.describeTaskDefinition(arn, signal)),
  };
}

function nameOf(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}

function tallyOf({ items, nextToken }: Page<unknown>): Tally {
  return { count: items.length, hasMore: nextToken !== undefined && nextToken !== '' };
}

/** EC2 with every call on record; the filter it is given at once is never longer than one call takes. */
export function sampledEc2(api: Ec2Api, { observe }: CallRecord): Ec2Api {
  return {
    describeInstances: (filter, values, _token, outer) =>
      observe('ec2:DescribeInstances', outer, (signal) =>
        firstPage(api.describeInstances(filter, values.slice(0, EC2_FILTER_SIZE), undefined, signal)),
      ),
    interfacesBy: (filter, addresses, _token, outer) =>
      observe('ec2:DescribeNetworkInterfaces', outer, (signal) =>
        firstPage(api.interfacesBy(filter, addresses.slice(0, EC2_FILTER_SIZE), undefined, signal)),
      ),
    interfaceNames: (names, _token, outer) =>
      observe('ec2:DescribeNetworkInterfaces', outer, (signal) =>
        firstPage(api.interfaceNames(names.slice(0, EC2_FILTER_SIZE), undefined, signal)),
      ),
  };
}

async function firstPage<T>(page: Promise<Page<T>>): Promise<Page<T>> {
  return { ...(await page), nextToken: undefined };
}

/** Route 53 with every call on record; `saw` is told of every zone, and nothing is ever changed. */
export function sampledRoute53(
  api: Route53Api,
  { observe }: CallRecord,
  saw: (zone: HostedZone) => void,
): Route53Api {
  return {
    getZone: (id, outer) =>
      observe('route53:GetHostedZone', outer, async (signal) => {
        const zone = await api.getZone(id, signal);
        saw(zone);
        return zone;
      }),
    listZonesFrom: (name, id, outer) =>
      observe('route53:ListHostedZonesByName', outer, async (signal) => {
        const page = await api.listZonesFrom(name, id, signal);
        for (const zone of page.zones) saw(zone);
        return page;
      }),
    listRecordSets: (zoneId, from, outer) =>
      observe('route53:ListResourceRecordSets', outer, (signal) => api.listRecordSets(zoneId, from, signal)),
    changeRecordSets: () => Promise.reject(new RunError('usage', 'doctor: an examination changes nothing')),
  };
}
