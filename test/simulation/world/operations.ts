import type { Random } from '../random.ts';
import { isAlive, isRunning, isUp, type SimHost, type SimTask } from './entities.ts';
import { behave, start, stop } from './lifecycle.ts';
import { tellDeployment, tellHost } from './told-events.ts';
import type { World } from './world.ts';

/** How often a deployment looks for its new task to be healthy before it goes on without it. */
const MAX_LOOKS = 12;

/** A rolling deployment: all new tasks first (100 to 200 %), or half of the old ones go first (50 to 100 %). */
export function deploy(world: World, random: Random): void {
  deployService(random.int(world.history.setup.services.length), world, random);
}

export function deployService(serviceIndex: number, world: World, random: Random): void {
  const old = world.tasks.filter(
    (task) => task.serviceIndex === serviceIndex && isRunning(task, world.now) && !isStopping(task),
  );
  const first = random.chance(0.5) ? 0 : Math.ceil(old.length / 2);
  world.trace?.(`service ${serviceIndex} is deployed, ${first} of ${old.length} tasks go first`);
  world.cloudMap?.deploy(serviceIndex);
  tellDeployment(serviceIndex, world);
  for (const task of old.slice(0, first)) stop(task, world, random);
  for (const [index, task] of old.entries()) {
    // The one that goes first leaves its place to its successor.
    const delay = index < first ? random.between(5_000, 45_000) : 0;
    world.scheduler.after(delay, () => {
      const successor = start(world, random, serviceIndex);
      if (index >= first) stopOnceReplaced(task, successor, world, random);
    });
  }
}

/** A machine takes no more tasks; each of its own goes once another one can take its place. */
export function drain(host: SimHost, world: World, random: Random): void {
  if (host.drainingAt !== undefined) return;
  host.drainingAt = world.now;
  world.trace?.(`${host.instanceId} is drained`);
  tellHost(host, world);
  for (const task of world.tasks.filter((one) => one.host === host && isRunning(one, world.now))) {
    task.turns.push(world.now);
    // What no service has started is left running.
    if (random.chance(0.2)) continue;
    stopOnceReplaced(task, start(world, random, task.serviceIndex), world, random);
  }
}

/** A machine that was drained takes tasks again. */
export function undrain(world: World, random: Random): void {
  const drained = world.hosts.filter((host) => isAlive(host) && host.drainingAt !== undefined);
  if (drained.length === 0) return;
  const host = random.pick(drained);
  delete host.drainingAt;
  host.activeAgainAt = world.now;
  world.trace?.(`${host.instanceId} is active again`);
  for (const task of world.tasks.filter((one) => one.host === host)) task.turns.push(world.now);
}

/** A task loses its health and finds it again, some times in a row. */
export function flap(task: SimTask, world: World, random: Random): void {
  let at = 0;
  for (let count = random.between(1, 4); count > 0; count--) {
    const behaviour = random.pick(['status', 'refuse', 'hang'] as const);
    world.scheduler.after(at, () => behave(task, behaviour, world));
    at += random.between(2_000, 240_000);
    world.scheduler.after(at, () => behave(task, 'ok', world));
    at += random.between(2_000, 240_000);
  }
}

function stopOnceReplaced(
  task: SimTask,
  successor: SimTask | undefined,
  world: World,
  random: Random,
  looks = 0,
): void {
  // ECS calls a new task healthy some time after it has begun to answer, and then takes its time.
  const isReplaced = successor !== undefined && isUp(successor, world.now);
  if (isReplaced || looks === MAX_LOOKS) {
    world.scheduler.after(random.between(1_000, 60_000), () => stop(task, world, random));
    return;
  }
  const wait = random.between(10_000, 40_000);
  world.scheduler.after(wait, () => stopOnceReplaced(task, successor, world, random, looks + 1));
}

function isStopping({ stopDesiredAt }: SimTask): boolean {
  return stopDesiredAt !== undefined;
}
