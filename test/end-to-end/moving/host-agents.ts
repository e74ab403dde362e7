import type { RecordSet } from '../../../src/model/record-set.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { Machine } from '../../../src/sandbox/world/machine.ts';
import { type KnownContainer, startAgent } from '../../outages/old-agents.ts';
import type { openPredecessor } from './predecessor.ts';

type Opened = Awaited<ReturnType<typeof openPredecessor>>;

/** The names of the fleet, and of the hosts at which it runs. */
export const NAMES = ['_orders._tcp', '_users._tcp', '_invoices._tcp'].map((name) => ({ name, type: 'SRV' }));

export const STOP_AGENT = `aws ssm send-command --document-name AWS-RunShellScript --instance-ids i-0123456789abcdef0 --parameters 'commands=["systemctl stop ecssd_agent"]'`;
export const START_AGENT = STOP_AGENT.replace('stop', 'start');

/** What an agent 1.4–1.6 does on each host when it is started: it registers what runs, and takes out what it does not know. */
export function startAgents14({ world, zone, running }: Opened): void {
  for (const { privateDnsName, address, containerInstance } of world.machines.values()) {
    const here = running().filter(
      (one) => one.containerInstanceArn === containerInstance?.containerInstanceArn,
    );
    startAgent(
      zone,
      privateDnsName,
      address,
      here.map((task) => known(world, task)),
    );
  }
}

/** One before 1.4 has a set by the Docker id alone for each container of its host, and takes out those of its own that ended. */
export function runAgent10(
  { world, zone, running }: Opened,
  { containerInstance, privateDnsName }: Machine,
): void {
  const wanted = running()
    .filter((task) => task.containerInstanceArn === containerInstance?.containerInstanceArn)
    .map((task) => recordOf10(known(world, task), privateDnsName, zone.name));
  for (const set of wanted) zone.put(set);
  const ids = new Set(wanted.map(({ SetIdentifier }) => SetIdentifier));
  const isOwn = ({ SetIdentifier = '', ResourceRecords = [] }: RecordSet) =>
    /^[0-9a-f]{64}$/.test(SetIdentifier) && ResourceRecords[0]?.Value.endsWith(` ${privateDnsName}`) === true;
  for (const set of zone.list().filter(isOwn)) if (!ids.has(set.SetIdentifier)) zone.delete(set);
}

function recordOf10({ containerId, name, port }: KnownContainer, host: string, zoneName: string): RecordSet {
  const ResourceRecords = [{ Value: `1 1 ${port} ${host}` }];
  return {
    Name: `${name}.${zoneName}`,
    Type: 'SRV',
    SetIdentifier: containerId,
    Weight: 1,
    TTL: 0,
    ResourceRecords,
  };
}

function known(world: Opened['world'], task: Task): KnownContainer {
  const [endpoint] = endpointsOf(world, [task]);
  const containerId = task.containers[0]?.runtimeId ?? '';
  return { containerId, name: `_${task.group.replace('service:', '')}._tcp`, port: endpoint?.port ?? 0 };
}
