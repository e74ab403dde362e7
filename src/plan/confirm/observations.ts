import { taskKey } from '../../model/cluster.ts';
import type { ConfirmationReads } from '../../model/confirmation.ts';
import type { Container, Host, Inventory } from '../../model/inventory.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { containerOf } from '../match/match-kinds.ts';
import type { TaskRef } from '../match/task-index.ts';
import { knownTasks } from './objections.ts';
import { staleLocations } from './stale-locations.ts';

/** What the confirmation asked about for one entry, and what it was told. */
export interface Sighting {
  readonly asked: string;
  readonly seen: string;
}

/** Tells what was seen again for an entry; `inventory` has the tasks that the look found. */
export function sightingsOf(
  look: ConfirmationReads,
  inventory: Inventory,
): (judged: Judged) => readonly Sighting[] {
  const placesOf = staleLocations(inventory);
  const known = knownTasks(inventory);
  const found = new Set(look.containers);
  return (judged) => {
    const container = containerOf(judged.match);
    const task = container !== undefined && found.has(container) ? [taskSighting(container)] : [];
    if (judged.judgement.verdict !== 'stale') return task;
    const { hosts, names, tasks, addresses } = placesOf(judged);
    return [
      ...task,
      ...hosts.flatMap((host) => [
        ...instanceSighting(host, look),
        ...machineSighting(host, known.get(host.containerInstance)?.size ?? 0, look),
      ]),
      ...names.map((name) => nameSighting(name, look)),
      ...tasks.map((one) => goneSighting(one, look)),
      ...addresses.map((address) => addressSighting(address, look)),
    ];
  };
}

function taskSighting({ taskArn, phase, host }: Container): Sighting {
  return {
    asked: host === undefined ? 'ECS for its task' : 'ECS for the tasks of its host',
    seen: `${taskArn} is ${phase}, which the first listing lacked`,
  };
}

function instanceSighting(
  { state, instanceId }: Host,
  { instances, unasked }: ConfirmationReads,
): readonly Sighting[] {
  if (state !== 'gone' && state !== 'unreachable') return [];
  const absent = unread(instanceId, unasked) ?? 'it does not exist, or has ended';
  return [{ asked: `EC2 for ${instanceId}`, seen: instances.has(instanceId) ? 'it exists' : absent }];
}

function machineSighting(
  { state, instanceId, containerInstance, taskCount }: Host,
  known: number,
  { machines, unasked }: ConfirmationReads,
): readonly Sighting[] {
  if (state === 'gone') return [];
  const asked = `ECS for ${instanceId}`;
  const machine = machines.get(containerInstance);
  if (machine === undefined) {
    return [{ asked, seen: unread(containerInstance, unasked) ?? 'it is no longer registered' }];
  }
  const agent = machine.agentConnected ? 'its agent is connected' : 'its agent is not connected';
  const before = taskCount === undefined || taskCount === machine.tasks ? '' : ` (${taskCount} at first)`;
  const tasks =
    machine.tasks === undefined
      ? 'does not say how many tasks it has'
      : `counts ${machine.tasks} tasks${before}`;
  const again = machine.isListed ? ', listed once more' : '';
  return [{ asked, seen: `${agent}; ECS ${tasks}, and ${known} are known${again}` }];
}

function nameSighting(name: string, { named }: ConfirmationReads): Sighting {
  const asked = `EC2 for the name ${name}`;
  const [failed] = named.incomplete;
  const sighted = named.instances.get(name) ?? [];
  if (sighted.length > 0) return { asked, seen: sighted.map(({ instanceId }) => instanceId).join(', ') };
  if (named.existing.has(name)) return { asked, seen: 'a network interface has it' };
  return {
    asked,
    seen: failed ? `could not be asked: ${failed.operation} ${failed.error}` : 'nothing has it',
  };
}

function goneSighting({ cluster, taskId }: TaskRef, { tasks, unasked }: ConfirmationReads): Sighting {
  const key = taskKey(cluster, taskId);
  const seen = { ended: 'it does not exist, or has ended', there: 'it is still there' };
  const state = tasks.get(key);
  return {
    asked: `ECS for the task ${taskId}`,
    seen: state === undefined ? (unread(key, unasked) ?? NOT_ASKED) : seen[state],
  };
}

const NOT_ASKED = 'it was not asked';

function addressSighting(address: string, { addresses, unasked }: ConfirmationReads): Sighting {
  const asked = `EC2 for the address ${address}`;
  const sighted = addresses.get(address);
  if (sighted === undefined) return { asked, seen: unread(address, unasked) ?? NOT_ASKED };
  return { asked, seen: sighted.length === 0 ? 'nobody has it' : sighted.map(({ id }) => id).join(', ') };
}

function unread(subject: string, unasked: ConfirmationReads['unasked']): string | undefined {
  const scope = unasked.get(subject);
  return scope && `could not be asked: ${scope.operation} ${scope.error}`;
}
