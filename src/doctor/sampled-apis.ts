import type { HostedZone } from '@aws-sdk/client-route-53';
import { RunError } from '../model/run-error.ts';
import type { Route53Api } from '../route53/route53-api.ts';
import type { CloudMapApi } from '../sources/ecs/cloud-map-api.ts';
import { EC2_FILTER_SIZE, type Ec2Api } from '../sources/ecs/ec2-api.ts';
import type { EcsApi } from '../sources/ecs/ecs-api.ts';
import type { Page } from '../sources/ecs/read-pages.ts';
import type { CallRecord } from './call-record.ts';

const TASKS_PER_CLUSTER = 10;

type Signal = AbortSignal | undefined;

/** Puts the calls of one operation on record; their last argument is the signal. */
function recorded<A extends readonly unknown[], T>(
  record: CallRecord,
  operation: string,
  call: (...args: [...A, Signal]) => Promise<T>,
): (...args: [...A, Signal]) => Promise<T> {
  return (...args) =>
    record.observe(operation, args.at(-1) as Signal, (signal) =>
      call(...(args.slice(0, -1) as [...A]), signal),
    );
}

async function firstPage<T>(page: Promise<Page<T>>): Promise<Page<T>> {
  return { ...(await page), nextToken: undefined };
}

/** What the first page of a listing held of a cluster, and whether there is more. */
export interface Tally {
  readonly count: number;
  readonly hasMore: boolean;
}

/** What was seen of each cluster, by its name, which is unique in one region and account. */
export type Tallies = Map<string, Tally>;

/** ECS with every call on record, its listings cut to their first page, and to a few tasks of it. */
export function sampledEcs(api: EcsApi, record: CallRecord, tasks: Tallies, instances: Tallies): EcsApi {
  const tallied =
    (tallies: Tallies, list: EcsApi['listServices'], size?: number): typeof list =>
    async (cluster, token, signal) => {
      const { items, nextToken } = await list(cluster, token, signal);
      const hasMore = nextToken !== undefined && nextToken !== '';
      tallies.set(cluster.slice(cluster.lastIndexOf('/') + 1), { count: items.length, hasMore });
      return { items: items.slice(0, size), nextToken: undefined };
    };
  const listInstances = tallied(instances, (...args) => api.listContainerInstances(...args));
  const listTasks = tallied(tasks, (...args) => api.listTasks(...args), TASKS_PER_CLUSTER);
  return {
    listClusters: recorded(record, 'ecs:ListClusters', (...args) => api.listClusters(...args)),
    listTasks: recorded(record, 'ecs:ListTasks', listTasks),
    listContainerInstances: recorded(record, 'ecs:ListContainerInstances', listInstances),
    listServices: recorded(record, 'ecs:ListServices', (...args) => firstPage(api.listServices(...args))),
    describeTasks: recorded(record, 'ecs:DescribeTasks', (...args) => api.describeTasks(...args)),
    describeContainerInstances: recorded(record, 'ecs:DescribeContainerInstances', (...args) =>
      api.describeContainerInstances(...args),
    ),
    describeServices: recorded(record, 'ecs:DescribeServices', (...args) => api.describeServices(...args)),
    describeTaskDefinition: recorded(record, 'ecs:DescribeTaskDefinition', (...args) =>
      api.describeTaskDefinition(...args),
    ),
  };
}

/** EC2 with every call on record; the filter it is given at once is never longer than one call takes. */
export function sampledEc2(api: Ec2Api, record: CallRecord): Ec2Api {
  const few = (values: readonly string[]) => values.slice(0, EC2_FILTER_SIZE);
  return {
    describeInstances: recorded(record, 'ec2:DescribeInstances', (filter, values, ...rest) =>
      firstPage(api.describeInstances(filter, few(values), ...rest)),
    ),
    interfacesBy: recorded(record, 'ec2:DescribeNetworkInterfaces', (filter, values, ...rest) =>
      firstPage(api.interfacesBy(filter, few(values), ...rest)),
    ),
    describeVpcs: recorded(record, 'ec2:DescribeVpcs', (filter, values, ...rest) =>
      firstPage(api.describeVpcs(filter, few(values), ...rest)),
    ),
    interfaceNames: recorded(record, 'ec2:DescribeNetworkInterfaces', (names, ...rest) =>
      firstPage(api.interfaceNames(few(names), ...rest)),
    ),
  };
}

/** Cloud Map with every call on record; its listings are read whole, because what they lack counts as deleted. */
export function recordedCloudMap(api: CloudMapApi, record: CallRecord): CloudMapApi {
  return {
    namespaces: recorded(record, 'servicediscovery:ListNamespaces', (...args) => api.namespaces(...args)),
    services: recorded(record, 'servicediscovery:ListServices', (...args) => api.services(...args)),
  };
}

/** Route 53 with every call on record; `saw` is told of every zone, and nothing is ever changed. */
export function sampledRoute53(
  api: Route53Api,
  record: CallRecord,
  saw: (zone: HostedZone) => void,
): Route53Api {
  return {
    getZone: recorded(record, 'route53:GetHostedZone', async (...args) => {
      const zone = await api.getZone(...args);
      saw(zone);
      return zone;
    }),
    listZonesFrom: recorded(record, 'route53:ListHostedZonesByName', async (...args) => {
      const page = await api.listZonesFrom(...args);
      for (const zone of page.zones) saw(zone);
      return page;
    }),
    listRecordSets: recorded(record, 'route53:ListResourceRecordSets', (...args) =>
      api.listRecordSets(...args),
    ),
    listProtections: recorded(record, 'route53:ListResourceRecordSetProtections', (...args) =>
      api.listProtections(...args),
    ),
    changeRecordSets: () => Promise.reject(new RunError('usage', 'doctor: an examination changes nothing')),
    getChange: recorded(record, 'route53:GetChange', (...args) => api.getChange(...args)),
  };
}
