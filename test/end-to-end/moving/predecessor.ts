import { ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { onTestFinished } from 'vitest';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { feedTaskEvents } from '../../../src/sandbox/events/task-events.ts';
import { type Predecessor, predecessorFleet } from '../../../src/sandbox/fleet/predecessors.ts';
import { scheduleTasks } from '../../../src/sandbox/fleet/task-scheduler.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { Machine } from '../../../src/sandbox/world/machine.ts';
import { accessTo } from '../../aws/support.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { virtualTime } from '../../watch/virtual-time.ts';
import { listen, serve } from '../support.ts';
import { dnsClient, type NameOfFleet } from './dns-client.ts';

/** How long a task goes on after it was told to stop. */
const ENDING_MS = 3_000;

/** How long a task is on its way until it runs. */
const STARTING_MS = 2_000;

/** A system that is to be replaced, with containers that answer, a queue of events, and tasks that can be replaced. */
export async function openPredecessor(system: Predecessor, names: readonly NameOfFleet[] = []) {
  const fleet = predecessorFleet(system, { block: OWN_BLOCK });
  const { world, zone } = fleet;
  const queue = world.addQueue('ecs-events');
  feedTaskEvents(world, queue, { now: Date.now, lagMs: 0 });
  const client = dnsClient(world, zone.name, names);
  const looks: Promise<void>[] = [];
  const server = await serve(world, {
    // What clients see between two batches of one run, too.
    observe: ({ operation }) => {
      if (operation === 'route53:ChangeResourceRecordSets') looks.push(client.look());
    },
  });
  const containers = await listen(fleet);
  const clock = virtualTime({ start: Date.now() });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  scheduleTasks({ world, containers, clock, stop: stop.signal, observe: () => {} });
  const running = (): readonly Task[] =>
    [...world.clusters.values()]
      .flatMap((cluster) => [...cluster.tasks.values()])
      .filter(({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING');
  return {
    ...fleet,
    url: server.url,
    queueUrl: `${server.url}/${world.account}/${queue.name}`,
    running,
    /** Tells the queue of something that is not a task's. */
    tell: (event: object) => void queue.send(JSON.stringify(event), Date.now()),
    /** Asks for all names as they are now; what was seen after each change of the zone comes to light here, too. */
    look: async (): Promise<void> => {
      await Promise.all([...looks.splice(0), client.look()]);
    },
    expectAllLive: client.expectAllLive,
    aws: awsCommands(server.url),
    /** Tells all that runs on a machine to stop, and lets it end; other tasks take their places. */
    replaceAllOn: async ({ containerInstance }: Machine): Promise<void> => {
      for (const task of running())
        if (task.containerInstanceArn === containerInstance?.containerInstanceArn)
          world.tellToStop(task, 'replaced', clock.now() / 1000);
      await clock.advance(ENDING_MS);
    },
    /** Lets what was told to stop end, and what takes its place begin. */
    goOn: () => clock.advance(ENDING_MS),
    /** Lets what a service wants anew run; what it replaces is told to stop then. */
    begin: () => clock.advance(STARTING_MS),
  };
}

const LIST =
  /^TASK=\$\(aws ecs list-tasks --cluster (\S+) --service-name (\S+) --query 'taskArns\[0\]' --output text\)$/;
const STOP = /^aws ecs stop-task --cluster (\S+) --task "\$TASK"$/;

/** Does over the API of ECS what the AWS CLI would do for two commands of the pages. */
function awsCommands(endpoint: string) {
  const ecs = new ECSClient(accessTo(endpoint));
  onTestFinished(() => ecs.destroy());
  let task = '';
  return {
    /** The first task of a service, by its command. */
    listTasks: async (command: string): Promise<void> => {
      const [, cluster, serviceName] = LIST.exec(command) ?? [];
      const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
      task = taskArns?.[0] ?? '';
    },
    /** Tells the task that was listed to stop. */
    stopTask: async (command: string): Promise<void> => {
      const [, cluster] = STOP.exec(command) ?? [];
      await ecs.send(new StopTaskCommand({ cluster, task }));
    },
  };
}

/** What a resolver would get for the sets: names and values, each once. */
export function answers(sets: readonly RecordSet[]): readonly string[] {
  const all = sets.flatMap((set) => valuesOf(set).map((value) => `${set.Name} ${set.Type} ${value}`));
  return [...new Set(all)].toSorted();
}
