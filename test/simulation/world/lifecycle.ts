import { MINUTE } from '../history.ts';
import type { Random } from '../random.ts';
import { REGION } from './account.ts';
import { deregister, register } from './agents.ts';
import type { Behaviour, SimTask } from './entities.ts';
import { deregisterInstance, registerInstance } from './instances.ts';
import { namesOf } from './task-names.ts';
import { tellTask } from './told-events.ts';
import { hex, nameTask, type World } from './world.ts';

const REASONABLE_START_MS = 20_000;

/** Starts a task of the wanted service, or of any; `undefined` where there is no room for it. */
export function start(world: World, random: Random, wanted?: number): SimTask | undefined {
  const { services } = world.history.setup;
  const serviceIndex = wanted ?? random.int(services.length);
  const service = services[serviceIndex];
  const place = service === undefined ? undefined : world.placeFor(service, random);
  if (service === undefined || place === undefined) return undefined;
  const { now } = world;
  const id = hex(world.unique(), 32);
  const startedAt = now + random.between(1_000, REASONABLE_START_MS);
  const runningAt = startedAt + random.between(0, 5_000);
  const ownCluster = service.mode === 'fargate' ? world.clusters[service.cluster] : place.host?.cluster;
  const cluster = service.of === undefined ? ownCluster : undefined;
  const task: SimTask = {
    ...place,
    arn: `arn:aws:ecs:${REGION}:123456789012:task/${cluster}/${id}`,
    containerId: service.mode === 'fargate' ? `${id}-${random.int(1_000_000)}` : hex(world.unique(), 64),
    service,
    serviceIndex,
    cluster,
    ...namesOf(serviceIndex, world),
    createdAt: now,
    startedAt,
    runningAt,
    reportedAt: runningAt + random.between(0, 10_000),
    readyAt: startedAt + (random.chance(0.8) ? random.between(0, 20_000) : random.between(0, 90_000)),
    behaviour: 'ok',
    upBefore: [],
    turns: [],
  };
  world.add(task);
  world.scheduler.at(runningAt, () => registerInstance(task, world));
  if (random.chance(0.04)) return task;
  // On its time, late, and perhaps once more.
  const delay = random.chance(0.85) ? random.between(0, 5_000) : random.between(5_000, 4 * MINUTE);
  world.scheduler.at(startedAt + delay, () => register(task, world));
  if (random.chance(0.1)) world.scheduler.at(startedAt + delay + 2 * MINUTE, () => register(task, world));
  return task;
}

/** ECS asks for the end; the process may take its time. */
export function stop(task: SimTask, world: World, random: Random): void {
  if (task.stopDesiredAt !== undefined) return;
  task.stopDesiredAt = world.now;
  deregisterInstance(task, world);
  world.trace?.(`ECS stops ${nameTask(task)}`);
  world.refresh(task);
  tellTask(task, world);
  world.scheduler.after(random.between(0, 30_000), () => exit(task, world, random, 10_000));
}

/** The process ends; ECS learns of it within `noticeMs`, the agent does its part or does not. */
export function exit(task: SimTask, world: World, random: Random, noticeMs: number): void {
  if (task.exitedAt !== undefined) return;
  task.exitedAt = world.now;
  world.trace?.(`${nameTask(task)} has ended`);
  world.refresh(task);
  world.scheduler.after(random.between(0, noticeMs), () => forget(task, world, random));
  if (random.chance(0.4)) {
    const delay = random.chance(0.8) ? random.between(0, 5_000) : random.between(5_000, 6 * MINUTE);
    world.scheduler.after(delay, () => deregister(task, world));
  }
}

/** ECS knows that a task has stopped. */
export function forget(task: SimTask, world: World, random: Random): void {
  if (task.stoppedAt !== undefined) return;
  task.stopDesiredAt ??= world.now;
  task.stoppedAt = world.now;
  deregisterInstance(task, world);
  task.turns.push(world.now);
  world.trace?.(`ECS calls ${nameTask(task)} STOPPED`);
  tellTask(task, world);
  task.forgottenAt = world.now + random.between(3, 20) * MINUTE;
}

/** From now on a task answers so. */
export function behave(task: SimTask, behaviour: Behaviour, world: World): void {
  if (task.behaviour === behaviour) return;
  task.behaviour = behaviour;
  world.trace?.(`${nameTask(task)} is ${behaviour}`);
  world.refresh(task);
}
