import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { stringsOf } from '../wire/json.ts';
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { STATE_CODES } from './describe-instances.ts';

/** Begins to shut instances down: all of them, or none where one is not there. */
export const terminateInstances: Operation = ({ world }, input) => {
  const ids = stringsOf(input['InstanceIds'] ?? []);
  if (ids.length === 0)
    throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
  const machines = ids.map((id) => requiredMachine(world, id));
  return { TerminatingInstances: machines.map((machine) => terminate(world, machine)) };
};

function requiredMachine(world: World, id: string): Machine {
  if (!/^i-[0-9a-f]{8,17}$/.test(id))
    throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
  const machine = world.machines.get(id);
  if (machine?.ec2 === undefined)
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  return machine;
}

function terminate(world: World, machine: Machine): Json {
  const before = machine.ec2?.state ?? 'terminated';
  world.tellToTerminate(machine);
  const after = machine.ec2?.state ?? 'terminated';
  return {
    InstanceId: machine.instanceId,
    PreviousState: { Code: STATE_CODES[before], Name: before },
    CurrentState: { Code: STATE_CODES[after], Name: after },
  };
}
